import Foundation

/// The Airy function Ai and its derivative.
///
/// x ≥ 1: Ai(x) = e^−ζ/π ∫₀^∞ e^(−√x t²) cos(t³/3) dt, ζ = ⅔ x^(3/2), by the trapezoidal rule (the path of steepest descent, on which
/// nothing cancels). Below: Taylor series of y'' = xy about the nearest multiple of ½, stepped down from 0 once; Ai oscillates there and
/// errors do not grow. Error about 1e-15 of the larger of Ai and its envelope. Meant for x ≥ −25; NaN below.
enum Airy {
  static func valueAndSlope(_ x: Double) -> (value: Double, slope: Double) {
    if x >= 1 { return descent(x) }
    if !(x >= -25) { return (.nan, .nan) }
    let place = Int((-2 * x).rounded())
    let index = place < 0 ? 0 : place
    let (value, slope) = stations[index]
    return taylor(from: -0.5 * Double(index), value, slope, step: x + 0.5 * Double(index))
  }

  /// Ai and Ai′ at 0, −½, −1, … −25.
  private static let stations: [(Double, Double)] = {
    var list = [(0.35502805388781723926, -0.25881940379280679841)]
    for i in 0..<50 { list.append(taylor(from: -0.5 * Double(i), list[i].0, list[i].1, step: -0.5)) }
    return list
  }()

  private static func taylor(from x: Double, _ value: Double, _ slope: Double, step h: Double) -> (Double, Double) {
    // y'' = xy: (n + 2)(n + 1) c_{n+2} = x c_n + c_{n−1}.
    var coefficients = [value, slope, 0.5 * x * value]
    for n in 1..<34 { coefficients.append((x * coefficients[n] + coefficients[n - 1]) / Double((n + 2) * (n + 1))) }
    var (sum, derivative) = (0.0, 0.0)
    for c in coefficients.reversed() {
      derivative = derivative * h + sum
      sum = sum * h + c
    }
    return (sum, derivative)
  }

  private static func descent(_ x: Double) -> (Double, Double) {
    let root = x.squareRoot()
    let width = 1 / root.squareRoot()
    // e^(−√x t²) is below 1e-17 at 6.6 widths; the step makes the rule exact to 1e-17 for a Gaussian, and for cos(t³/3) beside it.
    let step = 0.17 * width
    var (sum, slope) = (0.5, 0.5 * root)
    for i in 1..<40 {
      let t = step * Double(i)
      let cube = t * t * t / 3
      let weight = exp(-root * t * t)
      sum += weight * cos(cube)
      // d/dx of the contour integral: a factor i·(√x·i + t), of which the real part is left.
      slope += weight * (root * cos(cube) + t * sin(cube))
    }
    let scale = exp(-2.0 / 3 * x * root) * step / Double.pi
    return (scale * sum, -scale * slope)
  }
}
