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
  let solver: SparseSolver
  let kept: [Double]
  let eliminated: [Double]
  /// Monte Carlo standard errors of the traces.
  let traceErrors: [Double]
}

extension SparseStatistics {
  /// Probes a trace is averaged over.
  ///
  /// The relative error of a trace falls like one over the root of (levels × probes), so large problems need fewer.
  var probes: Int { totals.count >= 100_000 ? 8 : 16 }
  /// At most. The scaled system's spectrum lies close around 1 but for one eigenvalue a kept factor, so the quadrature converges in about ten steps.
  static let lanczosSteps = 20
  static let seed: UInt64 = 20_240_229

  /// As `TwoWayStatistics.evaluate`, with the traces estimated by `TraceSampler`. The probes do not change between evaluations, so the search
  /// solves one well-defined set of equations. The log-determinant is left out.
  func evaluate(at components: [Double], method: EstimationMethod) throws(MixedModelError) -> (VarianceEvaluation, SparseSolution) {
    let k = kept.count
    let residual = components[k + 1]
    let solver = try SparseSolver(self, components: components)
    let main = try solver.solve(SparseSolver.Side(unit: unitSums, kept: columnSums))
    let quadratic = (squares - dot(columnSums, main.kept) - dot(unitSums, main.eliminated)) / residual
    let degrees = Double(observations - (method == .reml ? fixedColumns : 0))
    let active = (0...k).filter { components[$0] > 0 }

    // Independent pieces, side by side: the working vectors of the average information, then the probes, eight at a time.
    let sampler = TraceSampler(self, solver)
    let values = try parallelMap(active.count + probes / VectorBlock.width) { t throws(MixedModelError) -> [[Double]] in
      if t >= active.count { return try sampler.samples(block: t - active.count) }
      let back = try solver.solve(solver.side(of: active[t], main.projected[active[t]]))
      return [active.map { dot(main.projected[$0], back.projected[$0]) }]
    }
    var forms = [Double](repeating: 0, count: k + 2)
    for i in active { forms[i] = dot(main.projected[i], main.projected[i]) }
    forms[k + 1] = (quadratic - active.reduce(0) { $0 + components[$1] * forms[$1] }) / residual
    var information = Matrix(rows: k + 2, columns: k + 2)
    var toResidual = forms
    for (a, j) in active.enumerated() {
      for (b, i) in active.enumerated() {
        information[i, j] = values[a][0][b]
        toResidual[i] -= components[j] * values[a][0][b]
      }
    }
    for i in active {
      information[i, k + 1] = toResidual[i] / residual
      information[k + 1, i] = toResidual[i] / residual
    }
    information[k + 1, k + 1] = active.reduce(forms[k + 1]) { $0 - components[$1] * toResidual[$1] / residual } / residual

    var traces = [Double](repeating: 0, count: k + 2)
    var errors = traces
    let samples = values.dropFirst(active.count).flatMap { $0 }
    for i in active {
      let mean = samples.reduce(0) { $0 + $1[i] } / Double(probes)
      let spread = samples.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
      let unit = i == 0 ? residual : components[i]
      traces[i] = (sampler.known(i, method) - mean) / unit
      errors[i] = (spread / Double(probes * (probes - 1))).squareRoot() / unit
    }
    traces[k + 1] = (degrees - active.reduce(0) { $0 + components[$1] * traces[$1] }) / residual
    errors[k + 1] = active.reduce(0) { $0 + components[$1] * errors[$1] } / residual
    return (
      VarianceEvaluation(
        logDeterminant: degrees * log(residual) - logWeights, quadratic: quadratic, degrees: degrees, traces: traces, forms: forms,
        information: information),
      SparseSolution(solver: solver, kept: main.kept, eliminated: main.eliminated, traceErrors: errors)
    )
  }

  /// The part of log|V| (+ log|X'V⁻¹X|) that `evaluate` leaves out, by stochastic Lanczos quadrature, and its standard error.
  func logDeterminant(_ solver: SparseSolver, method: EstimationMethod) throws(MixedModelError) -> (value: Double, error: Double) {
    let system = solver.system
    let roots = system.diagonal.map { $0.squareRoot() }
    let inverseRoots = roots.map { 1 / $0 }
    let blocks = stride(from: 0, to: probes, by: VectorBlock.width).map { $0..<min($0 + VectorBlock.width, probes) }
    let samples = try parallelMap(blocks.count) { b throws(MixedModelError) -> [Double] in
      let z = blocks[b].map { probe in
        var generator = ProbeGenerator(seed: Self.seed &+ UInt64(900_000 + probe))
        return generator.signs(randomColumns)
      }
      do {
        return try LanczosQuadrature.forms(
          VectorBlock(count: randomColumns, columns: z), probes: z.count, steps: Self.lanczosSteps, tolerance: 1e-9, function: { log($0) }
        ) { v in
          var x = v
          x.scaleElements(by: inverseRoots)
          var result = system.product(x)
          result.scaleElements(by: inverseRoots)
          return result
        }
      } catch { throw .illConditioned }
    }.flatMap { $0 }
    let mean = samples.reduce(0, +) / Double(probes)
    let spread = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var value = mean + 2 * roots.reduce(0) { $0 + log($1) }
    for n in totals where n > 0 { value += log1p(solver.ratios[0] * n) }
    if method == .reml { value += solver.fixedLogDeterminant }
    return (value, (spread / Double(probes * (probes - 1))).squareRoot())
  }
}
