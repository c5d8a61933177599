internal import Foundation
internal import Scores
internal import Statistics

/// Sheets of one unit that are not independent of each other: copied, or agreed upon.
///
/// Two raters who copy, or who settle their scores together, put one opinion twice into the panel, and everybody else is then measured
/// against it. A pair of raters is taken to be dependent when its sheets agree too well: Q, the squared differences of level and of profile over their
/// honest variance, summed over the units they share, is so far in the lower tail of its χ² (by Wilson and Hilferty) that chance brings about no such pair
/// among all with a probability of 99 %, *and* below 0.6 of its expectation, so that precise raters with many units in common are not caught. The differences do not depend on the rest of the panel,
/// which may itself be in the ring. On the units where such a pair does agree, its sheets form a cluster.
///
/// A cluster of m sheets is given the weight of one opinion: the variance of each is multiplied by m, and by how much worse than honest
/// sheets the group's clusters fit the rest of their panels. This protects comparisons; accusing is the rules' business.
struct SheetDependence {
  let layout: Layout
  let y: [Double]
  let criterionPrecision: [Double]
  let raterEffect: [Double]
  let raterCriterion: [Double]
  /// Raters' noise factors, not rounded to 1.
  let raterNoise: [Double]
  let sheetMeanVariance: Double
  let cellVariance: Double

  static let minimumUnits = 4
  static let minimumCells = 4
  /// Two opinions among more than this many hardly move a mean.
  static let largestPanel = 12
  /// The probability with which chance may make any pair dependent.
  static let chance = 0.01
  /// What is looked at more closely; milder than the bound for any number of pairs.
  static let mildest = -2.3
  static let largestRatio = 0.6
  static let cap = 3.0

  /// The factor on the variance of every sheet in its panel: 1 where it stands for itself. O(Σ panel² · criteria).
  func factors(sheetsByRater: GroupedIndices, weight: [Double]) -> [Double] {
    var factor = [Double](repeating: 1, count: layout.sheetCount)
    let links = dependentSheets(sheetsByRater)
    guard !links.isEmpty else { return factor }
    var sheets = UnionFind(layout.sheetCount)
    var raters = UnionFind(layout.raterCount)
    for (s, t) in links {
      sheets.join(s, t)
      raters.join(Int(layout.sheetRater[s]), Int(layout.sheetRater[t]))
    }
    var members: [Int: [Int]] = [:]
    for s in Set(links.flatMap { [$0.0, $0.1] }).sorted() { members[sheets.root(s), default: []].append(s) }
    let clusters = members.keys.sorted().map { members[$0]! }
    let noise = groupNoise(clusters, weight: weight, group: { raters.root(Int(layout.sheetRater[$0[0]])) })
    for cluster in clusters {
      let group = raters.root(Int(layout.sheetRater[cluster[0]]))
      for s in cluster { factor[s] = Double(cluster.count) * (noise[group] ?? 1) }
    }
    return factor
  }

