/// How far two sheets of one unit lie apart, after their raters' severities and criterion effects: in level and in profile over the criteria.
struct SheetPair: Sendable {
  /// Mean difference over the cells that both scored.
  var level = 0.0
  /// Σ precision (difference − its mean)², which has `cells − 1` degrees of freedom.
  var profile = 0.0
  var cells = 0

  /// O(criteria of the two sheets).
  @inline(__always)
  init(_ s: Int, _ t: Int, layout: Layout, y: [Double], raterEffect: [Double], raterCriterion: [Double], criterionPrecision: [Double]) {
    let r = Int(layout.sheetRater[s])
    let q = Int(layout.sheetRater[t])
    let criteria = layout.criterionCount
    let hasProfile = !raterCriterion.isEmpty
    let shift = raterEffect[r] - raterEffect[q]
    var sum = 0.0
    var squares = 0.0
    var scaledSum = 0.0
    var precision = 0.0
    var count = 0.0
    layout.forEachCommonCriterion(s, t) { k, i, j in
      let own = hasProfile ? raterCriterion[r * criteria + k] - raterCriterion[q * criteria + k] : 0
      let d = y[i] - y[j] - shift - own
      let w = criterionPrecision[k]
      sum += d
      squares += d * d * w
      scaledSum += d * w
      precision += w
      count += 1
    }
    guard count > 0 else { return }
    cells = Int(count)
    level = sum / count
    profile = count > 1 ? max(0, squares - 2 * level * scaledSum + level * level * precision) : 0
  }
}
