internal import Foundation
internal import Statistics

/// How widely each rater uses the scale: some set strong and weak units further apart than others do, some less far.
///
/// By rater r, over its sheets, e being what a sheet differs by from its unit's other sheets beyond severity, and x the level of these other
/// sheets less the campaign's median:
///
///     e = a[r] + g[r] x + noise,   slope[r] = 1 + (g[r] − γ) τ² / (τ² + κ[r])
///
/// by Huber's regression, which bounds what any one sheet can do. γ is the centre of all g (errors of x lower them alike), κ the sampling variance
/// of g, and τ² the spread between raters beyond chance: the bulk of (g − γ)/√κ has variance 1 + τ² mean(1/κ). Nothing is adjusted unless that exceeds 1
/// clearly, and moves
/// sheets by a fifth of their noise, so that campaigns whose raters use the scale alike are what they were. No slope is shrunk by more than its standard error √κ: the
/// few who exaggerate most are the ones it matters for.
///
/// A sheet is adjusted by the slope on the rater's *other* sheets, so that a favoured sheet cannot pull what it is judged by: by (slope − 1) x,
/// with the variance of the slope times x². O(sheets).
///
/// Source: congeneric measurements of Jöreskog 1971, Psychometrika 36:109; limited translation of Efron and Morris 1972, JASA 67:130.
struct ScaleUse: Sendable {
  /// Standard deviation of honest raters' slopes about 1.
  let spread: Double
  /// By rater, 1 for the typical one; and its standard error.
  private(set) var slope: [Double]
  private(set) var slopeError: [Double]
  /// By sheet, in common points: what the rater's slope adds to it, and the variance of that.
  private(set) var shift: [Double]
  private(set) var variance: [Double]
  /// By unit, in common points: its merit less the campaign's median.
  let unitLevel: [Double]

  /// Fewer sheets tell nothing of a slope, and fewer raters nothing of a spread.
  static let minimumSheets = 4
  static let minimumRaters = 12
  /// Standard errors by which the spread between raters must exceed chance; about the 1 % point of its χ².
  static let significance = 3.3
  /// Of a sheet's noise: slopes that move the typical sheet by less are not worth another fit.
  static let material = 0.2
  /// Where sheets begin to lose weight, in standard deviations from their rater's line, and how often the line is drawn.
  static let huber = 2.5
  static let rounds = 5

