internal import Foundation
internal import Scores

/// Units' results and ranks by the campaign's own rule.
struct Results: Sendable {
  /// A unit's result in points, by unit of the table; nan for a unit without sheets.
  let result: [Double]
  /// Rank within the unit's class and round: 1 and the number of units that are better by more than a tie.
  let rank: [Int]
  /// Results of the units ranked together, ascending.
  private let sorted: [[Double]]
  /// Units ranked together.
  private let members: [[Int]]
  private let classOf: [Int]
  private let sheetResult: [Double]
  private let study: Study
  /// Results closer than this are tied: nothing finer than half a mark of one rater can be meant.
  private let resolution: Double

  init(_ study: Study) {
    self.study = study
    let layout = study.layout
    let weights = study.table.criteria.map { study.campaign.criteria[$0]?.weight ?? 1 }
    sheetResult = (0..<layout.sheetCount).map { s in
      var sum = 0.0
      var total = 0.0
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let w = weights[Int(layout.criterion[o])]
        sum += w * study.scores[o]
        total += w
      }
      return study.campaign.result.overCriteria == .sum ? sum : total > 0 ? sum / total : 0
    }
    var classes: [String: Int] = [:]
    var members: [[Int]] = []
    classOf = study.table.units.indices.map { u in
      let unit = study.table.units[u]
      let key = "\(unit.category ?? "")\u{1F}\(unit.round ?? "")"
      let known = classes[key] ?? members.count
      if known == members.count {
        classes[key] = known
        members.append([])
      }
      members[known].append(u)
      return known
    }
    self.members = members
    let step = study.steps.step.filter { $0 > 0 }.min() ?? 0
    let perSheet = study.campaign.result.overCriteria == .sum ? 1 : Double(max(1, layout.observationCount / max(1, layout.sheetCount)))
    let panel = Double(layout.sheetCount) / Double(max(1, layout.unitCount))
    resolution = step / perSheet / max(1, panel)
    let sheets = sheetResult
    let result = (0..<layout.unitCount).map {
      Results.combine(Array(sheets[layout.unitSheetStart[$0]..<layout.unitSheetStart[$0 + 1]]), study.campaign.result.overRaters)
    }
    self.result = result
    var rank = [Int](repeating: 0, count: result.count)
    sorted = members.map { group in group.map { result[$0] }.filter { !$0.isNaN }.sorted() }
    for (g, group) in members.enumerated() {
      for u in group { rank[u] = 1 + Results.countBetter(than: result[u], in: sorted[g], resolution) }
    }
    self.rank = rank
  }

  static func combine(_ sheets: [Double], _ rule: ResultRule.OverRaters) -> Double {
    guard !sheets.isEmpty else { return .nan }
    switch rule {
    case .mean: return sheets.reduce(0, +) / Double(sheets.count)
    case .median:
      var values = sheets
      return smallMedian(&values)
    case .trimmed(let low, let high):
      let sorted = sheets.sorted()
      guard sorted.count > low + high else { return sorted.reduce(0, +) / Double(sorted.count) }
      let kept = sorted[low..<(sorted.count - high)]
      return kept.reduce(0, +) / Double(kept.count)
    }
  }

  /// How many of ascending `values` are better than `x` by more than a tie.
  private static func countBetter(than x: Double, in values: [Double], _ resolution: Double) -> Int {
    let bar = x + 0.5 * resolution + 1e-9
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < bar { low = middle + 1 } else { high = middle }
    }
    return values.count - low
  }

  /// What taking the corrections off would change: ranks, and the awards and deductions of the campaign file.
  func impact(of corrections: [Correction]) -> Impact {
    guard !corrections.isEmpty else { return Impact() }
    let layout = study.layout
    var points: [Int: Double] = [:]
    for correction in corrections { points[correction.sheet, default: 0] += correction.points }
    let units = Set(points.keys.map { Int(layout.sheetUnit[$0]) })
    var changed = result
    for u in units {
      let sheets = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).map { sheetResult[$0] - (points[$0] ?? 0) }
      changed[u] = Results.combine(sheets, study.campaign.result.overRaters)
    }
    var changes: [Impact.RankChange] = []
    var awards: Set<String> = []
    for group in Set(units.map { classOf[$0] }).sorted() {
      let affected =
        members[group].count < 4 * units.count ? members[group].filter(units.contains) : units.filter { classOf[$0] == group }.sorted()
      let before = affected.map { result[$0] }.filter { !$0.isNaN }.sorted()
      let after = affected.map { changed[$0] }.filter { !$0.isNaN }.sorted()
      // Of the whole class, take out the affected units as they were and put them back as they would be.
      func place(_ x: Double) -> Int {
        1 + Results.countBetter(than: x, in: sorted[group], resolution) - Results.countBetter(than: x, in: before, resolution)
          + Results.countBetter(than: x, in: after, resolution)
      }
      // One unit's move shifts others by a place; only units that the finding is about are named.
      for u in affected where !changed[u].isNaN {
        let to = place(changed[u])
        if to != rank[u] { changes.append(Impact.RankChange(unit: study.table.units[u].name, from: rank[u], to: to)) }
      }
      guard !study.campaign.awards.isEmpty else { continue }
      // Awards can pass to units that the finding is not about.
      let count = members[group].count
      for u in members[group] where !changed[u].isNaN {
        let was = lines(rank: rank[u], result: result[u], of: u, among: count)
        if lines(rank: place(changed[u]), result: changed[u], of: u, among: count) != was { awards.insert(study.table.units[u].name) }
      }
    }
    changes.sort { (abs($1.to - $1.from), $0.unit) < (abs($0.to - $0.from), $1.unit) }
    return Impact(rankChanges: Array(changes.prefix(50)), awards: awards.sorted())
  }

  /// The award and deduction lines that a unit meets.
  private func lines(rank: Int, result: Double, of u: Int, among count: Int) -> Set<String> {
    let category = study.table.units[u].category
    return Set(
      study.campaign.awards.filter { line in
        guard line.category == nil || line.category == category else { return false }
        switch line.reach {
        case .top(let n): return rank <= n
        case .bottom(let n): return rank > count - n
        case .atLeast(let points): return result >= points
        case .below(let points): return result < points
        }
      }.map(\.name))
  }
}
