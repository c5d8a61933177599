import LinearAlgebra
import Parallel

/// The search for the h observations whose covariance has the smallest determinant, in stages of growing samples.
///
/// On the first stage (all observations when there are few) every start takes two concentration steps, and the best are followed to their end.
/// Their centres and covariances start the next stage, and the last stage, with all observations, follows the best three. So a start costs little
/// however many observations there are. Where steps are cheap, random parts of the best subset are then tried as starts, several rounds over:
/// good ends lie close together. Starts are worked on at once; results are put together by number.
struct SubsetSearch: Sendable {
  /// Standardised, in canonical order.
  let data: Observations
  /// h.
  let size: Int
  let search: MinimumCovarianceDeterminant.Search
  let seed: UInt64

  struct Outcome: Sendable {
    let best: ConcentratedSubset
    let starts: Int
    let steps: Int
    /// How many of the followed starts ended at the best subset.
    let agreeing: Int
  }

  /// Starts followed to the end on a stage.
  private static let followed = 10
  private static let stepLimit = 500

  /// Nil when every start degenerates.
  func run() -> Outcome? {
    let n = data.count
    let first = max(1000, 20 * data.dimension)
    if n <= 2 * first { return lastStage(Concentration(data: data, size: size), initial(data, size)) }
    let order = shuffledRows(n)
    let sample = data.selecting(order.prefix(first).sorted())
    let starts = initial(sample, max(data.dimension + 1, Int((Double(size) / Double(n) * Double(first)).rounded())))
    var candidates = starts.candidates
    var steps = starts.steps
    var stage = first
    while true {
      stage *= 5
      if stage * 2 > n { break }
      let part = Concentration(
        data: data.selecting(order.prefix(stage).sorted()), size: Int((Double(size) / Double(n) * Double(stage)).rounded()))
      let followed = follow(part, candidates, keep: 6, limit: 30)
      candidates = followed.candidates
      steps += followed.steps
    }
    return lastStage(
      Concentration(data: data, size: size), (Array(candidates.prefix(3)), starts.count, steps))
  }

  private func shuffledRows(_ n: Int) -> [Int] {
    var stream = RandomStream(seed: seed, 0)
    return stream.permutation(n)
  }

  private typealias Stage = (candidates: [ConcentratedSubset], count: Int, steps: Int)

  private func lastStage(_ all: Concentration, _ stage: Stage) -> Outcome? {
    let followed = follow(all, stage.candidates, keep: SubsetSearch.followed, limit: SubsetSearch.stepLimit)
    guard let first = followed.candidates.first else { return nil }
    var best = first
    var steps = stage.steps + followed.steps
    var agreeing = followed.agreeing
    let (rounds, starts) = around
    for round in 0..<rounds where best.logDeterminant > -.infinity && all.data.dimension > 1 {
      let current = best
      let nearby = (0..<starts).map { shaken(all, current, UInt64(round * starts + $0)) }
      let next = follow(all, nearby, keep: 1, limit: SubsetSearch.stepLimit)
      steps += next.steps
      if let found = next.candidates.first {
        if found.logDeterminant < best.logDeterminant {
          (best, agreeing) = (found, next.agreeing)
        } else if found.rows == best.rows {
          agreeing += next.agreeing
        }
      }
    }
    return Outcome(best: best, starts: stage.count + rounds * starts, steps: steps, agreeing: agreeing)
  }

  /// Rounds of search around the best subset and starts in each: many where a step is cheap, few where it is dear.
  private var around: (rounds: Int, starts: Int) {
    let work = data.count * data.dimension * data.dimension
    return work <= 200_000 ? (8, 8) : work <= 5_000_000 ? (1, 8) : (1, 4)
  }

  /// The moments of a random part of a subset: a start near by, from which steps may lead to a better end.
  private func shaken(_ all: Concentration, _ best: ConcentratedSubset, _ number: UInt64) -> ConcentratedSubset {
    var stream = RandomStream(seed: seed, 3, number)
    let count = max(min(best.rows.count, 2 * (data.dimension + 1)), best.rows.count * 3 / 4)
    let chosen = stream.permutation(best.rows.count).prefix(count).sorted()
    return all.subset(chosen.map { best.rows[$0] }, about: best.mean)
  }

  /// Concentrates every candidate; distinct ends, the best first.
  private func follow(
    _ part: Concentration, _ candidates: [ConcentratedSubset], keep: Int, limit: Int
  ) -> (candidates: [ConcentratedSubset], steps: Int, agreeing: Int) {
    let ends = parallelMap(candidates.count) { part.concentrate(candidates[$0].mean, candidates[$0].covariance, limit: limit) }
    let reached = ends.compactMap { $0 }
    let best = SubsetSearch.best(reached.map(\.subset), keep)
    return (best, reached.reduce(0) { $0 + $1.steps }, reached.count { $0.subset.rows == best.first?.rows })
  }

