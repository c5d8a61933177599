/// Every coefficient of agreement, in the order of `--coefficients all`. A test compares this list with the folder.
public enum CoefficientRegistry {
  public static let all: [AgreementCoefficient] = [
    .percent,
    .gwet,
    .alpha,
    .fleiss,
    .conger,
    .brennanPrediger,
    .bangdiwala,
    .iccAgreement,
    .iccAgreementMean,
    .iccConsistency,
    .iccConsistencyMean,
    .iccOneWay,
    .iccOneWayMean,
    .kendall,
    .spearman,
    .finn,
    .rwg,
    .light,
  ]

  public static func coefficient(_ id: String) -> AgreementCoefficient? { all.first { $0.id == id } }

  /// Those that are shown when none are asked for.
  static func usual(for scale: AgreementOptions.Scale) -> [AgreementCoefficient] {
    switch scale {
    case .nominal: [.alpha, .gwet, .fleiss, .conger, .brennanPrediger, .percent]
    case .ordinal: [.alpha, .gwet, .conger, .fleiss, .brennanPrediger, .iccAgreement, .iccAgreementMean, .kendall, .spearman]
    case .interval, .ratio:
      [
        .iccAgreement, .iccAgreementMean, .iccConsistency, .iccConsistencyMean, .iccOneWay, .iccOneWayMean, .alpha, .kendall, .spearman,
        .finn, .rwg,
      ]
    case .circular: [.alpha, .gwet, .percent]
    }
  }
}
