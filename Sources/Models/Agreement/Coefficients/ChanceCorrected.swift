/// The coefficients of Gwet's handbook: (p_a − p_e) / (1 − p_e), by what each takes for chance.
public enum ChanceCorrected: String, Sendable, CaseIterable {
  /// p_a alone.
  case percentAgreement = "percent"
  /// Gwet's AC1; AC2 with weights.
  case gwet
  /// Fleiss' generalised kappa; Scott's π with two raters.
  case fleiss
  /// Conger's generalised kappa; Cohen's κ with two raters.
  case conger
  /// Brennan and Prediger's, with chance 1/q; also Bennett's S, Randolph's free-marginal kappa.
  case brennanPrediger = "brennan-prediger"
  /// Krippendorff's α for weights that do not depend on the data; see `KrippendorffAlpha` for its own metrics.
  case krippendorff
}

/// Agreement of any number of raters over categories, with weights and gaps.
///
/// With r_ik the ratings of unit i in category k, r_i = Σ r_ik, r*_ik = Σ_l w_kl r_il, n units, n₂ of them with two ratings or more,
/// π_k = (1/n) Σ_i r_ik / r_i:
///
///     p_a = (1/n₂) Σ_i Σ_k r_ik (r*_ik − 1) / (r_i (r_i − 1))
///     Gwet              p_e = (Σ w / (q (q − 1))) Σ_k π_k (1 − π_k)
///     Fleiss            p_e = Σ_kl w_kl π_k π_l
///     Brennan–Prediger  p_e = Σ w / q²
///     Krippendorff      over the n₂ units only, π_k = Σ_i r_ik / (n₂ r̄), ε = 1/(n₂ r̄),
///                       p_a = (1 − ε) (1/n₂) Σ_i Σ_k r_ik (r*_ik − 1) / (r̄ (r_i − 1)) + ε, p_e = Σ_kl w_kl π_k π_l
///
/// Standard errors are Gwet's linearisation over units. Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapters 2 to 5.
/// Everything is computed from the distinct patterns of ratings; Conger's kappa, which needs to know who rated, is in `CongerKappa`.
public struct ChanceCorrectedAgreement: Sendable {
  public let patterns: RatingPatterns
  public let weights: AgreementWeights
  /// B of each pattern.
  let forms: [Double]
  let shares: [Double]
  let weightedShares: [Double]
  let margins: [Double]
  let weightedMargins: [Double]
  let sums: PatternSums

  /// - Throws: `nothingToCompare` without a unit of two ratings, `tooFewCategories` with one category, `weightsDoNotFit`.
  public init(_ patterns: RatingPatterns, weights: AgreementWeights) throws(AgreementError) {
    let q = patterns.categories.count
    if weights.order != q { throw .weightsDoNotFit(categories: q) }
    self.patterns = patterns
    self.weights = weights
    forms = (0..<patterns.count).map { p in
      var form = 0.0
      for i in patterns.start[p]..<patterns.start[p + 1] {
        for j in patterns.start[p]..<patterns.start[p + 1] {
          form += patterns.times[i] * patterns.times[j] * weights[Int(patterns.category[i]), Int(patterns.category[j])]
        }
      }
      return form
    }
    (shares, margins) = Self.shares(patterns, patterns.multiplicity)
    (weightedShares, weightedMargins) = (weights.times(shares), weights.times(margins))
    sums = Self.sums(patterns, forms, patterns.multiplicity, shares, margins, weightedShares, weightedMargins)
    if sums.pairable == 0 { throw .nothingToCompare }
    if q < 2 { throw .tooFewCategories(q, needed: 2) }
  }

  /// The estimate and its linearised standard error. O(patterns + q²).
  /// - Throws: `noVariation` when chance alone would give full agreement. Programming error: `.conger`.
  public func estimate(_ coefficient: ChanceCorrected) throws(AgreementError) -> AgreementEstimate {
    let (observed, expected) = sums.parts(coefficient, weights: weights)
    if !(1 - expected > 1e-15) { throw .noVariation }
    let value = sums.value(coefficient, weights: weights)
    let error =
      coefficient == .krippendorff ? alphaError(observed, expected) : standardError(coefficient, observed: observed, expected: expected)
    let units = coefficient == .krippendorff ? sums.pairable : sums.units
    return AgreementEstimate(value: value, observed: observed, expected: expected, standardError: error, units: Int(units))
  }

