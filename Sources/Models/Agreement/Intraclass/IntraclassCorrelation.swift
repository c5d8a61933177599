internal import Foundation
internal import Statistics

/// An intraclass correlation with its exact interval and the test that it is 0.
public struct IntraclassEstimate: Sendable, Equatable {
  public let form: IntraclassForm
  public let value: Double
  public let low: Double
  public let high: Double
  public let level: Double
  public let f: Double
  public let degreesOfFreedom: (numerator: Double, denominator: Double)
  /// P(F ≥ f) when there is no difference between units: one-sided.
  public let pValue: Double

  public static func == (a: IntraclassEstimate, b: IntraclassEstimate) -> Bool {
    a.form == b.form && a.value == b.value && a.low == b.low && a.high == b.high && a.level == b.level && a.f == b.f
      && a.degreesOfFreedom == b.degreesOfFreedom
  }
}

extension TwoWayMeanSquares {
  /// The coefficient with F-based limits, exact for one-way and consistency forms when ratings are normal; agreement forms with
  /// Satterthwaite's degrees of freedom ν (McGraw and Wong 1996, table 7; Shrout and Fleiss 1979). With F = MSR/MSW or MSR/MSE, F_L =
  /// F/F₁₋α⁄₂ and F_U = F · F₁₋α⁄₂ (degrees of freedom swapped): single (F − 1)/(F + k − 1), average 1 − 1/F. The lower limit of an average is −∞
  /// where that of the single form is −1/(k − 1) or less: there Spearman and Brown's k ρ/(1 + (k − 1) ρ) has its pole. Limits of agreement forms are NaN
  /// where ν, at a negative ρ, is so small that they would not hold the estimate.
  ///
  /// - Throws: `noVariation` when the ratings do not vary, `meanVarianceNotPositive` for an average that has no value (`value(_:)`).
  public func estimate(
    _ form: IntraclassForm, level: Double = 0.95, limits: AverageAgreementLimits = .steppedUp
  ) throws(AgreementError) -> IntraclassEstimate {
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
    let value = value(form)
    if !value.isFinite {
      throw form.isAverage && (withinUnits > 0 || betweenUnits > 0) ? .meanVarianceNotPositive : .noVariation
    }
    let (n, k) = (Double(units), Double(raters))
    let oneWay = form == .oneWaySingle || form == .oneWayAverage
    let (error, df2) = oneWay ? (withinUnits, n * (k - 1)) : (residual, (n - 1) * (k - 1))
    let f = betweenUnits / error
    let distribution = FDistribution(numerator: n - 1, denominator: df2)
    let (low, high): (Double, Double)
    if value == 1 || error == 0 {
      // Without error there is nothing to be unsure of within the model.
      (low, high) = value == 1 ? (1, 1) : agreementLimits(form, level, limits)
    } else if form == .agreementSingle || form == .agreementAverage {
      (low, high) = agreementLimits(form, level, limits)
    } else {
      let upper = (1 + level) / 2
      let smallest = f / distribution.quantile(upper)
      let largest = f * FDistribution(numerator: df2, denominator: n - 1).quantile(upper)
      (low, high) =
        form.isAverage
        ? (1 - 1 / smallest, 1 - 1 / largest) : ((smallest - 1) / (smallest + k - 1), (largest - 1) / (largest + k - 1))
    }
    return IntraclassEstimate(
      form: form, value: value, low: low, high: high, level: level, f: f, degreesOfFreedom: (n - 1, df2),
      pValue: f.isInfinite ? 0 : distribution.upperTail(f))
  }

  private func agreementLimits(_ form: IntraclassForm, _ level: Double, _ limits: AverageAgreementLimits) -> (Double, Double) {
    let (n, k) = (Double(units), Double(raters))
    if form == .agreementAverage && limits == .irr {
      guard let (lower, upper) = agreementQuantiles(value(.agreementAverage), level) else { return (.nan, .nan) }
      let rest = betweenRaters - residual
      let least = lower * rest + n * betweenUnits
      return (
        least > 0 ? n * (betweenUnits - lower * residual) / least : -.infinity,
        n * (upper * betweenUnits - residual) / (rest + n * upper * betweenUnits)
      )
    }
    guard let (lower, upper) = agreementQuantiles(value(.agreementSingle), level) else { return (.nan, .nan) }
    let rest = k * betweenRaters + (k * n - k - n) * residual
    let single = (
      n * (betweenUnits - lower * residual) / (lower * rest + n * betweenUnits),
      n * (upper * betweenUnits - residual) / (rest + n * upper * betweenUnits)
    )
    if form == .agreementSingle { return single }
    func stepUp(_ rho: Double) -> Double {
      let total = 1 + (k - 1) * rho
      return total.isNaN || total > 0 ? k * rho / total : -.infinity
    }
    return (stepUp(single.0), stepUp(single.1))
  }

  /// F quantiles with ν = (a MSC + b MSE)² / ((a MSC)²/(k − 1) + (b MSE)²/((n − 1)(k − 1))), a = k ρ/(n (1 − ρ)), b = 1 + k ρ (n − 1)/(n (1
  /// − ρ)).
  private func agreementQuantiles(_ rho: Double, _ level: Double) -> (lower: Double, upper: Double)? {
    let (n, k) = (Double(units), Double(raters))
    let a = k * rho / (n * (1 - rho))
    let b = 1 + k * rho * (n - 1) / (n * (1 - rho))
    let (x, y) = (a * betweenRaters, b * residual)
    let df = (x + y) * (x + y) / (x * x / (k - 1) + y * y / ((n - 1) * (k - 1)))
    guard df.isFinite, df > 0 else { return nil }
    let p = (1 + level) / 2
    let lower = FDistribution(numerator: n - 1, denominator: df).quantile(p)
    let upper = FDistribution(numerator: df, denominator: n - 1).quantile(p)
    // At a negative ρ, a is negative; where a MSC nearly cancels b MSE there are next to no degrees of freedom, and F's quantiles leave 1 out.
    return lower.isFinite && lower >= 1 && upper >= 1 ? (lower, upper) : nil
  }
}
