import Foundation

extension RandomStream {
  /// A standard normal number.
  ///
  /// Ziggurat with 256 layers (Marsaglia and Tsang 2000) in Doornik's (2005) form: layer, sign and position come from
  /// disjoint bits of one 64-bit draw, so the known correlation of the original cannot arise. 98.8 % of the draws take the
  /// first branch. The tail beyond 3.654 is sampled exactly, so there is no largest value.
  @inlinable @inline(__always)
  public mutating func normal() -> Double {
    let bits = next()
    let layer = Int(truncatingIfNeeded: bits & 255)
    let edges = Ziggurat.edges
    let magnitude = Double(bits &>> 11) * 0x1p-53 * edges[layer]
    let negative = bits & 256 != 0
    if magnitude < edges[layer + 1] { return negative ? -magnitude : magnitude }
    return slowNormal(layer: layer, magnitude: magnitude, negative: negative)
  }

  @usableFromInline
  mutating func slowNormal(layer: Int, magnitude: Double, negative: Bool) -> Double {
    if layer == 0 {
      // Marsaglia's tail: x = r + E1/r accepted with exp(−(x−r)²/2).
      var x: Double
      var y: Double
      repeat {
        x = -log(uniform()) / Ziggurat.tailStart
        y = -log(uniform())
      } while y + y < x * x
      return negative ? -(Ziggurat.tailStart + x) : Ziggurat.tailStart + x
    }
    let low = Ziggurat.heights[layer]
    let high = Ziggurat.heights[layer + 1]
    if low + uniform() * (high - low) < exp(-0.5 * magnitude * magnitude) { return negative ? -magnitude : magnitude }
    return normal()
  }

  /// Overwrites every element with a standard normal number.
  public mutating func fillNormal(_ values: inout [Double]) {
    var generator = self
    for i in values.indices { values[i] = generator.normal() }
    self = generator
  }

  /// A standard exponential number, by inversion.
  @inlinable
  public mutating func exponential() -> Double { -log(uniform()) }

  /// A gamma number with unit scale (Marsaglia and Tsang 2000; for shape < 1 by the power-of-uniform boost).
  /// - Precondition: `shape` > 0 and finite.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "the shape must be positive and finite")
    if shape < 1 {
      let boosted = gamma(shape: shape + 1)
      return boosted * exp(log(uniform()) / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v1 = 1 + c * x
      if v1 <= 0 { continue }
      let v = v1 * v1 * v1
      let u = uniform()
      if u < 1 - 0.0331 * (x * x) * (x * x) { return d * v }
      if log(u) < 0.5 * x * x + d * (1 - v + log(v)) { return d * v }
    }
  }

  /// A Student t number with unit scale (not unit variance); `degreesOfFreedom` = ∞ gives a normal number.
  /// - Precondition: `degreesOfFreedom` > 0.
  public mutating func studentT(_ degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive")
    let z = normal()
    if degreesOfFreedom > 1e12 { return z }
    return z / (gamma(shape: 0.5 * degreesOfFreedom) / (0.5 * degreesOfFreedom)).squareRoot()
  }
}

/// The layers of the ziggurat. `edges[i]` is the right edge of layer i (layer 0 is the base with the tail; its edge is
/// that of the rectangle of equal area), `heights[i]` the density exp(−x²/2) there; `edges[256]` = 0.
@usableFromInline
enum Ziggurat {
  /// Where the tail begins when 256 layers have equal areas (Marsaglia and Tsang 2000, here to double precision).
  static let tailStart = 3.654152885361009

  @usableFromInline static let edges: [Double] = {
    // Area of every layer: base rectangle and tail together.
    let top = exp(-0.5 * tailStart * tailStart)
    let area = tailStart * top + (Double.pi / 2).squareRoot() * erfc(tailStart / 2.0.squareRoot())
    var x = [Double](repeating: 0, count: 257)
    x[0] = area / top
    x[1] = tailStart
    for i in 2..<256 { x[i] = (-2 * log(area / x[i - 1] + exp(-0.5 * x[i - 1] * x[i - 1]))).squareRoot() }
    return x
  }()

  static let heights: [Double] = edges.map { exp(-0.5 * $0 * $0) }
}
