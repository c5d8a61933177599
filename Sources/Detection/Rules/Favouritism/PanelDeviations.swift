internal import Foundation
internal import Scores

/// Every sheet's deviation from its panel in standard deviations of an honest one: of sheets of one to three marks, none of them at an end of its scale.
struct PanelDeviations {
  private let layout: Layout
  private let fit: HonestFit
  /// By sheet; nan where it is not used.
  private var deviation: [Double]
  private var weight: [Double]
  private var rounding: [Double]
  /// By unit.
  private var sums: [Sums]
  private var level: [Double]
  private var round: [Int32]
  private(set) var isAny = false
  /// By how much units of unequal noise widen a sum of products: E s⁴ / (E s²)², 1 where the noise of all units is the same.
  private(set) var inequality = 1.0

  /// Deviations are cut here, in standard deviations: no one unit decides.
  static let cut = 3.0

  /// A group of fewer units is not told from chance.
  static let minimumOfGroup = 4

  /// Weighted sums over the sheets of one panel.
  private struct Sums {
    var w = 0.0
    var ww = 0.0
    var we = 0.0
    var wwe = 0.0
    var wwee = 0.0

    mutating func add(_ w: Double, _ e: Double, times sign: Double = 1) {
      self.w += sign * w
      ww += sign * w * w
      we += sign * w * e
      wwe += sign * w * w * e
      wwee += sign * w * w * e * e
    }
  }

