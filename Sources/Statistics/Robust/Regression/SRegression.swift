import Foundation
import LinearAlgebra
import Parallel

/// Tukey's bisquare with ρ(∞) = 1, as S- and MM-estimates use it.
struct Bisquare: Sendable {
  let c: Double

  /// 1 − (1 − (u/c)²)³ inside c, 1 beyond.
  func rho(_ u: Double) -> Double {
    let r = u / c
    let inside = 1 - r * r
    return inside > 0 ? 1 - inside * inside * inside : 1
  }
  /// ρ′(u) = 6u/c² · weight.
  func rhoPrime(_ u: Double) -> Double { 6 * u / (c * c) * weight(u) }
  /// (1 − (u/c)²)² inside c.
  func weight(_ u: Double) -> Double {
    let r = u / c
    let inside = 1 - r * r
    return inside > 0 ? inside * inside : 0
  }
  /// The derivative of ψ(u) = u·weight(u).
  func psiPrime(_ u: Double) -> Double {
    let r2 = (u / c) * (u / c)
    return r2 < 1 ? (1 - r2) * (1 - 5 * r2) : 0
  }

  /// Σ ρ(rᵢ/s) for s > 0.
  func total(_ residuals: [Double], scale s: Double) -> Double {
    let factor = 1 / (c * s)
    var sum = 0.0
    for r in residuals {
      let u = r * factor
      let inside = max(0, 1 - u * u)
      sum += 1 - inside * inside * inside
    }
    return sum
  }

  /// The weights of residuals in units of s > 0.
  func weights(_ residuals: [Double], scale s: Double) -> [Double] {
    let factor = 1 / (c * s)
    return residuals.map { r in
      let u = r * factor
      let inside = max(0, 1 - u * u)
      return inside * inside
    }
  }

  /// The M-scale s of residuals: Σ ρ(rᵢ/s) = target. 0 when too few residuals differ from zero.
  func scale(_ residuals: [Double], target: Double, start: Double? = nil, tolerance: Double = 1e-12) -> Double {
    var s = start ?? (Quantiles.median(residuals.map(abs)) / 0.6744897501960817)
    if !(s > 0) {
      // The median is zero; a scale can still be positive when the target is large.
      let largest = residuals.reduce(0) { max($0, abs($1)) }
      guard Double(residuals.count { $0 != 0 }) > target, largest > 0 else { return 0 }
      s = largest
    }
    for _ in 0..<500 {
      let next = s * (total(residuals, scale: s) / target).squareRoot()
      if abs(next - s) <= tolerance * s { return next }
      s = next
      if s < 1e-300 { return 0 }
    }
    return s
  }
}

/// The regression with the smallest M-scale of its residuals (Rousseeuw and Yohai 1984), by the fast algorithm of Salibian-Barrera and Yohai (2006).
///
/// Minimise s(β) with Σ ρ(rᵢ(β)/s) = ½(n − p), ρ the bisquare with c = 1.54764. Breakdown ½; efficiency 29 % at the normal, so
/// it serves as the start of `MMRegression`. Elemental starts take one reweighting step each, on a sample when there are many observations; the best twenty
/// take twenty more. Most of these then stand in the same few places; the different ones take ten steps on all observations, since a sample may put two
/// near minima in the wrong order, and the best three are followed to their end.
struct SRegression: Sendable {
  let gamma: [Double]
  let residuals: [Double]
  /// 0 when more than half of the observations are fitted exactly.
  let scale: Double
  let iterations: Int
  let starts: Int

  init(_ design: RegressionDesign, rho: Bisquare, subsets: Int, seed: UInt64) throws {
    let target = 0.5 * Double(design.count - design.columns)
    let sample = design.sample(seed: seed)
    let part = 0.5 * Double(sample.count - sample.columns)
    let elemental = ElementalFits(sample, subsets: subsets, exhaustiveLimit: 20_000, seed: seed)
    starts = elemental.number
    let candidates = elemental.best(
      20, value: { (found: Candidate) in found.scale },
      improve: { start, bound in Candidate(start, sample).refined(sample, rho, part, limit: 1, bound: bound) })
    // Refined in parallel, compared in order: the twenty for some steps, the best three of them to their end.
    let halfway = Candidate.distinct(
      parallelMap(candidates.count) { candidates[$0].refined(sample, rho, part, limit: 20) }.compactMap { $0 })
    // A sample tells near minima apart badly, so all of them take some steps on all observations.
    let known = sample.count == design.count
    let whole =
      known
      ? halfway
      : parallelMap(halfway.count) { Candidate(halfway[$0].gamma, design).refined(design, rho, target, limit: 10) }.compactMap { $0 }
    let order = whole.indices.sorted { (whole[$0].scale, $0) < (whole[$1].scale, $1) }.prefix(3)
    let ends = parallelMap(order.count) { whole[order[$0]].refined(design, rho, target, limit: 2000, toEnd: true) }
    var best: Candidate?
    for end in ends.compactMap({ $0 }) where best.map({ end.scale < $0.scale }) ?? true { best = end }
    guard let best else { throw RobustEstimateError.degenerate(rank: 0, needed: design.columns) }
    gamma = best.gamma
    residuals = design.residuals(best.gamma)
    scale = best.scale
    iterations = best.iterations
  }

  struct Candidate: Sendable {
    var gamma: [Double]
    var scale: Double
    var iterations = 0

    /// Smallest scale first; of those that came to the same place, one.
    static func distinct(_ all: [Candidate]) -> [Candidate] {
      var kept: [Candidate] = []
      for k in all.indices.sorted(by: { (all[$0].scale, $0) < (all[$1].scale, $1) })
      where kept.last.map({ all[k].scale > $0.scale * (1 + 1e-4) }) ?? true { kept.append(all[k]) }
      return kept
    }

    init(_ gamma: [Double], _ design: RegressionDesign) {
      self.gamma = gamma
      scale = Quantiles.median(design.residuals(gamma).map(abs)) / 0.6744897501960817
    }

    /// Reweighting with a scale that is improved by one step each time; the scale is brought to its end afterwards. Nil when it is not below `bound`,
    /// which one pass shows: s(β) < b exactly when Σ ρ(rᵢ(β)/b) < target.
    func refined(
      _ design: RegressionDesign, _ rho: Bisquare, _ target: Double, limit: Int, bound: Double = .infinity, toEnd: Bool = false
    ) -> Candidate? {
      var current = self
      var residuals = design.residuals(gamma)
      let rounding = design.rounding
      for _ in 0..<limit {
        let before = current.scale
        if !(before > rounding) {
          current.scale = 0
          return current
        }
        current.scale *= (rho.total(residuals, scale: before) / target).squareRoot()
        if !(current.scale > rounding) {
          current.scale = 0
          return current
        }
        guard let next = design.fit(weights: rho.weights(residuals, scale: current.scale)) else { return nil }
        current.iterations += 1
        var (change, size) = (0.0, 0.0)
        for j in next.indices {
          change += (next[j] - current.gamma[j]) * (next[j] - current.gamma[j])
          size += next[j] * next[j]
        }
        current.gamma = next
        residuals = design.residuals(next)
        if change <= 1e-22 * size && abs(current.scale - before) <= 1e-11 * before { break }
      }
      if bound > rounding, bound.isFinite, rho.total(residuals, scale: bound) >= target { return nil }
      current.scale = rho.scale(residuals, target: target, start: current.scale, tolerance: toEnd ? 1e-13 : 1e-4)
      if current.scale <= rounding { current.scale = 0 }
      return current
    }
  }
}
