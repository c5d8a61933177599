/// The six intraclass correlations that differ in value, under the names of Shrout and Fleiss (1979) and of McGraw and Wong (1996).
///
/// McGraw and Wong list ten cases: the two-way forms occur twice, with raters random (case 2) and fixed (case 3), with the same value and
/// interval; what differs is to whom the statement extends. Fixed raters: read "these raters"; random ones: "raters like these".
public enum IntraclassForm: String, Sendable, CaseIterable {
  /// ICC(1,1) = ICC(1): every unit has raters of its own.
  case oneWaySingle = "ICC(1)"
  /// ICC(2,1) = ICC(A,1): severity counts against agreement.
  case agreementSingle = "ICC(A,1)"
  /// ICC(3,1) = ICC(C,1): severity does not count.
  case consistencySingle = "ICC(C,1)"
  /// ICC(1,k) = ICC(k); the same of the mean of k raters.
  case oneWayAverage = "ICC(k)"
  /// ICC(2,k) = ICC(A,k).
  case agreementAverage = "ICC(A,k)"
  /// ICC(3,k) = ICC(C,k) = Cronbach's α over raters.
  case consistencyAverage = "ICC(C,k)"

  /// Whether it is of the mean of the panel rather than of one rater.
  public var isAverage: Bool {
    switch self {
    case .oneWayAverage, .agreementAverage, .consistencyAverage: true
    case .oneWaySingle, .agreementSingle, .consistencySingle: false
    }
  }
}

/// Which limits ICC(A,k) gets. Programs differ: on Shrout and Fleiss' table psych and pingouin print [.071, .927], irr [.039, .929].
public enum AverageAgreementLimits: Sendable {
  /// Those of ICC(A,1), stepped up by Spearman and Brown: k ρ/(1 + (k − 1) ρ) (McGraw and Wong 1996, psych, pingouin, SPSS). Ours: value
  /// and limits then obey the same formula.
  case steppedUp
  /// irr's: the degrees of freedom are computed with ICC(A,k) where the formula has ICC(A,1).
  case irr
}
