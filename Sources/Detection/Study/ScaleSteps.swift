internal import Foundation
public import Scores

/// The marks that can be given on each criterion: declared in the campaign file, or read off the scores.
public struct ScaleSteps: Sendable {
  public let minimum: [Double]
  public let maximum: [Double]
  /// Distance between neighbouring marks; 0 when the scores show none.
  public let step: [Double]

  /// Steps tried on undeclared criteria, widest first.
  static let candidates: [Double] = [100, 50, 20, 10, 5, 2, 1, 0.5, 0.25, 0.2, 0.1, 0.05, 0.01]

  /// Rows in `excluded` are no scores. Declared limits and steps are taken as they are. Undeclared ones are the range of the criterion's scores, and the widest step they all keep to.
  public init(table: ScoreTable, campaign: Campaign, without excluded: Set<Int> = []) {
    let criteria = table.criteria.count
    var low = [Double](repeating: .infinity, count: criteria)
    var high = [Double](repeating: -.infinity, count: criteria)
    for i in 0..<table.count where excluded.isEmpty || !excluded.contains(i) {
      let c = Int(table.criterion[i])
      low[c] = min(low[c], table.score[i])
      high[c] = max(high[c], table.score[i])
    }
    var candidate = [Int](repeating: 0, count: criteria)
    let steps = ScaleSteps.candidates
    for i in 0..<table.count where excluded.isEmpty || !excluded.contains(i) {
      let c = Int(table.criterion[i])
      while candidate[c] < steps.count, !ScaleSteps.isMultiple(table.score[i] - low[c], of: steps[candidate[c]]) { candidate[c] += 1 }
    }
    let declared = table.criteria.map { campaign.criteria[$0]?.scale }
    minimum = (0..<criteria).map { declared[$0]?.minimum ?? campaign.scale?.minimum ?? low[$0] }
    maximum = (0..<criteria).map { declared[$0]?.maximum ?? campaign.scale?.maximum ?? high[$0] }
    step = (0..<criteria).map { c in
      if let step = declared[c]?.step ?? campaign.scale?.step { return step }
      // A criterion with one value only says nothing of its step.
      return high[c] > low[c] && candidate[c] < steps.count ? min(steps[candidate[c]], high[c] - low[c]) : 0
    }
  }

  /// Whether `x` is a multiple of `step` to within the rounding of decimal fractions.
  static func isMultiple(_ x: Double, of step: Double) -> Bool {
    let ratio = x / step
    return abs(ratio - ratio.rounded()) <= 1e-6 * max(1, abs(ratio) * 1e-6)
  }

  /// Whether nothing beyond `mark` could be given.
  @inline(__always)
  func isAtEnd(_ mark: Double, criterion c: Int) -> Bool { mark >= maximum[c] || mark <= minimum[c] }

  /// The nearest mark that can be given.
  func snap(_ x: Double, criterion c: Int) -> Double {
    let h = step[c]
    let on = h > 0 ? minimum[c] + ((x - minimum[c]) / h).rounded() * h : x
    return min(max(on, minimum[c]), maximum[c])
  }
}