  /// One pass over the scores, two over the sheets.
  init(_ study: Study, _ fit: HonestFit) {
    layout = study.layout
    self.fit = fit
    let steps = study.steps
    let scale = fit.criterionScale
    deviation = [Double](repeating: .nan, count: layout.sheetCount)
    weight = [Double](repeating: 0, count: layout.sheetCount)
    rounding = weight
    sums = [Sums](repeating: Sums(), count: layout.unitCount)
    level = [Double](repeating: 0, count: layout.unitCount)
    let rounds = Set(study.table.units.compactMap(\.round)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let number = Dictionary(uniqueKeysWithValues: rounds.enumerated().map { ($1, Int32($0)) })
    round = study.table.units.map { $0.round.flatMap { number[$0] } ?? -1 }
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 && Int(layout.comparable[s]) < PairDistances.minimumCells {
      let u = Int(layout.sheetUnit[s])
      guard layout.unitSheetStart[u + 1] - layout.unitSheetStart[u] <= PairDepartures.largestPanel else { continue }
      let range = layout.sheetStart[s]..<layout.sheetStart[s + 1]
      let isAtEnd = range.contains { o in
        let k = Int(layout.criterion[o])
        return study.scores[o] <= steps.minimum[k] || study.scores[o] >= steps.maximum[k]
      }
      if isAtEnd { continue }
      let cells = Double(layout.comparable[s])
      let variance = squared(fit.sheetSD) + squared(fit.cellSD) / cells
      deviation[s] = fit.deviation[s] / (variance.squareRoot() * fit.unitNoise[u])
      let step =
        range.reduce(0) { $0 + squared(steps.step[Int(layout.criterion[$1])] * scale[Int(layout.criterion[$1])]) } / Double(range.count)
      rounding[s] = step / 12 / (cells * variance)
      isAny = true
    }
    guard isAny else { return }
    takeOffGroups(study)
    for u in 0..<layout.unitCount {
      let cells = layout.unitCellStart[u]..<layout.unitCellStart[u + 1]
      level[u] = cells.reduce(0) { $0 + fit.merit[$1] } / Double(max(1, cells.count))
      for s in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where !deviation[s].isNaN {
        let noise = fit.raterNoise[Int(layout.sheetRater[s])]
        let limit = PanelDeviations.cut * noise.squareRoot()
        deviation[s] = min(max(deviation[s], -limit), limit)
        weight[s] = fit.weight[s] / (noise * fit.panelFactor[s])
        sums[u].add(weight[s], deviation[s])
      }
    }
    inequality = unequalNoise()
  }

  /// What each rater gives a group of units beyond chance, own or other, is another rule's business: by Stein's shrinkage of the mean.
  private mutating func takeOffGroups(_ study: Study) {
    let groups = Set(study.table.units.compactMap(\.group)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard groups.count > 1 else { return }
    let number = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    let groupOfUnit = study.table.units.map { $0.group.flatMap { number[$0] } ?? -1 }
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var sum = [Double](repeating: 0, count: groups.count)
    var count = sum
    for r in 0..<layout.raterCount {
      let sheets = grouped.members(of: r).filter { !deviation[$0].isNaN && groupOfUnit[Int(layout.sheetUnit[$0])] >= 0 }
      for s in sheets {
        sum[groupOfUnit[Int(layout.sheetUnit[s])]] += deviation[s]
        count[groupOfUnit[Int(layout.sheetUnit[s])]] += 1
      }
      for s in sheets {
        let g = groupOfUnit[Int(layout.sheetUnit[s])]
        guard Int(count[g]) >= PanelDeviations.minimumOfGroup else { continue }
        let chance = fit.raterNoise[r] * count[g] / max(squared(sum[g]), 1e-12)
        deviation[s] -= max(0, 1 - chance) * sum[g] / count[g]
      }
      for s in sheets {
        sum[groupOfUnit[Int(layout.sheetUnit[s])]] = 0
        count[groupOfUnit[Int(layout.sheetUnit[s])]] = 0
      }
    }
  }

  /// From the variances within panels, less what chance makes of their squares.
  private func unequalNoise() -> Double {
    var (first, second, panels) = (0.0, 0.0, 0.0)
    for u in 0..<layout.unitCount {
      let values = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).compactMap { deviation[$0].isNaN ? nil : deviation[$0] }
      guard values.count > 2 else { continue }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let variance = values.reduce(0) { $0 + squared($1 - mean) } / (n - 1)
      first += variance
      second += variance * variance / (1 + 2 / (n - 1))
      panels += 1
    }
    return first > 0 ? max(1, second * panels / (first * first)) : 1
  }

  /// Pairs of sheets of rater `r` and a rater of later number with a third sheet beside them.
  @inline(__always)
  func forEachMeeting(of r: Int, _ grouped: GroupedIndices, _ body: (_ sheet: Int, _ other: Int) -> Void) {
    for s in grouped.members(of: r) where !deviation[s].isNaN {
      let u = Int(layout.sheetUnit[s])
      for t in (s + 1)..<max(s + 1, layout.unitSheetStart[u + 1]) where !deviation[t].isNaN && sums[u].w - weight[s] - weight[t] > 1e-6 {
        body(s, t)
      }
    }
  }

  func meeting(_ s: Int, _ t: Int) -> Meeting {
    let u = Int(layout.sheetUnit[s])
    var others = sums[u]
    others.add(weight[s], deviation[s], times: -1)
    others.add(weight[t], deviation[t], times: -1)
    let (a, b) = (deviation[s], deviation[t])
    let mean = others.we / others.w
    let (x, y) = (a - mean, b - mean)
    let count = others.w * others.w / others.ww
    let products = others.ww * a * b - (a + b) * others.wwe + others.wwee
    let apart = others.w * others.w - others.ww
    let shared = count >= PairDepartures.minimumOthers ? x * y - (others.w * others.w * x * y - products) / apart : 0
    // A third sheet far off must not make the others' agreement a miracle.
    let h = fit.unitNoise[u] / min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])
    return Meeting(
      other: Int(layout.sheetRater[t]), sheet: s, otherSheet: t, round: round[u], x: x * h, y: y * h, shared: shared * h * h, others: count,
      rounding: (rounding[s] + rounding[t]) / squared(min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u])), level: level[u])
  }
}

/// Two sheets of one unit against the others of its panel, in standard deviations of an honest sheet.
struct Meeting {
  var other: Int
  var sheet: Int
  var otherSheet: Int
  var round: Int32
  var x: Double
  var y: Double
  /// What the common comparison adds to E x y, and how many sheets it rests on.
  var shared: Double
  var others: Double
  /// Squared difference that rounding may hide.
  var rounding: Double
  var level: Double
}
