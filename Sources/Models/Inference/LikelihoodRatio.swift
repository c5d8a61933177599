internal import LinearAlgebra
internal import Statistics

/// A likelihood-ratio test of a model against a larger one that contains it.
public struct LikelihoodRatioTest: Sendable, Equatable {
  public let method: EstimationMethod
  public let smaller: Comparison
  public let larger: Comparison
  /// The difference of the deviances; not below zero.
  public let statistic: Double
  public let degreesOfFreedom: Int
  /// From χ² with these degrees of freedom: too large where variances are tested, since they cannot be negative.
  public let pValue: Double
  /// Where one variance is tested (with its covariances): from the even mixture of χ² with one degree of freedom less and this many (Stram and Lee 1994,
  /// Biometrics 50, 1171–1177).
  public let mixturePValue: Double?
  /// How many variances the larger model has more.
  public let extraVariances: Int

  public struct Comparison: Sendable, Equatable {
    public let parameters: Int
    public let deviance: Double
    public let aic: Double
    public let bic: Double
  }
}

/// Two models of the same data.
public enum ModelComparison: Sendable, Equatable {
  case nested(LikelihoodRatioTest)
  /// Neither contains the other: only the information criteria compare.
  case notNested(EstimationMethod, LikelihoodRatioTest.Comparison, LikelihoodRatioTest.Comparison)
}

extension LinearMixedFit {
  /// Compares this fit with another of the same observations.
  ///
  /// Where the fixed parts span the same columns in the same units the fits' own method serves; otherwise both are fitted by maximum likelihood, since
  /// restricted likelihoods with different fixed parts do not compare.
  /// - Throws: `InferenceError.notExact`, `.differentData`, `.fit`.
  public func compared(with other: LinearMixedFit) throws(InferenceError) -> ModelComparison {
    if !model.isExact || !other.model.isExact { throw .notExact }
    let mine = aligned()
    let theirs = other.aligned()
    if mine.response != theirs.response || mine.weights != theirs.weights { throw .differentData }
    // The restricted likelihood depends on the columns' units, by log |R|.
    let sameUnits = abs(model.basis.logDeterminant - other.model.basis.logDeterminant) < 1e-9
    let sameFixed = mine.spans(theirs) && theirs.spans(mine) && sameUnits
    let wanted: EstimationMethod = sameFixed && method == other.method ? method : .ml
    let a: LinearMixedFit
    let b: LinearMixedFit
    do {
      a = try refitted(wanted)
      b = try other.refitted(wanted)
    } catch { throw .fit(error) }
    let pair: (LinearMixedFit, LinearMixedFit)
    if mine.spans(theirs) && a.containsTerms(of: b) && a.parameters > b.parameters {
      pair = (b, a)
    } else if theirs.spans(mine) && b.containsTerms(of: a) && b.parameters > a.parameters {
      pair = (a, b)
    } else {
      return .notNested(wanted, a.comparison, b.comparison)
    }
    let (small, large) = pair
    // The same minimum found by two searches differs by rounding, which is no statistic.
    let difference = small.criterion - large.criterion
    let statistic = difference > 1e-8 * (1 + abs(small.criterion)) ? difference : 0
    let degrees = large.parameters - small.parameters
    let variances = large.variances - small.variances
    let upper = ChiSquared(degreesOfFreedom: Double(degrees)).upperTail(statistic)
    var mixture: Double?
    if variances == 1 {
      // No degrees of freedom is a mass of one at zero.
      let lower = degrees == 1 ? (statistic > 0 ? 0 : 1) : ChiSquared(degreesOfFreedom: Double(degrees - 1)).upperTail(statistic)
      mixture = 0.5 * (lower + upper)
    }
    return .nested(
      LikelihoodRatioTest(
        method: wanted, smaller: small.comparison, larger: large.comparison, statistic: statistic, degreesOfFreedom: degrees, pValue: upper,
        mixturePValue: mixture, extraVariances: variances))
  }

  private var variances: Int { terms.reduce(0) { $0 + $1.columns.count } }

  private var comparison: LikelihoodRatioTest.Comparison {
    LikelihoodRatioTest.Comparison(parameters: parameters, deviance: criterion, aic: aic, bic: bic)
  }

  /// Every random term of the other is part of one of this fit's.
  private func containsTerms(of other: LinearMixedFit) -> Bool {
    other.terms.allSatisfy { small in
      terms.contains { $0.name == small.name && Set(small.columns).isSubset(of: Set($0.columns)) }
    }
  }

  /// The data in the order of the frame's rows, so that fits by different formulas line up.
  private func aligned() -> AlignedData {
    let design = model.design
    let order = design.rows.indices.sorted { design.rows[$0] < design.rows[$1] }
    return AlignedData(
      response: order.map { design.response[$0] }, weights: design.weights.map { weights in order.map { weights[$0] } },
      columns: model.basis.columns.map { column in order.map { column[$0] } })
  }
}

private struct AlignedData {
  let response: [Double]
  let weights: [Double]?
  /// Orthogonal, of root mean square 1.
  let columns: [[Double]]

  /// Whether the other's fixed columns are combinations of these.
  func spans(_ other: AlignedData) -> Bool {
    let total = weights.map { $0.reduce(0, +) } ?? Double(response.count)
    return other.columns.allSatisfy { column in
      var rest = column
      for basis in columns {
        var share = 0.0
        for i in rest.indices { share += (weights?[i] ?? 1) * basis[i] * rest[i] }
        share /= total
        for i in rest.indices { rest[i] -= share * basis[i] }
      }
      var square = 0.0
      for i in rest.indices { square += (weights?[i] ?? 1) * rest[i] * rest[i] }
      return square < 1e-12 * total
    }
  }
}
