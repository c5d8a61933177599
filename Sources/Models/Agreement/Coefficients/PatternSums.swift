/// The sums over units that the coefficients blind to who rated are functions of; they add up, so units can be left out or weighted.
///
/// For unit i with r_ik ratings in category k, r_i in all and B_i = Σ_kl w_kl r_ik r_il:
struct PatternSums {
  /// Units with a rating, and with two.
  var units = 0.0
  var pairable = 0.0
  /// Σ (B_i − r_i) / (r_i (r_i − 1)) over the pairable.
  var agreement = 0.0
  /// s'Ws and s's for s_k = Σ_i r_ik / r_i.
  var shareForm = 0.0
  var shareSquares = 0.0
  /// Over the pairable: Σ r_i, Σ (B_i − r_i) / (r_i − 1), and m'Wm for m_k = Σ_i r_ik.
  var values = 0.0
  var within = 0.0
  var marginForm = 0.0

  /// The coefficient that these sums give; NaN when it is not defined.
  func value(_ coefficient: ChanceCorrected, weights: AgreementWeights) -> Double {
    let (observed, expected) = parts(coefficient, weights: weights)
    return coefficient == .percentAgreement ? observed : (observed - expected) / (1 - expected)
  }

  func parts(_ coefficient: ChanceCorrected, weights: AgreementWeights) -> (observed: Double, expected: Double) {
    let q = Double(weights.order)
    let observed = agreement / pairable
    switch coefficient {
    case .percentAgreement: return (observed, 0)
    case .gwet: return (observed, weights.sum / (q * (q - 1)) * (1 - shareSquares / (units * units)))
    case .fleiss: return (observed, shareForm / (units * units))
    case .brennanPrediger: return (observed, weights.sum / (q * q))
    case .krippendorff:
      let correction = 1 / values
      return ((1 - correction) * within / values + correction, marginForm / (values * values))
    case .conger: preconditionFailure("Conger's kappa needs to know who rated")
    }
  }
}
