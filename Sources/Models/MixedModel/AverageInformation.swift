internal import Foundation
internal import LinearAlgebra

/// Options of a variance-component search.
public struct FitOptions: Sendable, Equatable {
  /// Stop when the next step changes no component by more than this share of itself. The components still take that step, so that their own error is far
  /// smaller; predictions and standard errors are those of the last evaluation.
  public var tolerance: Double
  public var maximumSteps: Int
  /// Starting variances by component name; moment estimates where absent. The residual's name is "Residual".
  public var start: [String: Double]

  public init(tolerance: Double = 4e-9, maximumSteps: Int = 100, start: [String: Double] = [:]) {
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
    self.start = start
  }
}

/// Estimates variance components by average-information steps (Gilmour, Thompson and Cullis 1995, Biometrics 51, 1440–1450).
///
/// After each evaluation all components are multiplied by the common factor that is best for the criterion, which is known in closed
/// form. A component that would become negative is cut to a tenth; the second time running it is set to zero and taken
/// out. At the end a component that was taken out must have a criterion that rises with it, or it is let in again.
struct AverageInformationSearch<Problem: VarianceProblem> {
  let problem: Problem
  let method: EstimationMethod
  let options: FitOptions

  struct Result: Sendable {
    var components: [Double]
    var evaluation: VarianceEvaluation
    var solution: Problem.Solution
    /// From the average information; nil for a component at the boundary.
    var standardErrors: [Double?]
    /// Covariance of the estimated components (zero rows at the boundary).
    var covariance: Matrix
    var account: FitAccount
    /// What was learnt on the way about the observed information.
    var curvature: SecantCorrection
  }

  private struct Point {
    var components: [Double]
    var evaluation: VarianceEvaluation
    var solution: Problem.Solution
  }

  /// The search, begun where the search of another problem has ended that says nearly the same at less cost.
  ///
  /// - Parameters:
  ///   - start: positive starting values, the residual last.
  ///   - scout: nil for none. Where its search fails, or ends on the boundary, it is as if there were none.
  func run<Scout: VarianceProblem>(from start: [Double], scout: Scout?) throws(MixedModelError) -> Result {
    guard let scout else { return try run(from: start) }
    var rough = options
    rough.tolerance = max(rough.tolerance, CrossedModel.sparseTolerance)
    let search = AverageInformationSearch<Scout>(problem: scout, method: method, options: rough)
    guard let found = try? search.run(from: start), found.account.atBoundary.isEmpty else { return try run(from: start) }
    var result = try run(from: found.components, curvature: found.curvature)
    result.account.scoutEvaluations = found.account.evaluations
    return result
  }

  /// - Parameters:
  ///   - start: positive starting values, the residual last.
  ///   - known: what is known of the observed information near the start.
  func run(from start: [Double], curvature known: SecantCorrection? = nil) throws(MixedModelError) -> Result {
    // Starting values are a share of the response's variance: they are positive unless it does not vary.
    guard start.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .noVariation }
    var account = FitAccount(
      method: method, algorithm: "average information", steps: 0, evaluations: 0, tolerance: options.tolerance, lastRelativeStep: .infinity,
      maximumGradient: .infinity, atBoundary: [], trace: [], converged: false)
    var point = try evaluate(start, near: nil, &account)
    var cut = [Bool](repeating: false, count: start.count)
    var readmitted = [Bool](repeating: false, count: start.count)
    account.trace.append(point.evaluation.criterion)
    var curvature = known ?? SecantCorrection(count: start.count)
    var previous: Point?