  /// The best distinct subsets, of equal ones the first.
  private static func best(_ subsets: [ConcentratedSubset], _ keep: Int) -> [ConcentratedSubset] {
    let order = subsets.indices.sorted { (subsets[$0].logDeterminant, $0) < (subsets[$1].logDeterminant, $1) }
    var result: [ConcentratedSubset] = []
    for i in order where result.count < keep {
      if let last = result.last, last.rows == subsets[i].rows { continue }
      result.append(subsets[i])
    }
    return result
  }

  /// Two steps from every start.
  private func initial(_ sample: Observations, _ h: Int) -> Stage {
    let part = Concentration(data: sample, size: h)
    if sample.dimension == 1 { return ([narrowestWindow(part)], 1, 0) }
    var stage: Stage = ([], 0, 0)
    if search.isDeterministic {
      let estimates = DeterministicStarts.estimates(sample)
      let ends = parallelMap(estimates.count) { k -> (subset: ConcentratedSubset, steps: Int)? in
        let start = estimates[k]
        // The half nearest to the start is safer than the start itself.
        guard let half = part.nearest(to: start.center, start.scatter, count: (sample.count + 1) / 2) else { return nil }
        let core = part.subset(half, about: start.center)
        return part.concentrate(core.mean, core.covariance, limit: 2)
      }
      stage = (ends.compactMap { $0?.subset }, estimates.count, 2 * estimates.count)
    }
    let elemental = elementalStarts(part)
    return (
      SubsetSearch.best(stage.candidates + elemental.candidates, max(SubsetSearch.followed, stage.candidates.count)),
      stage.count + elemental.count, stage.steps + elemental.steps
    )
  }

  /// Two steps from subsets of p + 1 observations, drawn or all there are.
  private func elementalStarts(_ part: Concentration) -> Stage {
    let (n, p) = (part.data.count, part.data.dimension)
    let all = search.subsets(count: n, dimension: p)
    guard all.number > 0 else { return ([], 0, 0) }
    let perPiece = 64
    let pieces = (all.number + perPiece - 1) / perPiece
    let found = parallelMap(pieces) { piece -> [ConcentratedSubset] in
      var ends: [ConcentratedSubset] = []
      var combination = all.exhaustive ? Combinations.combination(ranked: piece * perPiece, count: n, choose: p + 1) : []
      for number in (piece * perPiece)..<min(all.number, (piece + 1) * perPiece) {
        if !all.exhaustive { combination = elemental(number, n, p) }
        if let core = nonsingular(part, combination, number) {
          if core.rows.count == part.size && core.logDeterminant == -.infinity {
            ends.append(core)
          } else if let end = part.concentrate(core.mean, core.covariance, limit: 2) {
            ends.append(end.subset)
          }
        }
        if all.exhaustive { Combinations.advance(&combination, count: n) }
      }
      return SubsetSearch.best(ends, SubsetSearch.followed)
    }
    return (SubsetSearch.best(Array(found.joined()), SubsetSearch.followed), all.number, 2 * all.number)
  }

  private func elemental(_ number: Int, _ n: Int, _ p: Int) -> [Int] {
    var stream = RandomStream(seed: seed, 1, UInt64(number))
    var chosen: [Int] = []
    while chosen.count <= p {
      let i = stream.below(n)
      if !chosen.contains(i) { chosen.append(i) }
    }
    return chosen.sorted()
  }

  /// The moments of a subset, enlarged by observations drawn at random until they are not on a hyperplane.
  private func nonsingular(_ part: Concentration, _ chosen: [Int], _ number: Int) -> ConcentratedSubset? {
    var rows = chosen.map { Int32($0) }
    var core = part.subset(rows)
    if core.logDeterminant > -.infinity { return core }
    var stream = RandomStream(seed: seed, 2, UInt64(number))
    let inside = Set(chosen)
    for i in stream.permutation(part.data.count) where !inside.contains(i) {
      rows.append(Int32(i))
      core = part.subset(rows.sorted())
      // So many on one hyperplane: that is what the search is after.
      if core.logDeterminant > -.infinity || rows.count == part.size { return core }
    }
    return nil
  }

  /// One variable: the h neighbours of smallest variance, exactly. The data are in increasing order.
  private func narrowestWindow(_ part: Concentration) -> ConcentratedSubset {
    let x = part.data.variable(0)
    let h = part.size
    var (sum, squares) = (0.0, 0.0)
    for i in 0..<h {
      sum += x[i]
      squares += x[i] * x[i]
    }
    var best = (place: 0, value: squares - sum * sum / Double(h))
    for i in h..<max(h, x.count) {
      sum += x[i] - x[i - h]
      squares += x[i] * x[i] - x[i - h] * x[i - h]
      let value = squares - sum * sum / Double(h)
      if value < best.value { best = (i - h + 1, value) }
    }
    return part.subset((best.place..<(best.place + h)).map { Int32($0) })
  }
}
