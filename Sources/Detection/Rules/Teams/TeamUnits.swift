internal import Foundation
internal import Statistics

/// How far the sheets of a team lie from the other sheets of a unit, wherever both sides have two or more.
///
/// With x a sheet's level less its rater's severity and v its honest variance, by team and unit,
///
///     D = L(team) − L(others),    s² = f (Var L(team) + Var L(others)),    z = D / (s τ)
///
/// L is a weighted mean in which sheets more than two standard deviations from the side's median (of two sheets: from the one nearer the other side) lose
/// weight, so that no one sheet makes a team. f ≥ 1 is what the sheets of each side scatter beyond v, shrunk as by eight degrees of freedom; the distance between
/// the sides is no part of it. τ ≥ 1 is the robust spread of D/s over all teams and units: honest teams see a unit together and may agree on it. O(sheets).
struct TeamUnits: Sendable {
  struct Entry: Sendable {
    var team: Int
    /// The other team where two of equal size are all there is: who of them is off cannot be told.
    var rival: Int?
    var unit: Int
    var sheets: [Int]
    var others: [Int]
    /// D in common points, and its standard error by noise alone.
    var value: Double
    var error: Double
  }

  private(set) var entries: [Entry] = []
  private(set) var z: [Double] = []
  private(set) var pValues: [Double] = []
  /// τ, and the tail of z.
  private(set) var spread = 1.0
  private let tail: ResidualTail
  private let student: StudentT

  static let fewest = 12
  static let cut = 2.0
  static let scatterPrior = 8.0

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    for u in 0..<layout.unitCount {
      let panel = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter { layout.comparable[$0] > 0 }
      func team(_ s: Int) -> Int { Int(study.teamOfRater[Int(layout.sheetRater[s])]) }
      let teams = Set(panel.map(team)).sorted()
      let sides = teams.filter { $0 >= 0 }.map { t in (team: t, sheets: panel.filter { team($0) == t }) }
      let isPair = teams.count == 2 && sides.count == 2
      for (i, side) in sides.enumerated() {
        let others = panel.filter { team($0) != side.team }
        guard side.sheets.count >= 2, others.count >= 2 else { continue }
        // Of two teams the smaller one is told apart from the other; of equal ones the first stands for both.
        if isPair, side.sheets.count > others.count || (side.sheets.count == others.count && i > 0) { continue }
        let isEven = isPair && side.sheets.count == others.count
        let (value, error) = TeamUnits.difference(side.sheets, others, layout, fit)
        entries.append(
          Entry(
            team: side.team, rival: isEven ? sides[1].team : nil, unit: u, sheets: side.sheets, others: others, value: value, error: error))
      }
    }
    let ratios = entries.map { $0.value / $0.error }
    spread = ratios.isEmpty ? 1 : max(1, bulkSpread(ratios))
    z = ratios.map { [spread] in $0 / spread }
    // A mean of two sheets or more is nearer to normal than one.
    tail = residualTail(of: z, marks: 2 * fit.marksOfResidual)
    student = StudentT(degreesOfFreedom: robustFreedom(entries.count))
    pValues = z.map { [tail, student] in max(tail.twoSided($0), student.twoSided($0)) }
  }

  func quantile(upperTail p: Double) -> Double { max(tail.quantile(upperTail: p), student.quantile(upperTail: p)) }

  /// D and s.
  private static func difference(_ own: [Int], _ others: [Int], _ layout: Layout, _ fit: HonestFit) -> (Double, Double) {
    func level(_ s: Int) -> Double { fit.level[s] - fit.raterEffect[Int(layout.sheetRater[s])] }
    // The unit's own noise would hold the distance between the sides; the rater's on this sheet, the sheet itself.
    func variance(_ s: Int) -> Double {
      let h = fit.unitNoise[Int(layout.sheetUnit[s])]
      return fit.ownVariance(s, layout) / (h * h * fit.raterNoise[Int(layout.sheetRater[s])]) * fit.ownNoise[s]
    }
    func mean(_ sheets: [Int]) -> Double { sheets.reduce(0) { $0 + level($1) } / Double(sheets.count) }
    func location(_ sheets: [Int], other: Double) -> (value: Double, variance: Double) {
      let levels = sheets.map(level)
      let start = levels.count > 2 ? median(levels) : levels.min { abs($0 - other) < abs($1 - other) }!
      var sum = 0.0
      var total = 0.0
      var squares = 0.0
      for (s, x) in zip(sheets, levels) {
        let v = variance(s)
        let w = min(1, cut * v.squareRoot() / max(abs(x - start), 1e-12)) / v
        sum += w * x
        total += w
        squares += w * w * v
      }
      return (sum / total, squares / (total * total))
    }
    func scatter(_ sheets: [Int]) -> Double {
      let centre = mean(sheets)
      return sheets.reduce(0) { $0 + squared(level($1) - centre) / variance($1) }
    }
    let (a, b) = (location(own, other: mean(others)), location(others, other: mean(own)))
    let freedom = Double(own.count + others.count - 2)
    let factor = max(1, (scatterPrior + scatter(own) + scatter(others)) / (scatterPrior + freedom))
    return (a.value - b.value, (factor * (a.variance + b.variance)).squareRoot())
  }
}
