internal import Foundation
internal import LinearAlgebra

/// Finds the θ at which the profiled deviance is smallest.
///
/// Average-information steps from identity covariance factors, then quasi-Newton steps that begin with that information and go on until they change
/// nothing. A variance of zero is an ordinary minimum here, since the criterion is even in a factor's column; where a variance is nearly zero, or the
/// quick way does not arrive, the Hessian by differences of the exact gradient decides, and a saddle (zero can be a
/// maximum along θ) is left along its direction of negative curvature. Where several effects of a level vary, a variance of zero can be a minimum beside a
/// lower one: intercepts and slopes on a column far from zero explain little alone and much together. A search that ends at zero, and every one with
/// several terms of one factor, begins again from larger factors.
struct CriterionSearch<Criterion: ProfiledCriterion> {
  let criterion: Criterion
  let method: EstimationMethod

  struct Result: Sendable {
    var point: CriterionPoint
    var account: FitAccount
  }

  private struct Place {
    var theta: [Double]
    var value: Double
    var gradient: [Double]
  }

  /// Steps smaller than this, relative to 1 or to the parameter, end the search.
  static var tolerance: Double { 1e-9 }

  /// Multiples of the identity from which a search begins again.
  private static var otherStarts: [Double] { [10, 100] }

  func run(from start: [Double]? = nil) throws(MixedModelError) -> Result {
    if let start { return try search(from: start) }
    let factors = criterion.factors
    var best = try search(from: factors.start)
    let atZero = zip(best.point.theta, factors.isDiagonal).contains { abs($0) < 1e-3 && $1 }
    if factors.count < 2 || !(atZero || criterion.hasTermsOfOneFactor) { return best }
    var evaluations = best.account.evaluations
    for multiple in Self.otherStarts {
      guard let other = try? search(from: factors.start.map { multiple * $0 }) else { continue }
      evaluations += other.account.evaluations
      if other.point.profiled < best.point.profiled - 1e-6 { best = other }
    }
    best.account.evaluations = evaluations
    return best
  }

  private func search(from: [Double]) throws(MixedModelError) -> Result {
    let factors = criterion.factors
    let first = try criterion.evaluateWithInformation(from, method: method)
    if !(first.penalised > 1e-280) { throw .noVariation }
    var evaluations = 1
    func function(_ theta: [Double]) -> (Double, [Double])? {
      evaluations += 1
      guard let point = try? criterion.evaluate(theta, method: method), point.penalised > 1e-280 else { return nil }
      let value = point.profiled
      return value.isFinite ? (value, point.profiledGradient) : nil
    }
    var trace = [first.profiled]
    var steps = 0
    var size = 0.0
    var place = Place(theta: from, value: first.profiled, gradient: first.profiledGradient)
    if !from.isEmpty {
      let inverse = climb(first, &place, &trace, &evaluations)
      size = polish(&place, inverse, &trace, function)
      let isNearZero = zip(place.theta, factors.isDiagonal).contains { abs($0) < 1e-3 && $1 }
      if size > Self.tolerance || isNearZero { size = try settle(&place, &trace, function) }
      steps = trace.count - 1
    }
    let theta = try snapped(factors.normalised(place.theta), place.value)
    let point = try criterion.evaluate(theta, method: method)
    let gradient = zip(point.profiledGradient, theta).map { abs($0 * $1) }.max() ?? 0
    let account = FitAccount(
      method: method, algorithm: theta.isEmpty ? "least squares" : "average information, then quasi-Newton", steps: steps,
      evaluations: evaluations + 1, tolerance: Self.tolerance, lastRelativeStep: size, maximumGradient: gradient, atBoundary: [],
      trace: trace + [point.profiled], converged: size <= 1e-6)
    if !account.converged { throw .notConverged(account) }
    return Result(point: point, account: account)
  }

  /// Average-information steps while they promise much.
  /// - Returns: the inverse of the last information.
  private func climb(_ first: CriterionPoint, _ place: inout Place, _ trace: inout [Double], _ evaluations: inout Int) -> Matrix? {
    var point = first
    var inverse: Matrix?
    for _ in 0..<25 {
      guard let information = point.information, let step = direction(point.theta, place.gradient, information) else { return inverse }
      inverse = step.inverse
      let slope = dot(step.direction, place.gradient)
      if -slope < 1e-3 { break }
      var fraction = 1.0
      var next: CriterionPoint?
      while fraction > 1e-4 {
        let theta = zip(place.theta, step.direction).map { $0 + fraction * $1 }
        evaluations += 1
        if let candidate = try? criterion.evaluateWithInformation(theta, method: method), candidate.penalised > 1e-280,
          candidate.profiled <= place.value + 1e-4 * fraction * slope
        {
          next = candidate
          break
        }
        fraction /= 3
      }
      guard let next else { return nil }
      point = next
      place = Place(theta: next.theta, value: next.profiled, gradient: next.profiledGradient)
      trace.append(place.value)
    }
    return inverse
  }

