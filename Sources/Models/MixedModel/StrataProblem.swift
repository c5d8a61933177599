internal import LinearAlgebra
internal import Parallel

/// Independent strata of data whose variances are linear functions of common components: v = J θ in each stratum.
///
/// The criterion of the whole is the sum over strata; gradient and average information follow by the chain rule, J'g and J'AJ.
struct StrataProblem<Statistics: StratumStatistics>: VarianceProblem {
  struct Stratum: Sendable {
    let statistics: Statistics
    /// One row a stratum variance (eliminated factor, kept factors, residual), one column a common component.
    let coefficients: [[Double]]

    func variances(at components: [Double]) -> [Double] {
      coefficients.map { row in zip(row, components).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }

  let componentNames: [String]
  let strata: [Stratum]

  var hasExactCriterion: Bool { Statistics.isExact }

  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: [Statistics.Solution]?
  ) throws(MixedModelError) -> (VarianceEvaluation, [Statistics.Solution]) {
    let parts = try parallelMap(strata.count) { i throws(MixedModelError) in
      try strata[i].statistics.evaluate(at: strata[i].variances(at: components), method: method, near: previous?[i])
    }
    let n = componentNames.count
    var total = VarianceEvaluation(
      logDeterminant: 0, quadratic: 0, degrees: 0, traces: [Double](repeating: 0, count: n), forms: [Double](repeating: 0, count: n),
      information: Matrix(rows: n, columns: n))
    // Strata are added in their own order, whichever was ready first.
    for (stratum, part) in zip(strata, parts) {
      let evaluation = part.0
      total.logDeterminant += evaluation.logDeterminant
      total.quadratic += evaluation.quadratic
      total.degrees += evaluation.degrees
      for (i, row) in stratum.coefficients.enumerated() {
        for a in 0..<n where row[a] != 0 {
          total.traces[a] += row[a] * evaluation.traces[i]
          total.forms[a] += row[a] * evaluation.forms[i]
          for (j, other) in stratum.coefficients.enumerated() {
            for b in 0..<n { total.information[a, b] += row[a] * evaluation.information[i, j] * other[b] }
          }
        }
      }
    }
    return (total, parts.map(\.1))
  }
}

/// What is evaluated in one stratum.
protocol StratumStatistics: Sendable {
  associatedtype Solution: Sendable
  static var isExact: Bool { get }
  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: Solution?
  ) throws(MixedModelError) -> (VarianceEvaluation, Solution)
}

extension TwoWayStatistics: StratumStatistics {
  static var isExact: Bool { true }

  func evaluate(
    at components: [Double], method: EstimationMethod, near previous: TwoWaySolution?
  ) throws(MixedModelError) -> (VarianceEvaluation, TwoWaySolution) {
    try evaluate(at: components, method: method)
  }
}

extension SparseStatistics: StratumStatistics {
  static var isExact: Bool { false }
}

extension StrataProblem where Statistics == TwoWayStatistics {
  /// The same strata by conjugate gradients and probes, to find an exact search its start.
  func scout() -> StrataProblem<SparseStatistics>? {
    // Many responses at once want as many solves, where the dense block is factored once for all.
    guard strata.contains(where: { $0.statistics.isWorthScouting }),
      strata.allSatisfy({ $0.statistics.kept.isEmpty || $0.statistics.responses == 1 })
    else { return nil }
    return StrataProblem<SparseStatistics>(
      componentNames: componentNames,
      strata: strata.map { .init(statistics: SparseStatistics($0.statistics), coefficients: $0.coefficients) })
  }
}
