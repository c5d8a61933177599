/// Least squares by Householder's QR factorisation in double-double arithmetic.
///
/// min ‖y − X b‖ for n rows and p ≤ n columns. Backward stable to about 2⁻¹⁰⁰, so that designs with condition numbers up to 10¹⁵, on
/// which every factorisation in `Double` fails or loses most digits, are solved to the last digit of the answer. Cost about 2 n p²
/// double-double steps (20 flops each).
public struct LeastSquares: Sendable {
  /// b, one for each column.
  public let coefficients: [DoubleDouble]
  /// ‖y − X b‖².
  public let residualSumOfSquares: DoubleDouble
  /// R, upper triangular; element (i, j) is `factor[j][i]`, i ≤ j.
  public let factor: [[DoubleDouble]]

  /// - Parameters:
  ///   - columns: the columns of X, all of one length n ≥ p.
  ///   - response: y, n values.
  /// - Throws: `LeastSquaresError` when a column is a linear combination of those before it (to 26 digits), or a number is not finite.
  public init(columns: [[DoubleDouble]], response: [DoubleDouble]) throws(LeastSquaresError) {
    let n = response.count
    let p = columns.count
    precondition(columns.allSatisfy { $0.count == n }, "every column has one value a row")
    guard n >= p else { throw .tooFewRows(rows: n, columns: p) }
    for (j, column) in columns.enumerated() where !column.allSatisfy(\.high.isFinite) { throw .notFinite(column: j) }
    guard response.allSatisfy(\.high.isFinite) else { throw .notFinite(column: nil) }
    var a = columns
    var y = response
    for j in 0..<p {
      let before = LeastSquares.squares(columns[j], from: 0)
      let square = LeastSquares.squares(a[j], from: j)
      guard square.high > 1e-52 * before.high else { throw .dependentColumn(j) }
      let norm = square.squareRoot()
      // The reflection that takes the column to −sign(x₀)‖x‖ e₀; v = x − (that), vᵀv / 2 = ‖x‖ (‖x‖ + |x₀|).
      let lead = a[j][j]
      let diagonal = lead.high > 0 ? -norm : norm
      var v = a[j]
      v[j] = lead - diagonal
      let half = norm * (norm + (lead.high < 0 ? -lead : lead))
      for k in (j + 1)..<max(p, j + 1) { LeastSquares.reflect(&a[k], v, half, from: j) }
      LeastSquares.reflect(&y, v, half, from: j)
      a[j][j] = diagonal
    }
    var b = [DoubleDouble](repeating: .zero, count: p)
    for i in stride(from: p - 1, through: 0, by: -1) {
      var sum = y[i]
      for j in (i + 1)..<max(p, i + 1) { sum -= a[j][i] * b[j] }
      b[i] = sum / a[i][i]
    }
    coefficients = b
    residualSumOfSquares = LeastSquares.squares(y, from: p)
    factor = a.enumerated().map { j, column in Array(column[0...j]) }
  }

  /// (XᵀX)⁻¹ = R⁻¹R⁻ᵀ, element (i, j) at [i][j].
  public func inverseGram() -> [[DoubleDouble]] {
    let p = factor.count
    // Row i of R⁻¹, from its diagonal on.
    var inverse = [[DoubleDouble]](repeating: [DoubleDouble](repeating: .zero, count: p), count: p)
    for j in 0..<p {
      inverse[j][j] = DoubleDouble(1) / factor[j][j]
      for i in stride(from: j - 1, through: 0, by: -1) {
        var sum = DoubleDouble.zero
        for k in (i + 1)...j { sum += factor[k][i] * inverse[k][j] }
        inverse[i][j] = -sum / factor[i][i]
      }
    }
    var gram = inverse
    for i in 0..<p {
      for j in 0...i {
        var sum = DoubleDouble.zero
        for k in i..<p { sum += inverse[i][k] * inverse[j][k] }
        gram[i][j] = sum
        gram[j][i] = sum
      }
    }
    return gram
  }

  private static func squares(_ x: [DoubleDouble], from start: Int) -> DoubleDouble {
    var sum = DoubleDouble.zero
    for i in start..<x.count { sum += x[i] * x[i] }
    return sum
  }

  /// x ← x − v (vᵀx) / half, below row `start`.
  private static func reflect(_ x: inout [DoubleDouble], _ v: [DoubleDouble], _ half: DoubleDouble, from start: Int) {
    var dot = DoubleDouble.zero
    for i in start..<x.count { dot += v[i] * x[i] }
    let factor = dot / half
    for i in start..<x.count { x[i] -= v[i] * factor }
  }
}

/// Why a least-squares problem has no unique answer.
public enum LeastSquaresError: Error, Equatable, Sendable {
  /// There are fewer rows than columns.
  case tooFewRows(rows: Int, columns: Int)
  /// This column (counted from 0) is a linear combination of those before it.
  case dependentColumn(Int)
  /// A value of this column is infinite or not a number; nil is the response.
  case notFinite(column: Int?)
}

extension LeastSquaresError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFewRows(let rows, let columns): "\(rows) rows cannot determine \(columns) coefficients: leave predictors out or add rows"
    case .dependentColumn(let column):
      "predictor \(column + 1) of the design is a linear combination of those before it: leave it out"
    case .notFinite(let column?): "predictor \(column + 1) of the design has a value that is infinite or not a number: leave the row out"
    case .notFinite(nil): "the response has a value that is infinite or not a number: leave the row out"
    }
  }
}
