internal import Foundation
internal import Statistics

/// How far apart the sheets of every two raters who share units lie, beside how far they lie from the rest of their panels.
///
/// For two sheets of a unit, after their raters' severities, over n common criteria,
///
///     D(x, y) = level² / Var(level) + Σ profile² / Var(profile),
///
/// whose expectation is n (ν_x + ν_y)/2 for raters who judge each for themselves, ν being a rater's noise variance relative to the typical rater's.
/// By pair a, b over the units they share (D cut at 3 n, so that no one unit decides):
///
///     closeness   Q = Σ D(a, b) / Σ n (ν_a + ν_b)/2,  ν from the sheets that the two do *not* share; a χ² over its degrees of freedom
///     company     T = Σ mean over the others o of the panel of (D(a, o) + D(b, o))/2 − D(a, b),  expectation 0
///
/// Q is small where two settle their scores together, T large where they depart from the rest in the same direction. Noise of a unit enters both sides of T
/// and cancels. O(Σ panel² · criteria + Σ panel³); one number is kept for every two sheets of a unit.
struct PairDistances: Sendable {
  private(set) var pairs: [RaterPair] = []

  static let minimumUnits = 4
  static let minimumCells = 4
  /// Two opinions among more than this many hardly move a mean.
  static let largestPanel = 12
  static let cap = 3.0

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let meetings = Meetings(study, fit)
    let noise = OwnNoise(study, fit)
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var sums = [Sums](repeating: Sums(), count: layout.raterCount)
    var touched: [Int] = []
    for r in 0..<layout.raterCount {
      for s in grouped.members(of: r) {
        let u = Int(layout.sheetUnit[s])
        let panel = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
        guard panel.count <= PairDistances.largestPanel else { continue }
        for t in panel where t > s {
          let cells = meetings.cells(s, t)
          guard cells >= PairDistances.minimumCells else { continue }
          let q = Int(layout.sheetRater[t])
          if sums[q].units == 0 { touched.append(q) }
          sums[q].units += 1
          sums[q].cells += Double(cells)
          sums[q].distance += min(meetings.distance(s, t), PairDistances.cap * Double(cells))
          sums[q].first.add(noise.sheet(s))
          sums[q].second.add(noise.sheet(t))
          PairDistances.company(s, t, panel, meetings, noise, fit, &sums[q])
        }
      }
      touched.sort()
      for q in touched {
        if sums[q].units >= PairDistances.minimumUnits { pairs.append(PairDistances.pair(r, q, sums[q], noise, fit)) }
        sums[q] = Sums()
      }
      touched.removeAll(keepingCapacity: true)
    }
  }

  /// What is summed over the units of one pair.
  private struct Sums {
    var units = 0
    var cells = 0.0
    var distance = 0.0
    var company = 0.0
    var companyVariance = 0.0
    var first = OwnNoise.Share()
    var second = OwnNoise.Share()
  }

  /// Adds T of one unit, where each other sheet counts by its weight in the fit. Var(T) = n (1 + (m + 4)/(4m)) for m others and normal scores: D has variance 2
  /// a criterion, and two D that share a sheet covariance ½.
  private static func company(
    _ s: Int, _ t: Int, _ panel: Range<Int>, _ meetings: Meetings, _ noise: OwnNoise, _ fit: HonestFit, _ sums: inout Sums
  ) {
    func perCell(_ x: Int, _ y: Int) -> Double? {
      let cells = Double(meetings.cells(x, y))
      guard cells >= Double(minimumCells) else { return nil }
      return min(meetings.distance(x, y) / (0.5 * (noise.factor(ofSheet: x) + noise.factor(ofSheet: y)) * cells), cap)
    }
    guard let between = perCell(s, t) else { return }
    var apart = 0.0
    var weights = 0.0
    var squares = 0.0
    for o in panel where o != s && o != t && fit.weight[o] > 0 {
      guard let a = perCell(s, o), let b = perCell(t, o) else { continue }
      apart += fit.weight[o] * 0.5 * (a + b)
      weights += fit.weight[o]
      squares += fit.weight[o] * fit.weight[o]
    }
    guard weights > 0 else { return }
    let others = weights * weights / squares
    let cells = Double(meetings.cells(s, t))
    sums.company += cells * (apart / weights - between)
    sums.companyVariance += cells * (1 + (others + 4) / (4 * others))
  }

  private static func pair(_ r: Int, _ q: Int, _ sums: Sums, _ noise: OwnNoise, _ fit: HonestFit) -> RaterPair {
    let (a, b) = (noise.without(sums.first, rater: r), noise.without(sums.second, rater: q))
    let closeness = sums.distance / (sums.cells * 0.5 * (a.factor + b.factor))
    let noiseVariance = 0.25 * (a.logVariance + b.logVariance)
    return RaterPair(
      first: r, second: q, units: sums.units, cells: sums.cells, closeness: closeness, noiseVariance: noiseVariance,
      isNoisy: max(fit.raterNoise[r], fit.raterNoise[q]) > 1,
      closenessZ: RaterPair.closenessZ(closeness, freedom: sums.cells, noiseVariance: noiseVariance),
      companyZ: sums.companyVariance > 0 ? sums.company / sums.companyVariance.squareRoot() : 0)
  }
}

