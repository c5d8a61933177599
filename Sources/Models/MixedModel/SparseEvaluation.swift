internal import Foundation
internal import LinearAlgebra
internal import Parallel

extension Double {
  var logarithm: Double { log(self) }
}

/// SplitMix64 (Steele, Lea and Flood 2014): a small generator for probe vectors, the same on every machine.
struct ProbeGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func signs(_ count: Int) -> [Double] { (0..<count).map { _ in next() & 1 == 0 ? 1 : -1 } }
}

/// What an evaluation with random probes adds to the exact one.
struct SparseSolution: Sendable {
  /// Means over probes of what `TraceSampler` does not know, their standard errors, and the ratios of variances at which they were taken.
  struct Sampled: Sendable {
    let means: [Double]
    let errors: [Double]
    let ratios: [Double]
  }

  let solver: SparseSolver
  /// Monte Carlo standard errors of the traces.
  let traceErrors: [Double]
  let sampled: Sampled?
  /// log|S|.
  let logDeterminant: Double
}

extension SparseStatistics {
  /// Probes a trace is averaged over.
  ///
  /// The relative error of a trace falls like one over the root of (levels × probes), so large problems need fewer.
  var probes: Int { totals.count >= 100_000 ? 8 : 16 }
  /// Samples are used again at another point while what this does to a component is at most this share of it.
  static let sampleTolerance = 1e-7
  static let seed: UInt64 = 20_240_229

  /// As `TwoWayStatistics.evaluate`, with traces and log-determinant from `TraceSampler`. The probes do not change between evaluations, so the
  /// search solves one well-defined set of equations; near the point where they were taken, samples are used again.
  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: SparseSolution? = nil
  ) throws(MixedModelError) -> (VarianceEvaluation, SparseSolution) {
    let k = kept.count
    let residual = components[k + 1]
    let solver = try SparseSolver(self, components: components)
    let m = Double(responses)
    let degrees = Double(observations - (method == .reml ? fixedColumns : 0))
    let active = (0...k).filter { components[$0] > 0 }

    // The working vectors of the average information.
    let vectors = solver.main.flatMap { main in active.map { (factor: $0, v: main.projected[$0]) } }
    let backs = try solver.projections(of: vectors, tolerance: SparseSolver.informationTolerance)
    var quadratic = 0.0
    var forms = [Double](repeating: 0, count: k + 2)
    var information = Matrix(rows: k + 2, columns: k + 2)
    for (r, main) in solver.main.enumerated() {
      quadratic += (squares[r] - dot(columnSums[r], main.kept) - dot(unitSums[r], main.eliminated)) / residual
      for (a, j) in active.enumerated() {
        forms[j] += dot(main.projected[j], main.projected[j])
        for i in active { information[i, j] += dot(main.projected[i], backs[r * active.count + a].projected[i]) }
      }
    }
    forms[k + 1] = (quadratic - active.reduce(0) { $0 + components[$1] * forms[$1] }) / residual
    var toResidual = forms
    for j in active { for i in active { toResidual[i] -= components[j] * information[i, j] } }
    for i in active {
      information[i, k + 1] = toResidual[i] / residual
      information[k + 1, i] = toResidual[i] / residual
    }
    information[k + 1, k + 1] = active.reduce(forms[k + 1]) { $0 - components[$1] * toResidual[$1] / residual } / residual

    let sampler = TraceSampler(self, solver)
    // In units of the components: what a trace's error moves a component by is this over its information.
    let weight = active.map { i in m * (i == 0 ? components[0] / residual : 1) / (components[i] * components[i] * information[i, i]) }
    let sampled: SparseSolution.Sampled
    if let old = previous?.sampled, isNear(old, solver.ratios, active, weight) {
      sampled = old
    } else {
      sampled = try sample(sampler, solver.ratios)
    }
    var traces = [Double](repeating: 0, count: k + 2)
    var errors = traces
    for i in active {
      let unit = i == 0 ? residual : components[i]
      traces[i] = m * (sampler.known(i, method) - sampler.base[i] - sampled.means[i]) / unit
      errors[i] = m * sampled.errors[i] / unit
    }
    traces[k + 1] = (m * degrees - active.reduce(0) { $0 + components[$1] * traces[$1] }) / residual
    errors[k + 1] = active.reduce(0) { $0 + components[$1] * errors[$1] } / residual
    return (
      VarianceEvaluation(
        logDeterminant: m * (degrees * log(residual) - logWeights), quadratic: quadratic, degrees: m * degrees, traces: traces,
        forms: forms,
        information: information),
      SparseSolution(
        solver: solver, traceErrors: errors, sampled: sampled,
        logDeterminant: sampler.base[k + 1] + sampled.means[k + 1])
    )
  }

  /// Whether samples taken at other ratios may stand for those that would be taken here.
  ///
  /// What is sampled begins with terms of second order in the entries off the diagonal, so its relative change is about twice that of the ratios.
  private func isNear(_ old: SparseSolution.Sampled, _ ratios: [Double], _ active: [Int], _ weight: [Double]) -> Bool {
    var change = 0.0
    for (was, now) in zip(old.ratios, ratios) where was != now { change = max(change, abs(now - was) / max(min(now, was), 1e-300)) }
    return zip(active, weight).allSatisfy { i, weight in 2 * change * abs(old.means[i]) * weight <= Self.sampleTolerance }
  }

  private func sample(_ sampler: TraceSampler, _ ratios: [Double]) throws(MixedModelError) -> SparseSolution.Sampled {
    let blocks = probes / VectorBlock.width
    let singled = sampler.singled
    let starts = Array(stride(from: 0, to: singled.count, by: VectorBlock.width))
    let values = try parallelMap(blocks + starts.count) { b throws(MixedModelError) in
      if b < blocks { return try sampler.samples(block: b) }
      let start = starts[b - blocks]
      return try sampler.shares(of: singled[start..<min(start + VectorBlock.width, singled.count)])
    }
    let samples = values.prefix(blocks).flatMap { $0 }
    let shares = values.dropFirst(blocks).flatMap { $0 }
    var means: [Double] = []
    var errors: [Double] = []
    for i in sampler.base.indices {
      let mean = samples.reduce(0) { $0 + $1[i] } / Double(probes)
      let spread = samples.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
      means.append(shares.reduce(mean) { $0 + $1[i] })
      errors.append((spread / Double(probes * (probes - 1))).squareRoot())
    }
    return SparseSolution.Sampled(means: means, errors: errors, ratios: ratios)
  }

  /// The part of log|V| (+ log|X'V⁻¹X|) that `evaluate` leaves out, and its standard error.
  func logDeterminant(_ solution: SparseSolution, method: EstimationMethod) -> (value: Double, error: Double) {
    var value = solution.logDeterminant
    for n in totals where n > 0 { value += log1p(solution.solver.ratios[0] * n) }
    if method == .reml { value += solution.solver.fixedLogDeterminant }
    return (value, solution.sampled?.errors.last ?? 0)
  }
}
