/// How far two sheets of one unit lie apart, after their raters' severities and criterion effects: in level and in profile over the criteria.
struct SheetPair: Sendable {
  /// Mean difference over the cells that both scored.
  var level = 0.0
  /// Σ ((difference − its mean) / criterion noise)², which has `cells − 1` degrees of freedom.
  var profile = 0.0
  var cells = 0

  /// One merge of two ascending runs of criteria. `effect(rater, criterion)` is what is taken off a rater's scores.
  @inline(__always)
  init(_ s: Int, _ t: Int, layout: Layout, y: [Double], raterEffect: [Double], raterCriterion: [Double], criterionNoise: [Double]) {
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
    var i = layout.sheetStart[s]
    var j = layout.sheetStart[t]
    let iEnd = layout.sheetStart[s + 1]
    let jEnd = layout.sheetStart[t + 1]
    while i < iEnd && j < jEnd {
      let k = Int(layout.criterion[i])
      let l = Int(layout.criterion[j])
      if k < l {
        i += 1
      } else if l < k {
        j += 1
      } else {
        let own = hasProfile ? raterCriterion[r * criteria + k] - raterCriterion[q * criteria + k] : 0
        let d = y[i] - y[j] - shift - own
        let w = 1 / (criterionNoise[k] * criterionNoise[k])
        sum += d
        squares += d * d * w
        scaledSum += d * w
        precision += w
        count += 1
        i += 1
        j += 1
      }
    }
    guard count > 0 else { return }
    cells = Int(count)
    level = sum / count
    profile = count > 1 ? max(0, squares - 2 * level * scaledSum + level * level * precision) : 0
  }
}
