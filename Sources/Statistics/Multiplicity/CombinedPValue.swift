import Foundation

/// One p-value for the hypothesis that none of several hypotheses is false.
public enum CombinedPValue {
  /// Cauchy combination (Liu and Xie 2020): T = Σ wᵢ tan(π(½ − pᵢ)), referred to the Cauchy distribution.
  ///
  /// The tail is exact to first order under any correlation, which makes it the right tool for tests of one subject that
  /// share data. Anti-conservative only for large p. p = 0 gives 0; a p of exactly 1 is read as 1 − 1/(2m), since one
  /// such value would otherwise outweigh all evidence; NaN is left out; no p-values give NaN.
  ///
  /// - Parameters:
  ///   - pValues: in [0, 1] or NaN.
  ///   - weights: not negative; equal when nil.
  public static func cauchy(_ pValues: [Double], weights: [Double]? = nil) -> Double {
    if let weights { precondition(weights.count == pValues.count, "one weight a p-value") }
    let tested = pValues.indices.filter { !pValues[$0].isNaN }
    let count = tested.count
    let total = weights.map { w in orderedSum(tested.map { w[$0] }) } ?? Double(count)
    guard total > 0 else { return .nan }
    var terms: [Double] = []
    terms.reserveCapacity(count)
    for i in tested {
      let weight = (weights?[i] ?? 1) / total
      if weight == 0 { continue }
      let p = min(pValues[i], 1 - 0.5 / Double(count))
      if p <= 0 { return 0 }
      // tan(π(½ − p)) = 1/tan(πp), which keeps the digits of a small p; beyond 1e300 the sum would overflow.
      terms.append(weight * (p < 1e-15 ? 1 / (Double.pi * p) : p <= 0.5 ? 1 / tan(Double.pi * p) : -1 / tan(Double.pi * (1 - p))))
    }
    let sum = orderedSum(terms)
    // Upper tail of the Cauchy distribution: ½ − atan(T)/π = atan(1/T)/π for T > 0.
    return sum > 0 ? atan(1 / sum) / Double.pi : 0.5 - atan(sum) / Double.pi
  }

  /// Fisher (1932): −2 Σ log pᵢ referred to χ² with 2m degrees of freedom; for independent p-values. NaN is left out.
  public static func fisher(_ pValues: [Double]) -> Double {
    let logs = pValues.filter { !$0.isNaN }.map { log($0) }.sorted()
    if logs.isEmpty { return .nan }
    return exp(fisher(logPValues: logs))
  }

  /// Fisher's combination of log p-values; returns the log p-value.
  public static func fisher(logPValues: [Double]) -> Double {
    let logs = logPValues.filter { !$0.isNaN }.sorted(by: >)
    if logs.isEmpty { return .nan }
    var sum = 0.0
    for value in logs { sum -= value }
    return Gamma(shape: Double(logs.count)).logUpperTail(sum)
  }

  /// Stouffer (1949): the upper tail of Σ wᵢ zᵢ / √Σ wᵢ², for independent standard normal z; returns (z, p).
  public static func stouffer(_ z: [Double], weights: [Double]? = nil) -> (z: Double, pValue: Double) {
    if let weights { precondition(weights.count == z.count, "one weight a value") }
    let tested = z.indices.filter { !z[$0].isNaN }
    let squares = weights.map { w in orderedSum(tested.map { w[$0] * w[$0] }) } ?? Double(tested.count)
    guard squares > 0 else { return (.nan, .nan) }
    let combined = orderedSum(tested.map { (weights?[$0] ?? 1) * z[$0] }) / squares.squareRoot()
    return (combined, Normal.upperTail(combined))
  }
}
