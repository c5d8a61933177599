import Foundation
import LinearAlgebra

/// log ∫ e^f(u) du over the real line, for analytic integrands with one peak.
///
/// The trapezoidal rule converges exponentially for these: halving the step squares its error. So the step is halved until the sum
/// changes by less than 1e-9, when what is left is rounding. The range is where the integrand is above e^−46 of its peak.
///
/// - Parameters:
///   - start: a point of the range, the nearer to the peak the better.
///   - step: a positive length of the order of the width of the peak.
///   - f: the log integrand; −∞ where it vanishes.
/// - Returns: −∞ when no point with a positive integrand is found near `start`.
func logIntegral(start: Double, step: Double, _ f: (Double) -> Double) -> Double {
  var (peak, height) = (start, f(start))
  var h = step
  if height == -.infinity {
    for _ in 0..<60 {
      let (right, left) = (f(start + h), f(start - h))
      if max(left, right) > -.infinity {
        (peak, height) = right >= left ? (start + h, right) : (start - h, left)
        break
      }
      h *= 2
    }
    if height == -.infinity { return height }
  }
  for _ in 0..<300 {
    let right = f(peak + h)
    if right > height {
      (peak, height) = (peak + h, right)
      h *= 2
      continue
    }
    let left = f(peak - h)
    if left > height {
      (peak, height) = (peak - h, left)
      h *= 2
      continue
    }
    // The peak is known well enough for a range when both neighbours are near.
    if max(left, right) > height - 0.7 { break }
    h /= 4
  }
  let floor = height - 46
  func edge(_ direction: Double) -> Double {
    var inside = peak
    var reach = h
    while f(peak + direction * reach) > floor && reach < 1e6 * (step + abs(peak)) {
      inside = peak + direction * reach
      reach *= 2
    }
    var outside = peak + direction * reach
    for _ in 0..<5 {
      let middle = 0.5 * (inside + outside)
      if f(middle) > floor { inside = middle } else { outside = middle }
    }
    return outside
  }
  let low = edge(-1)
  let width = edge(1) - low
  var intervals = 24
  var sum = 0.0
  for i in 0...intervals { sum += exp(f(low + width * Double(i) / Double(intervals)) - height) }
  sum *= width / Double(intervals)
  while intervals < 1 << 15 {
    var between = 0.0
    for i in 0..<intervals { between += exp(f(low + width * (Double(i) + 0.5) / Double(intervals)) - height) }
    let refined = 0.5 * (sum + between * width / Double(intervals))
    intervals *= 2
    let change = abs(refined - sum)
    sum = refined
    if change <= 1e-9 * sum { break }
  }
  return height + log(sum)
}

/// Nodes and weights of the Gauss–Legendre rule on (0, 1).
///
/// Newton's method on the Legendre polynomial, the last steps in double-double arithmetic: determinants of nearly singular operators
/// amplify errors of the weights, and near the ends the usual formulas leave some 1e-13.
struct GaussLegendre: Sendable {
  let nodes: [Double]
  let weights: [Double]

  init(_ count: Int) {
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    for i in 0..<((count + 1) / 2) {
      var x = DoubleDouble(cos(Double.pi * (Double(i) + 0.75) / (Double(count) + 0.5)))
      var slope = DoubleDouble.zero
      // The start is good to three digits; quadratic convergence reaches 31 in five steps. One more evaluation gives the slope there.
      for step in 0..<7 {
        let (value, derivative) = GaussLegendre.legendre(count, x)
        slope = derivative
        if step < 6 { x -= value / derivative }
      }
      let one = DoubleDouble(1)
      nodes[i] = ((one - x) * 0.5).doubleValue
      nodes[count - 1 - i] = ((one + x) * 0.5).doubleValue
      weights[i] = (one / ((one - x) * (one + x) * slope * slope)).doubleValue
      weights[count - 1 - i] = weights[i]
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// P_n and P′_n at x: n P_n = (2n − 1) x P_{n−1} − (n − 1) P_{n−2}, P′_n = P′_{n−2} + (2n − 1) P_{n−1}.
  private static func legendre(_ n: Int, _ x: DoubleDouble) -> (value: DoubleDouble, slope: DoubleDouble) {
    var (before, value) = (DoubleDouble(1), x)
    var (slopeBefore, slope) = (DoubleDouble.zero, DoubleDouble(1))
    for k in stride(from: 2, through: n, by: 1) {
      let next = (x * value * Double(2 * k - 1) - before * Double(k - 1)) / Double(k)
      (slopeBefore, slope) = (slope, slopeBefore + value * Double(2 * k - 1))
      (before, value) = (value, next)
    }
    return (value, slope)
  }
}
