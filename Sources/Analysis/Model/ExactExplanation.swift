internal import Models
internal import Wording

/// Whether the effects of a formula explain the scores without rest, as where all raters agree on everything: then there is no residual variance to
/// measure the others by.
enum ExactExplanation {
  static let text = Text(
    "the effects explain the scores exactly: there is no residual variance, and nothing to measure the other variances by. Scores that agree perfectly need no model (`plumbline agreement` says so); otherwise take terms out of the formula.",
    zh: "各项效应完全解释了得分：没有残差方差，其他方差也就无从衡量。评分完全一致时无需建模（可用 `plumbline agreement` 查看）；否则请从公式中去掉若干项。")

  /// Least squares by going through fixed columns and grouping factors in turn (Gauss–Seidel) until nothing is left, or 200 times. Random slopes are
  /// not looked at. O(200 N terms).
  static func holds(of design: ModelDesign) -> Bool {
    var rest = design.response
    let mean = rest.reduce(0, +) / Double(max(1, rest.count))
    for i in rest.indices { rest[i] -= mean }
    let scale = rest.reduce(0) { max($0, abs($1)) }
    if scale == 0 { return true }
    for _ in 0..<200 {
      for column in design.fixedColumns {
        var (product, square) = (0.0, 0.0)
        for i in rest.indices {
          product += column[i] * rest[i]
          square += column[i] * column[i]
        }
        if square > 0 { for i in rest.indices { rest[i] -= product / square * column[i] } }
      }
      for term in design.terms where term.columns.count == 1 {
        var sums = [Double](repeating: 0, count: term.factor.levels)
        var counts = sums
        for (i, code) in term.factor.codes.enumerated() {
          sums[Int(code)] += rest[i]
          counts[Int(code)] += 1
        }
        for (i, code) in term.factor.codes.enumerated() { rest[i] -= sums[Int(code)] / counts[Int(code)] }
      }
      if rest.allSatisfy({ abs($0) <= 1e-10 * scale }) { return true }
    }
    return false
  }
}