/// D of every two sheets of a unit, by unit.
private struct Meetings {
  private let layout: Layout
  /// Where the block of each unit begins; a block holds the sheets' pairs by row above the diagonal.
  private var start: [Int] = [0]
  private var distances: [Double] = []
  private var counts: [Int32] = []

  init(_ study: Study, _ fit: HonestFit) {
    layout = study.layout
    let own = squared(fit.sheetSD)
    let cell = squared(fit.cellSD)
    let criterionPrecision = fit.criterionPrecision
    start.reserveCapacity(layout.unitCount + 1)
    for u in 0..<layout.unitCount {
      let panel = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
      if panel.count <= PairDistances.largestPanel {
        for s in panel {
          for t in (s + 1)..<max(s + 1, panel.upperBound) {
            let pair = SheetPair(
              s, t, layout: layout, y: study.adjustedScores, raterEffect: fit.raterEffect, raterCriterion: fit.raterCriterion,
              criterionPrecision: criterionPrecision)
            // A third sheet far off must not make the others' agreement a miracle.
            let h = squared(min(fit.othersNoise[s], fit.othersNoise[t], fit.unitNoise[u]))
            let cells = Double(max(1, pair.cells))
            distances.append(squared(pair.level) / (2 * h * (own + cell / cells)) + pair.profile / (2 * h * cell))
            counts.append(layout.comparable[s] > 0 && layout.comparable[t] > 0 ? Int32(pair.cells) : 0)
          }
        }
      }
      start.append(distances.count)
    }
  }

  private func index(_ x: Int, _ y: Int) -> Int {
    let (s, t) = (min(x, y), max(x, y))
    let u = Int(layout.sheetUnit[s])
    let first = layout.unitSheetStart[u]
    let k = layout.unitSheetStart[u + 1] - first
    let i = s - first
    return start[u] + i * (k - 1) - i * (i - 1) / 2 + (t - s - 1)
  }

  func distance(_ x: Int, _ y: Int) -> Double { distances[index(x, y)] }
  func cells(_ x: Int, _ y: Int) -> Int { Int(counts[index(x, y)]) }
}

/// Raters' noise as the profiles of their sheets show it, shrunk towards the typical rater's as far as honest raters are alike.
private struct OwnNoise {
  /// Squares and degrees of freedom of some sheets.
  struct Share {
    var squares = 0.0
    var freedom = 0.0

    mutating func add(_ other: Share) {
      squares += other.squares
      freedom += other.freedom
    }
  }

  private let fit: HonestFit
  private let layout: Layout
  private var total: [Share]
  private let prior: Double

  init(_ study: Study, _ fit: HonestFit) {
    self.fit = fit
    layout = study.layout
    prior = RaterNoise(study.layout, fit).priorFreedom
    total = [Share](repeating: Share(), count: layout.raterCount)
    for s in 0..<layout.sheetCount { total[Int(layout.sheetRater[s])].add(sheet(s)) }
  }

  func sheet(_ s: Int) -> Share {
    guard layout.comparable[s] > 1 else { return Share() }
    let freedom = Double(layout.comparable[s] - 1)
    return Share(squares: min(fit.profile[s], RaterNoise.profileCap) * freedom, freedom: freedom)
  }

  /// The noise factor of the sheet's rater, at least 1.
  func factor(ofSheet s: Int) -> Double {
    let all = total[Int(layout.sheetRater[s])]
    return max(1, (all.squares + prior) / (all.freedom + prior))
  }

  /// The noise factor of a rater on sheets other than those in `share`, and the variance of its logarithm.
  func without(_ share: Share, rater: Int) -> (factor: Double, logVariance: Double) {
    let freedom = max(0, total[rater].freedom - share.freedom) + prior
    return ((max(0, total[rater].squares - share.squares) + prior) / freedom, 2 / freedom)
  }
}