  /// Pairs of sheets on which dependent raters agree, one rater at a time against all of later number, so that the order never varies.
  private func dependentSheets(_ sheetsByRater: GroupedIndices) -> [(Int, Int)] {
    var units = [Int32](repeating: 0, count: layout.raterCount)
    var total = [Double](repeating: 0, count: layout.raterCount)
    var freedom = total
    var touched: [Int] = []
    var pairs: [(s: Int, t: Int, rater: Int, q: Double, cells: Int)] = []
    var candidates: [(s: Int, t: Int, z: Double)] = []
    var tested = 0
    for r in 0..<layout.raterCount {
      pairs.removeAll(keepingCapacity: true)
      for s in sheetsByRater.members(of: r) where layout.comparable[s] >= SheetDependence.minimumCells {
        let u = Int(layout.sheetUnit[s])
        let panel = layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]
        guard panel.count <= SheetDependence.largestPanel else { continue }
        for t in panel where layout.sheetRater[t] > Int32(r) {
          let pair = SheetPair(
            s, t, layout: layout, y: y, raterEffect: raterEffect, raterCriterion: raterCriterion, criterionPrecision: criterionPrecision)
          guard pair.cells >= SheetDependence.minimumCells else { continue }
          let other = Int(layout.sheetRater[t])
          let noise = raterNoise[r] + raterNoise[other]
          let q = squared(pair.level) / (sheetMeanVariance * noise) + pair.profile / (cellVariance * noise)
          if units[other] == 0 { touched.append(other) }
          units[other] += 1
          total[other] += min(q, SheetDependence.cap * Double(pair.cells))
          freedom[other] += Double(pair.cells)
          pairs.append((s, t, other, q, pair.cells))
        }
      }
      var dependent: [Int: Double] = [:]
      for other in touched {
        if Int(units[other]) >= SheetDependence.minimumUnits {
          tested += 1
          let z = wilsonHilferty(total[other], freedom[other])
          if z < SheetDependence.mildest, total[other] < SheetDependence.largestRatio * freedom[other] { dependent[other] = z }
        }
        units[other] = 0
        total[other] = 0
        freedom[other] = 0
      }
      touched.removeAll(keepingCapacity: true)
      guard !dependent.isEmpty else { continue }
      // One honest pair of sheets in ten agrees this well; copies nearly always do.
      for pair in pairs {
        if let z = dependent[pair.rater], wilsonHilferty(pair.q, Double(pair.cells)) < -1.2816 { candidates.append((pair.s, pair.t, z)) }
      }
    }
    let bound = -Normal.quantile(upperTail: SheetDependence.chance / Double(max(1, tested)))
    return candidates.filter { $0.z < bound }.map { ($0.s, $0.t) }
  }

  /// How much worse than honest sheets the clusters of each group of raters fit the rest of their panels, shrunk to 1 by five sheets.
  private func groupNoise(_ clusters: [[Int]], weight: [Double], group: ([Int]) -> Int) -> [Int: Double] {
    var level: [Int: Double] = [:]
    var profile: [Int: Double] = [:]
    var count: [Int: Double] = [:]
    var freedom: [Int: Double] = [:]
    for cluster in clusters {
      let u = Int(layout.sheetUnit[cluster[0]])
      let inside = Set(cluster)
      let others = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter { !inside.contains($0) && layout.comparable[$0] > 0 }
      let g = group(cluster)
      // Each member speaks for its share of the cluster.
      let share = 1 / Double(cluster.count)
      for s in cluster {
        var precision = 0.0
        var mean = 0.0
        var squares = 0.0
        var variance = 0.0
        var cells = 0
        for t in others {
          let pair = SheetPair(
            s, t, layout: layout, y: y, raterEffect: raterEffect, raterCriterion: raterCriterion, criterionPrecision: criterionPrecision)
          guard pair.cells >= SheetDependence.minimumCells else { continue }
          let noise = raterNoise[Int(layout.sheetRater[t])]
          let p = max(weight[t], 1e-9) / noise
          precision += p
          mean += p * pair.level
          squares += p * pair.profile / (1 + noise)
          variance += p * p * noise
          cells = max(cells, pair.cells)
        }
        guard precision > 0 else { continue }
        let own = 1 + variance / (precision * precision)
        level[g, default: 0] += share * min(squared(mean / precision) / (sheetMeanVariance * own), HonestFitter.noiseCap)
        count[g, default: 0] += share
        profile[g, default: 0] += share * min(squares / (precision * cellVariance), HonestFitter.noiseCap * Double(cells - 1))
        freedom[g, default: 0] += share * Double(cells - 1)
      }
    }
    var noise: [Int: Double] = [:]
    let prior = 5.0
    for (g, n) in count {
      let ratio = max((level[g]! + prior) / (n + prior), (profile[g]! + prior) / (freedom[g]! + prior))
      noise[g] = ratio < 1.4 ? 1 : ratio
    }
    return noise
  }
}

/// z of a χ² variable by its cube root (Wilson and Hilferty 1931).
func wilsonHilferty(_ chiSquared: Double, _ freedom: Double) -> Double {
  let t = 2 / (9 * freedom)
  return (cbrt(chiSquared / freedom) - (1 - t)) / t.squareRoot()
}