  /// −|H|⁻¹ g, with H the average information and what the second derivatives of ΛΛ' add, gradient · Λ⁻¹ within a column of Λ. Negative curvature counts by its size.
  private func direction(
    _ theta: [Double], _ gradient: [Double], _ information: Matrix
  ) -> (direction: [Double], inverse: Matrix)? {
    var hessian = information
    var offset = 0
    for (k, lambda) in zip(criterion.factors.orders, criterion.factors.factors(theta)) {
      if k == 1 {
        if abs(theta[offset]) > 1e-8 { hessian[offset, offset] += gradient[offset] / theta[offset] }
      } else if (0..<k).allSatisfy({ abs(lambda[$0 + $0 * k]) > 1e-8 }) {
        addCurvature(&hessian, offset, k, lambda, Array(gradient[offset..<(offset + k * (k + 1) / 2)]))
      }
      offset += k * (k + 1) / 2
    }
    guard let eigen = try? SymmetricEigen(hessian), let vectors = eigen.vectors else { return nil }
    let largest = eigen.values.map { abs($0) }.max() ?? 0
    if !(largest > 0) { return nil }
    let n = theta.count
    var inverse = Matrix(rows: n, columns: n)
    for (l, value) in eigen.values.enumerated() {
      let size = max(abs(value), 1e-4 * largest)
      for j in 0..<n { for i in 0..<n { inverse[i, j] += vectors[i, l] * vectors[j, l] / size } }
    }
    return (inverse.multiplied(by: gradient).map { -$0 }, inverse)
  }

  /// The gradient by Λ is 2σ²GΛ for a symmetric G, of which only the lower triangle is known; G follows by substitution from its last column back,
  /// and every column of Λ has second derivatives 2σ²G.
  private func addCurvature(_ hessian: inout Matrix, _ offset: Int, _ k: Int, _ lambda: [Double], _ gradient: [Double]) {
    func index(_ r: Int, _ c: Int) -> Int { c * k - c * (c - 1) / 2 + r - c }
    var g = Matrix(rows: k, columns: k)
    // (GΛ)[r, c] = Σ over j ≥ c of G[r, j] Λ[j, c], for r ≥ c.
    for r in stride(from: k - 1, through: 0, by: -1) {
      for c in stride(from: r, through: 0, by: -1) {
        var sum = gradient[index(r, c)]
        for j in (c + 1)..<max(k, c + 1) { sum -= g[r, j] * lambda[j + c * k] }
        g[r, c] = sum / lambda[c + c * k]
        g[c, r] = g[r, c]
      }
    }
    for c in 0..<k { for r in c..<k { for s in c..<k { hessian[offset + index(r, c), offset + index(s, c)] += g[r, s] } } }
  }

  /// Full quasi-Newton steps close to the minimum.
  /// - Returns: the relative size of the last step, infinite when the steps lead nowhere.
  private func polish(
    _ place: inout Place, _ inverse: Matrix?, _ trace: inout [Double], _ function: ([Double]) -> (Double, [Double])?
  ) -> Double {
    guard var inverse else { return .infinity }
    var size = Double.infinity
    for _ in 0..<25 {
      let step = inverse.multiplied(by: place.gradient).map { -$0 }
      size = zip(step, place.theta).map { abs($0) / max(abs($1), 1) }.max() ?? 0
      if size <= Self.tolerance { return size }
      let theta = zip(place.theta, step).map { $0 + $1 }
      guard let (value, gradient) = function(theta), value <= place.value + 1e-10 * max(1, abs(place.value)) else { return .infinity }
      let change = zip(gradient, place.gradient).map { $0 - $1 }
      let curvature = dot(step, change)
      if !(curvature > 0) { return .infinity }
      QuasiNewton.update(&inverse, step, change, curvature)
      place = Place(theta: theta, value: value, gradient: gradient)
      trace.append(value)
    }
    return size
  }

  /// The careful way: BFGS with a line search, then Newton steps with a Hessian by differences, away from saddles.
  private func settle(
    _ place: inout Place, _ trace: inout [Double], _ function: ([Double]) -> (Double, [Double])?
  ) throws(MixedModelError) -> Double {
    var search = QuasiNewton()
    search.tolerance = 1e-7
    var size = Double.infinity
    guard var minimum = search.minimise(from: place.theta, function) else { throw .illConditioned }
    trace += minimum.trace.dropFirst()
    var escapes = 0
    for _ in 0..<8 {
      guard let h = differenceHessian(at: minimum.place, step: { 1e-4 * max(abs($0), 0.1) }, { function($0)?.1 }) else {
        throw .illConditioned
      }
      let eigen: SymmetricEigen
      do { eigen = try SymmetricEigen(h) } catch { throw .illConditioned }
      let largest = max(abs(eigen.values.last!), abs(eigen.values[0]))
      if eigen.values[0] < -1e-6 * largest && escapes < 5 {
        escapes += 1
        let v = eigen.vectors!.column(0)
        let down = [0.3, -0.3, 0.03, -0.03].map { s in zip(minimum.place, v).map { $0 + s * $1 } }
        let values = down.map { function($0)?.0 ?? .infinity }
        let best = values.indices.min { values[$0] < values[$1] }!
        if values[best] < minimum.value, let again = search.minimise(from: down[best], function) {
          minimum = again
          trace += again.trace
          continue
        }
      }
      size = newton(&minimum, eigen, function)
      trace.append(minimum.value)
      if size <= Self.tolerance { break }
    }
    place = Place(theta: minimum.place, value: minimum.value, gradient: minimum.gradient)
    return size
  }

  /// Newton steps with one Hessian, in the directions that have curvature.
  private func newton(_ minimum: inout SmoothMinimum, _ eigen: SymmetricEigen, _ function: ([Double]) -> (Double, [Double])?) -> Double {
    let vectors = eigen.vectors!
    let largest = eigen.values.last!
    var size = Double.infinity
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
      if size <= Self.tolerance { break }
    }
    return size
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
