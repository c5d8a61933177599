internal import Foundation
internal import Statistics

/// One look at all profiles: each value less the median of the rater's other values, so that one odd criterion does not make the others odd, over a standard
/// error that holds what honest raters differ in.
///
///     t = value − median of the others − the median of t over raters,    z = t / √((τ² + s²) q)
///
/// s² is the variance by noise alone, τ² the robust spread of t beyond it on the typical criterion, and q what the criterion at hand has more or less of both, moderated
/// towards the mean of all criteria as far as they are alike (Smyth 2004). Linear, but for sorting.
struct ProfileExcess: Sendable {
  /// By entry; nan where it is not judged.
  private(set) var value: [Double]
  /// By noise alone, and with honest differences.
  private(set) var standardError: [Double]
  private(set) var error: [Double]
  /// Student t by the degrees of freedom of the spreads in `error`.
  private(set) var tail = StudentT(degreesOfFreedom: robustFreedom(0))

  /// A spread of fewer values is no spread.
  static let fewest = 6

  /// - Parameters:
  ///   - criteria: by entry.
  ///   - profiles: one range of entries a rater.
  init(_ values: [Double], variances: [Double], criteria: [Int], profiles: [Range<Int>]) {
    value = [Double](repeating: .nan, count: values.count)
    standardError = value
    error = value
    for range in profiles { takeOffOthers(values, variances, range) }
    var members: [Int: [Int]] = [:]
    for i in value.indices where !value[i].isNaN { members[criteria[i], default: []].append(i) }
    let byCriterion = members.keys.sorted().map { members[$0]! }
    let large = byCriterion.filter { $0.count >= ProfileExcess.fewest }
    for own in large {
      let middle = median(own.map { value[$0] })
      for i in own { value[i] -= middle }
    }
    let honest = large.isEmpty ? 0 : median(large.map(variance))
    for i in value.indices where !value[i].isNaN { error[i] = max((honest + squared(standardError[i])).squareRoot(), 1e-9) }
    moderate(large, rest: byCriterion.filter { $0.count < ProfileExcess.fewest })
  }

  /// Multiplies every error by the moderated spread of its criterion.
  private mutating func moderate(_ large: [[Int]], rest: [[Int]]) {
    guard !large.isEmpty else { return }
    let factors = large.map { own in max(squared(bulkSpread(own.map { value[$0] / error[$0] })), 1e-3) }
    let count = Double(factors.count)
    let mean = factors.reduce(0, +) / count
    let freedom = large.reduce(0) { $0 + robustFreedom($1.count) } / count
    let logs = factors.map { log($0) }
    let middle = logs.reduce(0, +) / count
    let between = logs.reduce(0) { $0 + squared($1 - middle) } / max(1, count - 1)
    // Log variances of like criteria differ by 2/f; that they do not differ by more is known to about 1/√K of that.
    let chance = 2 / freedom
    let prior = 2 / (max(0, between - chance) + chance / count.squareRoot())
    for (own, factor) in zip(large, factors) {
      let moderated = (prior * mean + freedom * factor) / (prior + freedom)
      for i in own { error[i] *= max(1, moderated).squareRoot() }
    }
    for i in rest.joined() { error[i] *= max(1, mean).squareRoot() }
    tail = StudentT(degreesOfFreedom: prior + freedom)
  }

  private mutating func takeOffOthers(_ values: [Double], _ variances: [Double], _ range: Range<Int>) {
    let known = range.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    guard known.count >= RaterProfiles.minimumCriteria else { return }
    let total = known.reduce(0) { $0 + variances[$1] }
    let n = known.count - 1
    // The variance of the median of n normal values, relative to that of one.
    let share = 0.5 * Double.pi / (Double(n) + 0.5 * Double.pi - 1)
    for (place, i) in known.enumerated() {
      func other(_ j: Int) -> Double { values[known[j < place ? j : j + 1]] }
      value[i] = values[i] - (n % 2 == 1 ? other(n / 2) : 0.5 * (other(n / 2 - 1) + other(n / 2)))
      standardError[i] = (variances[i] + share * (total - variances[i]) / Double(n)).squareRoot()
    }
  }

  /// The p-value of the least of some independent ones (Šidák 1967).
  static func pValue(ofLeast p: Double, among looks: Double) -> Double { p < 1 ? -expm1(looks * log1p(-p)) : 1 }

  /// The variance of the values of some entries beyond their noise.
  private func variance(_ own: [Int]) -> Double {
    max(0, squared(bulkSpread(own.map { value[$0] })) - median(own.map { squared(standardError[$0]) }))
  }
}
