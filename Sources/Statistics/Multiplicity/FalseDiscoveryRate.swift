import Foundation

/// False discovery rates: adjusted p-values (q-values) such that rejecting all with q ≤ α controls the rate at α.
///
/// All functions return values in the order of the input, cost one sort, and do not depend on the order of the input, not
/// even among ties. A NaN p-value means "not tested": it stays NaN and is not counted in the number of tests.
public enum FalseDiscoveryRate {
  /// Benjamini and Hochberg (1995): q₍ᵢ₎ = min_{j ≥ i} m p₍ⱼ₎ / j. Valid for independent and positively dependent tests.
  ///
  /// - Parameters:
  ///   - pValues: in [0, 1] or NaN.
  ///   - tests: the number of tests made, if more than those listed (the others are then taken to have p = 1).
  public static func benjaminiHochberg(_ pValues: [Double], tests: Int? = nil) -> [Double] {
    stepUp(pValues, tests: tests, penalty: 1)
  }

  /// Benjamini and Yekutieli (2001): as Benjamini–Hochberg times Σ 1/i. Valid under any dependence.
  public static func benjaminiYekutieli(_ pValues: [Double], tests: Int? = nil) -> [Double] {
    let m = max(tests ?? 0, pValues.count { !$0.isNaN })
    return stepUp(pValues, tests: tests, penalty: harmonic(m))
  }

  /// Weighted Benjamini–Hochberg (Genovese, Roeder and Wasserman 2006): BH on pᵢ/wᵢ with weights scaled to mean 1.
  ///
  /// A weight of 0 gives up a test (q = 1). The weights must have been chosen without looking at the p-values.
  /// - Precondition: as many weights as p-values, none negative or infinite, and not all zero unless there are no tests.
  public static func weightedBenjaminiHochberg(_ pValues: [Double], weights: [Double]) -> [Double] {
    precondition(pValues.count == weights.count, "one weight a p-value")
    let used = pValues.indices.filter { !pValues[$0].isNaN }.map { weights[$0] }
    precondition(used.allSatisfy { $0 >= 0 && $0.isFinite }, "weights must be finite and not negative")
    guard !used.isEmpty else { return pValues }
    let mean = orderedSum(used) / Double(used.count)
    precondition(mean > 0, "not all weights may be zero")
    let scaled = zip(pValues, weights).map { p, weight in
      p.isNaN ? Double.nan : weight == 0 ? Double.infinity : p * mean / weight
    }
    return stepUp(scaled, tests: nil, penalty: 1)
  }

  /// Benjamini–Hochberg from log p-values, for p-values below the smallest `Double`; returns log q-values.
  public static func benjaminiHochberg(logPValues: [Double]) -> [Double] {
    let order = sortedTested(logPValues)
    var adjusted = logPValues
    var smallest = 0.0
    let logM = log(Double(max(order.count, 1)))
    for rank in stride(from: order.count, through: 1, by: -1) {
      let index = order[rank - 1]
      smallest = min(smallest, logPValues[index] + logM - log(Double(rank)))
      adjusted[index] = smallest
    }
    return adjusted
  }

  /// e-BH (Wang and Ramdas 2022): q₍ᵢ₎ = min_{j ≥ i} m / (j e₍ⱼ₎), e sorted downwards. Valid under any dependence for
  /// e-values (non-negative statistics with mean at most 1 under the hypothesis). NaN means "not tested".
  public static func eBenjaminiHochberg(_ eValues: [Double]) -> [Double] {
    benjaminiHochberg(eValues.map { 1 / $0 })
  }

  private static func stepUp(_ pValues: [Double], tests: Int?, penalty: Double) -> [Double] {
    let order = sortedTested(pValues)
    let m = Double(max(tests ?? 0, order.count)) * penalty
    var adjusted = pValues
    var smallest = 1.0
    for rank in stride(from: order.count, through: 1, by: -1) {
      let index = order[rank - 1]
      smallest = min(smallest, m * pValues[index] / Double(rank))
      adjusted[index] = smallest
    }
    return adjusted
  }

  private static func harmonic(_ m: Int) -> Double {
    // From the small terms upwards, so that the order of summation is fixed and its error smallest.
    var sum = 0.0
    for i in stride(from: m, through: 1, by: -1) { sum += 1 / Double(i) }
    return sum
  }
}

/// The sum of the values taken in increasing order, so that it does not depend on the order they came in.
func orderedSum(_ values: [Double]) -> Double {
  var sum = 0.0
  for value in values.sorted() { sum += value }
  return sum
}

/// The positions of the values that are not NaN, smallest value first. Equal values need no rule: whatever their order,
/// a step-up or step-down method gives them the same result.
func sortedTested(_ values: [Double]) -> [Int] {
  var order: [Int] = []
  order.reserveCapacity(values.count)
  for i in values.indices where !values[i].isNaN { order.append(i) }
  order.sort { values[$0] < values[$1] }
  return order
}