  /// Nil where raters use the scale alike as far as can be seen.
  init?(_ layout: Layout, _ fit: HonestFit) {
    let sheets = layout.sheetCount
    var residual = [Double](repeating: 0, count: sheets)
    var level = residual
    var weight = residual
    let compared = (0..<sheets).filter { layout.comparable[$0] > 0 }
    guard !compared.isEmpty else { return nil }
    for s in compared {
      residual[s] = fit.residual[s] * (1 - fit.leverage[s])
      level[s] = fit.level[s] - fit.raterEffect[Int(layout.sheetRater[s])] - residual[s]
      weight[s] = 1 / fit.variance[s]
    }
    let middle = median(compared.map { level[$0] })
    for s in compared { level[s] -= middle }
    var lines: [Line] = []
    for _ in 0..<ScaleUse.rounds {
      if !lines.isEmpty {
        for s in compared {
          let z = lines[Int(layout.sheetRater[s])].distance(level[s], residual[s]) / fit.variance[s].squareRoot()
          weight[s] = min(1, ScaleUse.huber / max(z, 1e-12)) / fit.variance[s]
        }
      }
      lines = [Line](repeating: Line(), count: layout.raterCount)
      for s in compared { lines[Int(layout.sheetRater[s])].add(level[s], residual[s], weight[s]) }
    }

    let known = lines.filter { $0.count >= ScaleUse.minimumSheets && $0.squares > 0 }
    guard known.count >= ScaleUse.minimumRaters else { return nil }
    let centre = bulkCentre(known.map(\.slope))
    let excess = squared(bulkSpread(known.map { ($0.slope - centre) * $0.squares.squareRoot() })) - 1
    let count = Double(known.count)
    guard excess > ScaleUse.significance * (2 / count).squareRoot() else { return nil }
    let spreadSquare = excess * count / known.reduce(0) { $0 + $1.squares }
    let spread = spreadSquare.squareRoot()
    guard spread * residualScale(compared.map { level[$0] }) > ScaleUse.material * fit.sheetMeanSD else { return nil }
    self.spread = spread

    /// The slope beyond 1 and its variance.
    func estimate(_ line: Line) -> (Double, Double) {
      guard line.count >= ScaleUse.minimumSheets - 1, line.squares > 0 else { return (0, spreadSquare) }
      let chance = 1 / line.squares
      let share = spreadSquare / (spreadSquare + chance)
      let beyond = line.slope - centre
      let shrinkage = min((1 - share) * abs(beyond), chance.squareRoot())
      return (beyond - (beyond < 0 ? -shrinkage : shrinkage), share * chance)
    }
    slope = []
    slopeError = []
    for line in lines {
      let (beyond, variance) = estimate(line)
      slope.append(1 + beyond)
      slopeError.append(variance.squareRoot())
    }
    shift = [Double](repeating: 0, count: sheets)
    variance = shift
    for s in compared {
      var others = lines[Int(layout.sheetRater[s])]
      others.add(level[s], residual[s], weight[s], times: -1)
      let (beyond, slopeVariance) = estimate(others)
      shift[s] = beyond * level[s]
      variance[s] = slopeVariance * squared(level[s])
    }
    unitLevel = (0..<layout.unitCount).map { u in
      let cells = layout.unitCellStart[u]..<layout.unitCellStart[u + 1]
      return cells.reduce(0) { $0 + fit.merit[$1] } / Double(max(1, cells.count)) - middle
    }
  }

  /// Scores as they would be if all raters used the scale alike.
  func adjusted(_ scores: [Double], _ layout: Layout) -> [Double] {
    var scores = scores
    for s in 0..<layout.sheetCount where shift[s] != 0 {
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] { scores[o] -= shift[s] }
    }
    return scores
  }

  /// P(Z > z) at the fitted spread.
  func upperTail(_ z: Double, _ tail: StudentT) -> Double { ScaleUse.upperTail(z, tail, spread: spread) }

  /// P(Z > z) for honest severities in standard deviations: who exaggerates all they give exaggerates their leniency too, so that Z is `tail`'s variable times a
  /// log-normal slope. By the trapezoidal rule over four standard deviations of its logarithm.
  static func upperTail(_ z: Double, _ tail: StudentT, spread: Double) -> Double {
    var sum = 0.0
    var total = 0.0
    for i in -16...16 {
      let x = 0.25 * Double(i)
      let density = exp(-0.5 * x * x)
      sum += density * tail.upperTail(z / exp(spread * x))
      total += density
    }
    return sum / total
  }
}

/// Weighted sums of one rater's regression of e on x, from which a sheet can be taken out again.
private struct Line {
  private(set) var count = 0
  private var w = 0.0
  private var x = 0.0
  private var y = 0.0
  private var xx = 0.0
  private var xy = 0.0

  mutating func add(_ level: Double, _ residual: Double, _ weight: Double, times sign: Int = 1) {
    let p = Double(sign) * weight
    count += sign
    w += p
    x += p * level
    y += p * residual
    xx += p * level * level
    xy += p * level * residual
  }

  /// Σ w (x − x̄)², the inverse of the slope's variance.
  var squares: Double { max(0, xx - x * x / w) }
  var slope: Double { (xy - x * y / w) / squares }

  func distance(_ level: Double, _ residual: Double) -> Double {
    let slope = squares > 0 ? slope : 0
    return abs(residual - (y - slope * x) / w - slope * level)
  }
}
