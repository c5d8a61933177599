internal import Foundation
internal import LinearAlgebra

/// Where a search ended.
struct SmoothMinimum: Sendable {
  var place: [Double]
  var value: Double
  var gradient: [Double]
  var inverseHessian: Matrix
  var steps: Int
  var evaluations: Int
  /// The values on the way.
  var trace: [Double]
}

/// The BFGS method with a backtracking line search (Nocedal and Wright 2006, Numerical Optimization, algorithms 6.1 and 3.1), for smooth functions of a few
/// variables with a gradient.
struct QuasiNewton {
  /// Stops when half the squared Newton decrement, what the quadratic model still promises, falls below this.
  var tolerance = 1e-10
  var maximumSteps = 200

  /// - Parameters:
  ///   - inverseHessian: positive definite; a multiple of the identity when nil.
  ///   - function: value and gradient, or nil where it cannot be computed: such a step is shortened.
  /// - Returns: nil when the function cannot be computed at the start.
  func minimise(
    from start: [Double], inverseHessian: Matrix? = nil, _ function: ([Double]) -> (Double, [Double])?
  ) -> SmoothMinimum? {
    let n = start.count
    guard let (value, gradient) = function(start) else { return nil }
    var result = SmoothMinimum(
      place: start, value: value, gradient: gradient, inverseHessian: inverseHessian ?? .identity(n), steps: 0, evaluations: 1,
      trace: [value])
    if n == 0 { return result }
    var isFresh = inverseHessian == nil
    var fresh = 0
    while result.steps < maximumSteps {
      let length = dot(result.gradient, result.gradient).squareRoot()
      if length == 0 { break }
      var direction = result.inverseHessian.multiplied(by: result.gradient).map { -$0 }
      var slope = dot(direction, result.gradient)
      if !(slope < 0) || isFresh {
        // Without curvature the first step has length one half at most.
        direction = result.gradient.map { -$0 * min(1, 0.5 / length) }
        slope = dot(direction, result.gradient)
      }
      if !isFresh && -slope / 2 < tolerance { break }
      guard let (fraction, next) = lineSearch(result, direction, slope, function, &result.evaluations) else {
        // Rounding, or a bad model of the curvature: once more from the gradient, then give up.
        if isFresh || fresh > 2 { break }
        isFresh = true
        fresh += 1
        result.inverseHessian = .identity(n)
        continue
      }
      let step = direction.map { $0 * fraction }
      let change = zip(next.1, result.gradient).map { $0 - $1 }
      let curvature = dot(step, change)
      if curvature > 1e-12 * (dot(step, step) * dot(change, change)).squareRoot() {
        if isFresh {
          result.inverseHessian = .identity(n)
          result.inverseHessian.scaleRowsAndColumns(by: [Double](repeating: (curvature / dot(change, change)).squareRoot(), count: n))
        }
        QuasiNewton.update(&result.inverseHessian, step, change, curvature)
        isFresh = false
      }
      for i in 0..<n { result.place[i] += step[i] }
      (result.value, result.gradient) = next
      result.steps += 1
      result.trace.append(result.value)
    }
    return result
  }

  private func lineSearch(
    _ from: SmoothMinimum, _ direction: [Double], _ slope: Double, _ function: ([Double]) -> (Double, [Double])?, _ evaluations: inout Int
  ) -> (Double, (Double, [Double]))? {
    var fraction = 1.0
    let slack = 1e-13 * abs(from.value)
    for _ in 0..<30 {
      evaluations += 1
      let place = zip(from.place, direction).map { $0 + fraction * $1 }
      if let next = function(place), next.0.isFinite {
        if next.0 <= from.value + 1e-4 * fraction * slope + slack { return (fraction, next) }
        // The minimum of the parabola through what is known, within safe limits.
        let best = -slope * fraction * fraction / (2 * (next.0 - from.value - slope * fraction))
        fraction = min(max(best, 0.1 * fraction), 0.5 * fraction)
      } else {
        fraction *= 0.25
      }
    }
    return nil
  }

  /// The BFGS update of an inverse Hessian for a step s, a change of gradient y and sy = s'y > 0.
  static func update(_ h: inout Matrix, _ s: [Double], _ y: [Double], _ sy: Double) {
    let hy = h.multiplied(by: y)
    let factor = (1 + dot(y, hy) / sy) / sy
    for j in s.indices { for i in s.indices { h[i, j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy } }
  }
}

/// The Hessian from central differences of a gradient, symmetrised.
func differenceHessian(at x: [Double], step: (Double) -> Double, _ gradient: ([Double]) -> [Double]?) -> Matrix? {
  let n = x.count
  var hessian = Matrix(rows: n, columns: n)
  for j in 0..<n {
    let h = step(x[j])
    var above = x
    var below = x
    above[j] += h
    below[j] -= h
    guard let up = gradient(above), let down = gradient(below) else { return nil }
    for i in 0..<n { hessian[i, j] = (up[i] - down[i]) / (above[j] - below[j]) }
  }
  for j in 0..<n {
    for i in 0..<j {
      let mean = 0.5 * (hessian[i, j] + hessian[j, i])
      hessian[i, j] = mean
      hessian[j, i] = mean
    }
  }
  return hessian
}
