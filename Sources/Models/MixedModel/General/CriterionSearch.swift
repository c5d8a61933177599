internal import Foundation
internal import LinearAlgebra

/// Finds the θ at which the profiled deviance is smallest.
///
/// BFGS from identity covariance factors, then Newton steps with a Hessian by differences of the exact gradient until they change nothing. A variance of zero is
/// an ordinary minimum here, since the criterion is even in a factor's column. A place where the Hessian has a negative
/// eigenvalue (zero can be a maximum along θ) is left along the eigenvector.
struct CriterionSearch<Criterion: ProfiledCriterion> {
  let criterion: Criterion
  let method: EstimationMethod
  var maximumSteps = 300

  struct Result: Sendable {
    var point: CriterionPoint
    /// Half the observed information of θ, σ profiled out.
    var hessian: Matrix
    var account: FitAccount
  }

  /// Newton steps smaller than this, relative to 1 or to the parameter, end the search.
  static var tolerance: Double { 1e-9 }

  func run(from start: [Double]? = nil) throws(MixedModelError) -> Result {
    let factors = criterion.factors
    var evaluations = 0
    func function(_ theta: [Double]) -> (Double, [Double])? {
      evaluations += 1
      guard let point = try? criterion.evaluate(theta, method: method), point.penalised > 1e-280 else { return nil }
      let value = point.profiled
      return value.isFinite ? (value, point.profiledGradient) : nil
    }
    var search = QuasiNewton()
    search.tolerance = 1e-7
    search.maximumSteps = maximumSteps
    let from = start ?? factors.start
    let first = try criterion.evaluate(from, method: method)
    if !(first.penalised > 1e-280) { throw .noVariation }
    guard var minimum = search.minimise(from: from, function) else { throw .illConditioned }
    var trace = minimum.trace
    var steps = minimum.steps
    var hessian = Matrix(rows: from.count, columns: from.count)
    var last = 0.0
    var escapes = 0
    var polishing = 0
    while from.count > 0 {
      guard let h = differenceHessian(at: minimum.place, step: { 1e-4 * max(abs($0), 0.1) }, { function($0)?.1 }) else { throw .illConditioned }
      hessian = h
      let eigen: SymmetricEigen
      do { eigen = try SymmetricEigen(h) } catch { throw .illConditioned }
      let largest = max(abs(eigen.values.last!), abs(eigen.values[0]))
      if eigen.values[0] < -1e-6 * largest && escapes < 5 {
        // A saddle: down along the direction of negative curvature.
        escapes += 1
        let v = eigen.vectors!.column(0)
        let down = [0.3, -0.3, 0.03, -0.03].map { s in zip(minimum.place, v).map { $0 + s * $1 } }
        let values = down.map { function($0)?.0 ?? .infinity }
        let best = values.indices.min { values[$0] < values[$1] }!
        if values[best] < minimum.value, let again = search.minimise(from: down[best], function) {
          minimum = again
          trace += again.trace
          steps += again.steps
          continue
        }
      }
      let (improved, size) = newton(&minimum, eigen, function)
      last = size
      steps += improved
      polishing += 1
      if size <= Self.tolerance || polishing >= 6 { break }
    }
    var theta = factors.normalised(minimum.place)
    theta = try snapped(theta, minimum.value)
    let point = try criterion.evaluate(theta, method: method)
    trace.append(point.profiled)
    let gradient = zip(point.profiledGradient, theta).map { abs($0 * $1) }.max() ?? 0
    var account = FitAccount(
      method: method, algorithm: "quasi-Newton, then Newton", steps: steps, evaluations: evaluations + 2, tolerance: Self.tolerance,
      lastRelativeStep: last, maximumGradient: gradient, atBoundary: [], trace: trace, converged: last <= 1e-6)
    if theta.isEmpty { account.algorithm = "least squares" }
    if !account.converged { throw .notConverged(account) }
    return Result(point: point, hessian: hessian, account: account)
  }

  /// Newton steps with one Hessian, in the directions that have curvature.
  private func newton(
    _ minimum: inout SmoothMinimum, _ eigen: SymmetricEigen, _ function: ([Double]) -> (Double, [Double])?
  ) -> (steps: Int, size: Double) {
    let vectors = eigen.vectors!
    let largest = eigen.values.last!
    var size = Double.infinity
    var steps = 0
    for _ in 0..<6 {
      let along = vectors.transposeMultiplied(by: minimum.gradient)
      let scaled = zip(along, eigen.values).map { $1 > 1e-9 * largest ? -$0 / $1 : 0 }
      let step = vectors.multiplied(by: scaled)
      let next = zip(step, minimum.place).map { abs($0) / max(abs($1), 1) }.max() ?? 0
      if next >= 0.5 * size && size < 1e-6 { break }
      size = next
      let place = zip(minimum.place, step).map { $0 + $1 }
      guard let (value, gradient) = function(place), value <= minimum.value + 1e-9 * max(1, abs(minimum.value)) else { break }
      minimum.place = place
      minimum.value = value
      minimum.gradient = gradient
      steps += 1
      if size <= CriterionSearch.tolerance { break }
    }
    return (steps, size)
  }

  /// Diagonal elements that rounding alone keeps from zero are set to zero.
  private func snapped(_ theta: [Double], _ value: Double) throws(MixedModelError) -> [Double] {
    var result = theta
    for (i, isDiagonal) in criterion.factors.isDiagonal.enumerated() where isDiagonal && result[i] > 0 && result[i] < 1e-3 {
      var candidate = result
      candidate[i] = 0
      if try criterion.evaluate(candidate, method: method).profiled <= value + 1e-9 { result = candidate }
    }
    return result
  }
}
