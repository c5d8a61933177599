import Foundation

/// Adjusted p-values that control the chance of even one false rejection. Conventions as in ``FalseDiscoveryRate``.
public enum FamilywiseError {
  /// Bonferroni: min(1, m p). Any dependence.
  public static func bonferroni(_ pValues: [Double], tests: Int? = nil) -> [Double] {
    let m = Double(max(tests ?? 0, pValues.count { !$0.isNaN }))
    return pValues.map { $0.isNaN ? .nan : min(1, m * $0) }
  }

  /// Holm (1979), step-down: p̃₍ᵢ₎ = max_{j ≤ i} min(1, (m − j + 1) p₍ⱼ₎). Any dependence; never less powerful than Bonferroni.
  public static func holm(_ pValues: [Double], tests: Int? = nil) -> [Double] {
    let order = sortedTested(pValues)
    let m = max(tests ?? 0, order.count)
    var adjusted = pValues
    var largest = 0.0
    for (before, index) in order.enumerated() {
      largest = max(largest, min(1, Double(m - before) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }

  /// Hochberg (1988), step-up: p̃₍ᵢ₎ = min_{j ≥ i} (m − j + 1) p₍ⱼ₎. Independent or positively dependent tests.
  public static func hochberg(_ pValues: [Double]) -> [Double] {
    let order = sortedTested(pValues)
    var adjusted = pValues
    var smallest = 1.0
    for position in stride(from: order.count - 1, through: 0, by: -1) {
      let index = order[position]
      smallest = min(smallest, Double(order.count - position) * pValues[index])
      adjusted[index] = smallest
    }
    return adjusted
  }
}
