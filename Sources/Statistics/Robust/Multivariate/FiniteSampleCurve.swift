import Foundation

/// A small-sample factor 1/(1 − b), interpolated over the share between ½ and ⅞ and from there to 1 (Pison, Van Aelst and Willems 2002).
///
/// The bias b(n) = exp(a)/n^power. For one or two variables a and power were fitted; for more, b is known at two sizes n = k p² as
/// scale/p^power, through which log b is drawn as a straight line in log n.
struct FiniteSampleCurve: Sendable {
  typealias Fit = (logScale: Double, power: Double)
  /// At n = `multiple` · p² the bias is `scale` / p^`power`.
  typealias Anchor = (multiple: Double, scale: Double, power: Double)

  /// Bias at share ½ and ⅞.
  let half: Fit
  let sevenEighths: Fit

  init(half: Fit, sevenEighths: Fit) {
    self.half = half
    self.sevenEighths = sevenEighths
  }

  init(dimension p: Int, half: (Anchor, Anchor), sevenEighths: (Anchor, Anchor)) {
    self.half = FiniteSampleCurve.line(half, Double(p))
    self.sevenEighths = FiniteSampleCurve.line(sevenEighths, Double(p))
  }

  private static func line(_ anchors: (Anchor, Anchor), _ p: Double) -> Fit {
    let low = log(anchors.0.scale / pow(p, anchors.0.power))
    let high = log(anchors.1.scale / pow(p, anchors.1.power))
    let (x, z) = (log(anchors.0.multiple * p * p), log(anchors.1.multiple * p * p))
    let power = (low - high) / (z - x)
    return (low + power * x, power)
  }

  func factor(share: Double, count n: Int) -> Double {
    precondition(share >= 0.5 && share <= 1 && n >= 1, "the share lies in [½, 1]")
    func shrinkage(_ fit: Fit) -> Double { 1 - exp(fit.logScale) / pow(Double(n), fit.power) }
    let (low, high) = (shrinkage(half), shrinkage(sevenEighths))
    return 1 / (share <= 0.875 ? low + (high - low) / 0.375 * (share - 0.5) : high + (1 - high) / 0.125 * (share - 0.875))
  }
}