    while true {
      let active = point.components.indices.filter { point.components[$0] > 0 }
      if let previous { curvature.learn(from: previous.components, previous.evaluation, to: point.components, point.evaluation, active) }
      let step = try newtonStep(point, active, curvature)
      var relative = 0.0
      for i in active { relative = max(relative, abs(step[i]) / point.components[i]) }
      account.lastRelativeStep = relative
      if relative <= options.tolerance || account.steps >= options.maximumSteps {
        if relative <= options.tolerance,
          let back = try boundaryViolation(point, readmitted, &account)
        {
          readmitted[back.index] = true
          var components = point.components
          components[back.index] = back.value
          point = try evaluate(components, near: point, &account)
          continue
        }
        if relative <= options.tolerance { for i in active { point.components[i] += step[i] } }
        break
      }
      previous = relative < SecantCorrection.reach ? point : nil
      guard let next = try accept(point, step, active, &cut, &account) else { break }
      point = next
      account.steps += 1
      account.trace.append(point.evaluation.criterion)
    }
    return try finish(point, curvature, &account)
  }

  private func finish(_ point: Point, _ curvature: SecantCorrection, _ account: inout FitAccount) throws(MixedModelError) -> Result {
    let active = point.components.indices.filter { point.components[$0] > 0 }
    account.atBoundary = point.components.indices.filter { point.components[$0] == 0 }.map { problem.componentNames[$0] }
    account.maximumGradient = active.map { abs(point.components[$0] * point.evaluation.gradient[$0]) }.max() ?? 0
    // Rounding in a large problem can hold the step a little above a very small tolerance; that is not a failure.
    account.converged = account.lastRelativeStep <= max(options.tolerance, 1e-7)
    if !account.converged { throw .notConverged(account) }
    let inverse = try inverseInformation(point, active)
    var errors = [Double?](repeating: nil, count: point.components.count)
    for i in active { errors[i] = inverse[i, i].squareRoot() }
    return Result(
      components: point.components, evaluation: point.evaluation, solution: point.solution, standardErrors: errors, covariance: inverse,
      account: account, curvature: curvature)
  }

  /// Evaluates, and moves to the best common scale.
  private func evaluate(_ components: [Double], near previous: Point?, _ account: inout FitAccount) throws(MixedModelError) -> Point {
    let (evaluation, solution) = try problem.evaluate(at: components, method: method, near: previous?.solution)
    account.evaluations += 1
    let s = evaluation.quadratic / evaluation.degrees
    guard s > 1e-280, s.isFinite else { throw .noVariation }
    return Point(components: components.map { $0 * s }, evaluation: evaluation.scaled(by: s, logS: log(s)), solution: solution)
  }

  /// The step AI⁻¹ · score over the active components, in units of each component so that scales do not matter.
  private func newtonStep(_ point: Point, _ active: [Int], _ curvature: SecantCorrection) throws(MixedModelError) -> [Double] {
    let gradient = point.evaluation.gradient
    let score = active.map { -0.5 * gradient[$0] * point.components[$0] }
    let relative: [Double]
    do throws(MixedModelError) {
      let plain = try informationFactor(point, active)
      if let corrected = curvature.corrected(plain, point.components, point.evaluation, active) {
        relative = corrected.solve(score)
      } else {
        relative = plain.solve(score)
      }
    } catch {
      // A factor whose effects are all predicted as zero gives no information. A ridge of a tenth of the effective number of levels,
      // θ tr(P V[i]), sends it to its boundary; components that are truly confounded are found out at the end.
      relative = try informationFactor(point, active, ridge: 0.1).solve(score)
    }
    var step = [Double](repeating: 0, count: point.components.count)
    for (k, i) in active.enumerated() { step[i] = relative[k] * point.components[i] }
    return step
  }

  private func informationFactor(_ point: Point, _ active: [Int], ridge: Double = 0) throws(MixedModelError) -> Cholesky {
    var matrix = Matrix(rows: active.count, columns: active.count)
    for (a, i) in active.enumerated() {
      for (b, j) in active.enumerated() {
        matrix[a, b] = 0.5 * point.evaluation.information[i, j] * point.components[i] * point.components[j]
      }
    }
    // Components that the design cannot tell apart make the information singular up to rounding.
    for (a, i) in active.enumerated() {
      matrix[a, a] = matrix[a, a] * (1 + 1e-13) + 0.5 * ridge * point.components[i] * abs(point.evaluation.traces[i])
    }
    do {
      let factor = try Cholesky(matrix)
      for (a, pivot) in factor.diagonal.enumerated() where pivot * pivot < 1e-11 * matrix[a, a] {
        throw LinearAlgebraError.notPositiveDefinite(order: a + 1)
      }
      return factor
    } catch {
      throw .componentsNotIdentifiable(active.map { problem.componentNames[$0] })
    }
  }

  private func inverseInformation(_ point: Point, _ active: [Int]) throws(MixedModelError) -> Matrix {
    let small = try informationFactor(point, active).inverse()
    var result = Matrix(rows: point.components.count, columns: point.components.count)
    for (a, i) in active.enumerated() {
      for (b, j) in active.enumerated() { result[i, j] = small[a, b] * point.components[i] * point.components[j] }
    }
    return result
  }

  /// Halves the step until the criterion does not rise. Nil when it cannot be lowered: the point is as good as rounding allows.
  private func accept(
    _ point: Point, _ step: [Double], _ active: [Int], _ cut: inout [Bool], _ account: inout FitAccount
  ) throws(MixedModelError) -> Point? {
    var fraction = 1.0
    let slack = 1e-12 * (abs(point.evaluation.criterion) + point.evaluation.degrees)
    while fraction > 1e-6 {
      var next = point.components
      var cutNow = [Bool](repeating: false, count: next.count)
      for i in active {
        next[i] *= 1 + curved(fraction * step[i] / point.components[i], point.evaluation, i, point.components[i])
        if next[i] < 0.1 * point.components[i] {
          let isResidual = i == next.count - 1
          cutNow[i] = true
          next[i] = cut[i] && !isResidual ? 0 : 0.1 * point.components[i]
        } else if next[i] > 1e4 * point.components[i] {
          next[i] = 1e4 * point.components[i]
        }
      }
      if let candidate = try? evaluate(next, near: point, &account),
        !problem.hasExactCriterion || candidate.evaluation.criterion <= point.evaluation.criterion + slack
      {
        cut = cutNow
        return candidate
      }
      fraction /= 2
    }
    return nil
  }

  /// The relative change of component i for a relative step r.
  ///
  /// With effects of variance v seen through noise of variance c, the average-information step is exact in 1/(v + c) rather than in v: from twice the
  /// estimate it would go below zero. The share e = v/(v + c) is y'PVPVPy v / y'PVPy, so the step becomes r / (1 − e r); for small r it is the same.
  private func curved(_ r: Double, _ evaluation: VarianceEvaluation, _ i: Int, _ component: Double) -> Double {
    let form = evaluation.forms[i]
    let share = form > 0 ? min(max(evaluation.information[i, i] * component / form, 0), 1) : 0
    return r / (1 - min(share * r, 0.9))
  }

  /// A component at zero whose criterion falls when it is let in, with a value to let it in at.
  private func boundaryViolation(
    _ point: Point, _ readmitted: [Bool], _ account: inout FitAccount
  ) throws(MixedModelError) -> (index: Int, value: Double)? {
    let excluded = point.components.indices.filter { point.components[$0] == 0 && !readmitted[$0] }
    if excluded.isEmpty { return nil }
    var probe = point.components
    let small = 1e-7 * point.components[point.components.count - 1]
    for i in excluded { probe[i] = small }
    let (evaluation, _) = try problem.evaluate(at: probe, method: method, near: point.solution)
    account.evaluations += 1
    let worst = excluded.min { evaluation.gradient[$0] < evaluation.gradient[$1] }!
    return evaluation.gradient[worst] < 0 ? (worst, 1e-2 * point.components[point.components.count - 1]) : nil
  }
}
