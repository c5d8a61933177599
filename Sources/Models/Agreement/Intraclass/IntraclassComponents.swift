internal import Foundation
internal import Statistics

/// Intraclass correlations of a table with holes, from variance components by REML.
///
/// Two-way: y = μ + unit + rater + e; one-way: y = μ + unit + e. With σ_u², σ_r², σ_e² and k̃ the harmonic mean of the ratings of a unit:
///
///     ICC(A,1) = σ_u²/(σ_u² + σ_r² + σ_e²)        ICC(C,1) = σ_u²/(σ_u² + σ_e²)        averages: σ_r² and σ_e² divided by k̃
///
/// On a complete table the same as from mean squares, unless one of those differences is negative: components are not. The limits are
/// asymptotic: the delta method with the average information, on z = ½ log((1 + (k̃ − 1) ρ)/(1 − ρ)) of the single form. Fisher's z makes
/// them skew as they should be, and they stay within [−1/(k̃ − 1), 1]; with few units they are approximate. NaN when σ_u² is estimated as
/// 0.
public struct IntraclassComponents: Sendable {
  public let unitVariance: Double
  public let raterVariance: Double
  public let residualVariance: Double
  /// Unit and residual of the one-way model.
  public let oneWay: (unit: Double, residual: Double)
  /// k̃.
  public let ratingsPerUnit: Double
  public let units: Int
  public let raters: Int
  private let covariance: [[Double]]
  private let oneWayCovariance: [[Double]]

  /// - Throws: `nothingToCompare`, `tooFewRaters`, `tooFewUnits`, `noVariation`, `effectsNotSeparable` when the design cannot tell units
  /// from raters.
  public init(_ table: RatingsTable) throws(AgreementError) {
    let rated = table.units(withAtLeast: 1)
    let active = table.activeRaters
    if rated.count < 2 { throw .tooFewUnits(rated.count, needed: 2) }
    if active.count < 2 { throw .tooFewRaters(active.count, needed: 2) }
    if table.units(withAtLeast: 2).isEmpty { throw .nothingToCompare }
    var unitCodes: [Int32] = []
    var raterCodes: [Int32] = []
    var raterCode = [Int32](repeating: 0, count: table.raters)
    for (code, r) in active.enumerated() { raterCode[r] = Int32(code) }
    var inverse = 0.0
    for (code, u) in rated.enumerated() {
      inverse += 1 / Double(table.unitStart[u + 1] - table.unitStart[u])
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        unitCodes.append(Int32(code))
        raterCodes.append(raterCode[Int(table.rater[i])])
      }
    }
    let unit = GroupingFactor("unit", codes: unitCodes, levels: rated.count)
    let rater = GroupingFactor("rater", codes: raterCodes, levels: active.count)
    let two = try reml(table.value, [unit, rater])
    let one = try reml(table.value, [unit])
    (unitVariance, raterVariance, residualVariance) = (two.variances[0], two.variances[1], two.variances[2])
    oneWay = (one.variances[0], one.variances[1])
    (covariance, oneWayCovariance) = (two.covariance, one.covariance)
    ratingsPerUnit = Double(rated.count) / inverse
    (units, raters) = (rated.count, active.count)
  }

  public func value(_ form: IntraclassForm) -> Double {
    let single = single(form).rho
    return form.isAverage ? stepUp(single) : single
  }

  /// By the delta method; NaN when σ_u² is estimated as 0.
  public func standardError(_ form: IntraclassForm) -> Double {
    let (rho, error) = singleWithError(form)
    if !(rho > 0) { return .nan }
    let step = 1 + (ratingsPerUnit - 1) * rho
    return form.isAverage ? error * ratingsPerUnit / (step * step) : error
  }

  private func singleWithError(_ form: IntraclassForm) -> (rho: Double, error: Double) {
    let (rho, gradient, covariance) = single(form)
    var variance = 0.0
    for i in gradient.indices { for j in gradient.indices { variance += gradient[i] * gradient[j] * covariance[i][j] } }
    return (rho, variance.squareRoot())
  }

  /// - Returns: NaN limits when they cannot be had.
  public func interval(_ form: IntraclassForm, level: Double = 0.95) -> (low: Double, high: Double) {
    let (rho, error) = singleWithError(form)
    guard rho > 0, rho < 1 else { return (.nan, .nan) }
    let k = max(2, ratingsPerUnit)
    // dz/dρ = k / (2 (1 − ρ)(1 + (k − 1) ρ)).
    let half = Normal.quantile(upperTail: (1 - level) / 2) * error * k / (2 * (1 - rho) * (1 + (k - 1) * rho))
    let z = 0.5 * log((1 + (k - 1) * rho) / (1 - rho))
    func back(_ z: Double) -> Double {
      let e = exp(2 * z)
      return (e - 1) / (e + k - 1)
    }
    let (low, high) = (back(z - half), back(z + half))
    return form.isAverage ? (stepUp(low), stepUp(high)) : (low, high)
  }

  private func stepUp(_ rho: Double) -> Double { ratingsPerUnit * rho / (1 + (ratingsPerUnit - 1) * rho) }

  /// ρ of the single form, its gradient by the components, and their covariance.
  private func single(_ form: IntraclassForm) -> (rho: Double, gradient: [Double], covariance: [[Double]]) {
    switch form {
    case .oneWaySingle, .oneWayAverage:
      let total = oneWay.unit + oneWay.residual
      return (oneWay.unit / total, [oneWay.residual / (total * total), -oneWay.unit / (total * total)], oneWayCovariance)
    case .agreementSingle, .agreementAverage:
      let total = unitVariance + raterVariance + residualVariance
      let slope = -unitVariance / (total * total)
      return (unitVariance / total, [(total - unitVariance) / (total * total), slope, slope], covariance)
    case .consistencySingle, .consistencyAverage:
      let total = unitVariance + residualVariance
      return (unitVariance / total, [residualVariance / (total * total), 0, -unitVariance / (total * total)], covariance)
    }
  }
}

/// Variance components by REML, with what agreement needs of them.
func reml(_ values: [Double], _ factors: [GroupingFactor]) throws(AgreementError) -> (variances: [Double], covariance: [[Double]]) {
  do {
    let fit = try CrossedModel(response: values, factors: factors).fit()
    return (fit.components.map(\.variance), fit.componentCovariance.rowArrays)
  } catch { throw AgreementError(error, effects: factors.map(\.name)) }
}

extension AgreementError {
  init(_ error: MixedModelError, effects: [String]) {
    switch error {
    case .noVariation: self = .noVariation
    case .componentsNotIdentifiable(let names): self = .effectsNotSeparable(names)
    default: self = .effectsNotSeparable(effects)
    }
  }
}
