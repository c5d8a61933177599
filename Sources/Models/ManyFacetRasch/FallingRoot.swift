/// The next place to look for the root of a falling function, by Newton's method between the nearest places where it was found above and below zero.
///
/// Σ(x − E) falls in θ, but like a staircase where used scores lie apart: then its slope at one place says little of the next, and Newton's steps alone,
/// even short ones, can go to and fro for ever. A step that leaves the bracket halves it instead.
struct FallingRoot {
  private var low = -Double.infinity
  private var high = Double.infinity

  /// - Parameters:
  ///   - value: of the function at `x`.
  ///   - step: Newton's, from `x`; at most one logit of it is taken.
  mutating func next(after x: Double, value: Double, step: Double) -> Double {
    if value > 0 { low = max(low, x) } else { high = min(high, x) }
    let trial = x + min(max(step, -1), 1)
    // On a step of the last digits the ends may be the same place.
    if abs(step) < 1e-11 || (trial > low && trial < high) || !low.isFinite || !high.isFinite { return trial }
    return low + (high - low) / 2
  }
}