  /// κ_i = (n/n₂)(p_ai − p_e [r_i ≥ 2]) / (1 − p_e) − 2 (1 − κ)(p_ei − p_e) / (1 − p_e), whose mean is κ.
  private func standardError(_ coefficient: ChanceCorrected, observed: Double, expected: Double) -> Double {
    let value = coefficient == .percentAgreement ? observed : (observed - expected) / (1 - expected)
    let (n, scale) = (sums.units, 1 - expected)
    let q = Double(weights.order)
    var linear = [Double](repeating: 0, count: patterns.count)
    for p in 0..<patterns.count {
      let r = patterns.size[p]
      if r >= 2 { linear[p] = n / sums.pairable * ((forms[p] - r) / (r * (r - 1)) - expected) / scale }
      var chance = 0.0
      switch coefficient {
      case .gwet:
        for i in patterns.start[p]..<patterns.start[p + 1] {
          chance += (1 - shares[Int(patterns.category[i])] / n) * patterns.times[i] / r
        }
        chance *= weights.sum / (q * (q - 1))
      case .fleiss:
        for i in patterns.start[p]..<patterns.start[p + 1] {
          chance += weightedShares[Int(patterns.category[i])] / n * patterns.times[i] / r
        }
      default: continue
      }
      linear[p] -= 2 * (1 - value) * (chance - expected) / scale
    }
    return linearisedError(linear, multiplicity: patterns.multiplicity, centre: value)
  }

  /// The same for α over the pairable units, around the value without the small-sample term ε; p_ai and p_ei are corrected for unequal r_i,
  /// as irrCAC 1.0 does (with the p_a that includes ε; older versions had it without).
  private func alphaError(_ observed: Double, _ expected: Double) -> Double {
    let mean = sums.values / sums.pairable
    let plain = sums.within / sums.values
    let value = (plain - expected) / (1 - expected)
    var linear = [Double](repeating: 0, count: patterns.count)
    var multiplicity = patterns.multiplicity
    for p in 0..<patterns.count {
      let r = patterns.size[p]
      if r < 2 {
        multiplicity[p] = 0
        continue
      }
      let excess = (r - mean) / mean
      let agreement = (forms[p] - r) / (mean * (r - 1)) - observed * excess
      var chance = 0.0
      for i in patterns.start[p]..<patterns.start[p + 1] {
        chance += weightedMargins[Int(patterns.category[i])] / sums.values * patterns.times[i]
      }
      chance = chance / mean - expected * excess
      linear[p] = (agreement - expected) / (1 - expected) - 2 * (1 - value) * (chance - expected) / (1 - expected)
    }
    return linearisedError(linear, multiplicity: multiplicity, centre: value)
  }
}

extension ChanceCorrectedAgreement {
  /// s_k = Σ_i r_ik / r_i over all units and m_k = Σ_i r_ik over the pairable, each pattern counted so many times.
  static func shares(_ patterns: RatingPatterns, _ multiplicity: [Double]) -> (shares: [Double], margins: [Double]) {
    let q = patterns.categories.count
    var shares = [Double](repeating: 0, count: q)
    var margins = shares
    for p in 0..<patterns.count where multiplicity[p] != 0 {
      let weight = multiplicity[p] / patterns.size[p]
      for i in patterns.start[p]..<patterns.start[p + 1] {
        shares[Int(patterns.category[i])] += weight * patterns.times[i]
        if patterns.size[p] >= 2 { margins[Int(patterns.category[i])] += multiplicity[p] * patterns.times[i] }
      }
    }
    return (shares, margins)
  }

  static func sums(
    _ patterns: RatingPatterns, _ forms: [Double], _ multiplicity: [Double], _ shares: [Double], _ margins: [Double],
    _ weightedShares: [Double], _ weightedMargins: [Double]
  ) -> PatternSums {
    var sums = PatternSums()
    for p in 0..<patterns.count where multiplicity[p] != 0 {
      let (r, m) = (patterns.size[p], multiplicity[p])
      sums.units += m
      if r < 2 { continue }
      sums.pairable += m
      sums.agreement += m * (forms[p] - r) / (r * (r - 1))
      sums.values += m * r
      sums.within += m * (forms[p] - r) / (r - 1)
    }
    for k in shares.indices {
      sums.shareForm += shares[k] * weightedShares[k]
      sums.shareSquares += shares[k] * shares[k]
      sums.marginForm += margins[k] * weightedMargins[k]
    }
    return sums
  }

  /// The coefficient with pattern p counted `multiplicity[p]` times: a bootstrap resample. O(patterns + q²); NaN when it is not defined.
  func value(_ coefficient: ChanceCorrected, multiplicity: [Double]) -> Double {
    let (shares, margins) = Self.shares(patterns, multiplicity)
    return Self.sums(patterns, forms, multiplicity, shares, margins, weights.times(shares), weights.times(margins))
      .value(coefficient, weights: weights)
  }
}
