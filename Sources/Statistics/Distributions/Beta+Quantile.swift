import Foundation

extension Beta {
  /// The quantile x together with 1 − x, each with its own digits; nil when `logP` is not a log probability.
  ///
  /// The unknown is u = log(x/(1 − x)), so that both ends have room. A continued fraction costs far more than the derivatives of the tail, which are
  /// known exactly, so each evaluation is followed by four terms of the series of the inverse: from a good start one is enough, from a poor one few.
  func odds(_ logP: Double, lower: Bool) -> (x: Double, y: Double)? {
    if !(logP <= 0) { return nil }
    if logP == 0 { return lower ? (1, 0) : (0, 1) }
    if logP == -.infinity { return lower ? (0, 1) : (1, 0) }
    // Ask the tail that is the smaller one: the log of a tail near one has lost its digits.
    if logP > -0.6931471805599453 { return odds(logOneMinusExp(logP), lower: !lower) }
    var u = start(logP, lower: lower)
    var (low, high) = (-Double.infinity, Double.infinity)
    var stride = 1 + (1 / a + 1 / b).squareRoot()
    for _ in 0..<400 {
      let (x, y) = logistic(u)
      let tails = logIncompleteBeta(a, b, x: x, y: y)
      let tail = lower ? tails.lower : tails.upper
      let missing = logP - tail
      if missing == 0 { break }
      if (missing > 0) == lower { low = max(low, u) } else { high = min(high, u) }
      let slope = exp(logBetaPower(a, b, x, y) - tail)
      let step = inverseStep(missing, slope: slope, x, y, lower: lower)
      var next = u + step.length
      if low.isFinite && high.isFinite {
        if !(next > low && next < high) { next = 0.5 * (low + high) }
        if high - low <= 4e-16 * max(abs(low), abs(high)) { return logistic(next) }
      } else {
        // A step may leap where the tail is flat; bound the leap, and double the bound each time.
        if !next.isFinite || abs(next - u) > stride || (next > u) != (low == u) { next = low == u ? u + stride : u - stride }
        stride *= 2
      }
      // x and 1 − x move by no more than u does, relatively.
      let done = next == u + step.length && step.remainder <= 1e-17 * max(1, abs(next))
      if done || abs(next - u) <= 2e-16 * abs(next) { return logistic(next) }
      u = next
    }
    return logistic(u)
  }

  /// Carter's expansion of Fisher's z = ½ log F (1947; Abramowitz and Stegun 26.5.22), or the normal one where a parameter is too small for it.
  private func start(_ logP: Double, lower: Bool) -> Double {
    let z = Normal.quantile(logUpperTail: logP)
    if min(a, b) < 1 {
      let spread = (1 / a + 1 / b).squareRoot()
      return log(a / b) + (lower ? -z : z) * spread
    }
    let (p, q) = (1 / (2 * a - 1), 1 / (2 * b - 1))
    let h = 2 / (p + q)
    let lambda = (z * z - 3) / 6
    let deviate = lower ? z : -z
    let w = deviate * (h + lambda).squareRoot() / h - (q - p) * (lambda + 5.0 / 6 - 2 / (3 * h))
    return log(a / b) - 2 * w
  }

  /// The u that makes good what is `missing` in the log tail, counted from the present one: δ/h′ and three more terms of the Taylor series of the
  /// inverse function, and an estimate of the first term left out.
  ///
  /// With h the log tail, r = 1/h′ and (log f)′ = m = a y − b x (f the density of u, m′ = −(a + b) x y), D = m r, E = (a + b) x y r², G = (y − x) r:
  ///
  ///     u″ = r (1 − D)     u‴ = r [(1 − D)(1 − 2D) + E]
  ///     u⁗ = r [(1 − D)((1 − D)(1 − 2D) + E) + (4D − 3)(D − D² − E) + E (G + 2 − 2D)]
  private func inverseStep(_ missing: Double, slope: Double, _ x: Double, _ y: Double, lower: Bool) -> (length: Double, remainder: Double) {
    let r = lower ? 1 / slope : -1 / slope
    let d = (a * y - b * x) * r
    let e = (a + b) * x * y * r * r
    let third = (1 - d) * (1 - 2 * d) + e
    let fourth = (1 - d) * third + (4 * d - 3) * (d - d * d - e) + e * ((y - x) * r + 2 - 2 * d)
    let first = missing * r
    let terms = (missing / 2 * (1 - d), missing * missing / 6 * third, missing * missing * missing / 24 * fourth)
    // The terms of a series that converges fall as powers of this ratio; where they do not, Newton's step is safer.
    let ratio = max(abs(terms.0), abs(terms.1).squareRoot(), cbrt(abs(terms.2)))
    if !(ratio < 0.5) { return (first, .infinity) }
    let length = first * (1 + terms.0 + terms.1 + terms.2)
    // Far out the tail is all but straight and every term but the first vanishes, until u comes near the bend: x y changes by a factor e a unit.
    if !(abs(first) < 0.5) { return (length, .infinity) }
    let reach = first * first
    return (
      length, abs(first) * (4 * ratio * ratio * ratio * ratio + abs(terms.2 * first) + abs(terms.1) * reach + abs(terms.0 * first) * reach)
    )
  }
}
