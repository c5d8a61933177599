internal import Foundation
internal import Scores
internal import Statistics
internal import Wording

/// What every rater gives the units of each other group beyond what the rater gives the rest of the units.
///
/// By rater r and group g of units, r's own group left out:
///
///     contrast = Σ_g p e / Σ_g p − Σ_rest p e / Σ_rest p,    variance = 1/Σ_g p + 1/Σ_rest p
///
/// e being a sheet's residual against its unit's other sheets, cut at 4 standard deviations so that no one sheet decides, and p the inverse of its
/// honest variance. A rater's severity cancels. One pass over the sheets.
struct GroupContrasts: Sendable {
  struct Entry: Sendable {
    var rater: Int
    /// Group of the units, a number in `groups`.
    var group: Int
    /// In common points, of residuals that are cut.
    var contrast: Double
    var standardError: Double
    /// In result points, of residuals as they are.
    var points: Double
    var pointsError: Double
    var sheets: [Int]
  }

  /// Names of the units' groups, in order.
  let groups: [String]
  /// By rater, then by group.
  private(set) var entries: [Entry] = []
  /// Standard deviation of the standardised contrasts of honest raters, at least 1: raters see groups differently.
  private(set) var spread = 1.0

  /// Where residuals are cut, in standard deviations: two sheets of one group need both to be far out.
  static let cut = 4.0

  init(_ table: ScoreTable, _ layout: Layout, _ fit: HonestFit, pointsPerCommon: [Double]) {
    let groups = Set(table.units.compactMap(\.group)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let number = Dictionary(uniqueKeysWithValues: groups.enumerated().map { ($1, $0) })
    let groupOfUnit = table.units.map { $0.group.flatMap { number[$0] } ?? -1 }
    self.groups = groups
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var sums = [Sum](repeating: Sum(), count: groups.count)
    for r in 0..<layout.raterCount {
      let own = table.raters[r].group.flatMap { number[$0] } ?? -1
      var touched: [Int] = []
      var all = Sum()
      for s in grouped.members(of: r) where layout.comparable[s] > 0 {
        let g = groupOfUnit[Int(layout.sheetUnit[s])]
        guard g >= 0, g != own else { continue }
        // The profile over the criteria says nothing of a preference, and would only add noise here.
        let variance = fit.variance[s] / fit.profileFactor[s]
        if sums[g].sheets.isEmpty { touched.append(g) }
        sums[g].add(s, fit.residual[s], variance, pointsPerCommon[s])
        all.add(s, fit.residual[s], variance, pointsPerCommon[s])
      }
      for g in touched.sorted() {
        if all.sheets.count - sums[g].sheets.count >= 2 { entries.append(Entry(r, g, sums[g], all)) }
        sums[g] = Sum()
      }
    }
    if entries.count >= 20 { spread = max(1, robustSpread(entries.map { $0.contrast / $0.standardError })) }
  }

  fileprivate struct Sum {
    var sheets: [Int] = []
    var precision = 0.0
    var residual = 0.0
    var points = 0.0
    var scale = 0.0
    /// Σ p e and Σ p e² of residuals as they are.
    var whole = 0.0
    var squares = 0.0

    /// Variance of the sum over its precision: where the sheets scatter more than they should, by their own scatter (Birge's ratio).
    func variance(without other: Sum? = nil) -> Double {
      let n = Double(sheets.count - (other?.sheets.count ?? 0))
      let precision = self.precision - (other?.precision ?? 0)
      let whole = self.whole - (other?.whole ?? 0)
      let squares = self.squares - (other?.squares ?? 0)
      return max(1, (squares - whole * whole / precision) / max(1, n - 1)) / precision
    }

    mutating func add(_ s: Int, _ residual: Double, _ variance: Double, _ pointsPerCommon: Double) {
      let p = 1 / variance
      let limit = GroupContrasts.cut * variance.squareRoot()
      sheets.append(s)
      precision += p
      self.residual += p * min(max(residual, -limit), limit)
      whole += p * residual
      squares += p * residual * residual
      points += p * residual * pointsPerCommon
      scale += p * pointsPerCommon
    }
  }

  /// Why there is no group to favour; nil where there is.
  static func reason(_ study: Study) -> Text? {
    let groups = Set(study.table.units.compactMap(\.group))
    if groups.isEmpty {
      return Text(
        "the scores do not say which group units belong to (column unit_group)", zh: "评分数据没有注明被考评单位的归属（unit_group 一列）")
    }
    if groups.count == 1 { return Text("all units belong to one group", zh: "所有被考评单位归属同一个单位（部门）") }
    return nil
  }
}

extension GroupContrasts.Entry {
  fileprivate init(_ rater: Int, _ group: Int, _ own: GroupContrasts.Sum, _ all: GroupContrasts.Sum) {
    let rest = all.precision - own.precision
    self.rater = rater
    self.group = group
    contrast = own.residual / own.precision - (all.residual - own.residual) / rest
    standardError = (1 / own.precision + 1 / rest).squareRoot()
    points = own.points / own.precision - (all.points - own.points) / rest
    // For what is told, unlike for the test: a few sheets may scatter less than they should by chance, but not more.
    pointsError = (own.variance() + all.variance(without: own)).squareRoot() * own.scale / own.precision
    sheets = own.sheets
  }
}
