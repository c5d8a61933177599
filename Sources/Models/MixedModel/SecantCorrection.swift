internal import LinearAlgebra

/// What the average information lacks to be the observed information, learnt from the gradients along the way.
///
/// Average-information steps converge linearly, since average and observed information differ. The gradients are exact, so each step
/// shows the observed information in its direction: score(θ₁) − score(θ₀) ≈ −(A + E)(θ₁ − θ₀). E is updated by the symmetric rank-one
/// formula (Conn, Gould and Toint 1991, Math. Programming 50, 177–195), A being fresh at every point. That makes the last steps superlinear.
struct SecantCorrection: Sendable {
  /// Steps of a larger share of a component than this teach nothing about the neighbourhood of the estimate.
  static let reach = 0.3

  private var correction: Matrix
  private var active: [Int] = []

  init(count: Int) { correction = Matrix(rows: count, columns: count) }

  mutating func learn(
    from old: [Double], _ oldEvaluation: VarianceEvaluation, to new: [Double], _ evaluation: VarianceEvaluation, _ active: [Int]
  ) {
    if active != self.active { correction = Matrix(rows: correction.rows, columns: correction.rows) }
    self.active = active
    var rest = [Double](repeating: 0, count: new.count)
    var overlap = 0.0
    var (restLength, stepLength) = (0.0, 0.0)
    for i in active {
      // Half of ∂criterion/∂θ is minus the score.
      var value = 0.5 * (evaluation.gradient[i] - oldEvaluation.gradient[i])
      for j in active {
        // The mean of both ends: the gradients' difference is an integral over the way between them.
        let mean = 0.25 * (evaluation.information[i, j] + oldEvaluation.information[i, j])
        value -= (mean + correction[i, j]) * (new[j] - old[j])
      }
      rest[i] = value
      let change = (new[i] - old[i]) / new[i]
      overlap += value * new[i] * change
      restLength += value * value * new[i] * new[i]
      stepLength += change * change
    }
    // The usual safeguard: a direction that says nothing is left alone.
    if abs(overlap) < 1e-6 * (restLength * stepLength).squareRoot() || overlap == 0 { return }
    for i in active { for j in active { correction[i, j] += rest[i] * rest[j] / overlap } }
  }

  /// The factor of A + E in units of the components; nil when there is no E yet or the sum is not safely positive.
  func corrected(
    _ plain: borrowing Cholesky, _ components: [Double], _ evaluation: VarianceEvaluation, _ active: [Int]
  ) -> Cholesky? {
    if active != self.active { return nil }
    var matrix = Matrix(rows: active.count, columns: active.count)
    for (a, i) in active.enumerated() {
      for (b, j) in active.enumerated() {
        matrix[a, b] = (0.5 * evaluation.information[i, j] + correction[i, j]) * components[i] * components[j]
      }
    }
    guard let factor = try? Cholesky(matrix) else { return nil }
    for (own, other) in zip(factor.diagonal, plain.diagonal) where own < 0.3 * other { return nil }
    return factor
  }
}
