internal import Foundation
internal import Scores

/// Units' results and ranks by the campaign's own rule.
struct Results: Sendable {
  /// A unit's result in points, by unit of the table; nan for a unit without sheets.
  let result: [Double]
  /// Rank from 1 for the best within the unit's class and round; ties share the better rank.
  let rank: [Int]
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
    for group in members {
      for (u, place) in Results.ranks(group, result, resolution) { rank[u] = place }
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

  private static func ranks(_ group: [Int], _ result: [Double], _ resolution: Double) -> [(unit: Int, place: Int)] {
    let order = group.filter { !result[$0].isNaN }.sorted { (result[$0], $1) > (result[$1], $0) }
    var places: [(Int, Int)] = []
    for (i, u) in order.enumerated() {
      let tied = i > 0 && result[order[i - 1]] - result[u] < 0.5 * resolution + 1e-9
      places.append((u, tied ? places[i - 1].1 : i + 1))
    }
    return places
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
      // One unit's move shifts others by a place; only units that the finding is about are named.
      let places = Results.ranks(members[group], changed, resolution)
      for (u, place) in places where units.contains(u) && place != rank[u] {
        changes.append(Impact.RankChange(unit: study.table.units[u].name, from: rank[u], to: place))
      }
      guard !study.campaign.awards.isEmpty else { continue }
      var before: [Int: Set<String>] = [:]
      for u in members[group] { before[u] = lines(rank: rank[u], result: result[u], of: u, among: members[group].count) }
      for (u, place) in places where lines(rank: place, result: changed[u], of: u, among: members[group].count) != before[u] {
        awards.insert(study.table.units[u].name)
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
