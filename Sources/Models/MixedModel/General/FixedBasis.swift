internal import Foundation
internal import LinearAlgebra

/// The fixed columns X, without those that others determine, as `X = Q R` with Q orthogonal under the weights and of root mean square 1.
///
/// Work is done on Q, so that a covariate far from zero (a year) or on a large scale costs no digits; R, upper triangular, leads back. Modified
/// Gram–Schmidt, repeated where a column loses most of its length. A column of which less than 1e-7 is left (R's `lm` uses the same bound) is
/// dropped and named. Cost n p².
struct FixedBasis: Sendable {
  let names: [String]
  /// Which of the given columns are kept.
  let kept: [Int]
  let dropped: [String]
  let columns: [[Double]]
  /// p × p, upper triangular, positive diagonal.
  let triangle: Matrix
  /// The first column of Q is constant.
  let hasIntercept: Bool

  static let tolerance = 1e-7

  init(names: [String], columns given: [[Double]], weights: [Double]?) {
    let total = weights.map { $0.reduce(0, +) } ?? Double(given.first?.count ?? 0)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      guard let weights else { return dot(a, b) / total }
      var sum = 0.0
      for i in a.indices { sum += weights[i] * a[i] * b[i] }
      return sum / total
    }
    var basis: [[Double]] = []
    var coefficients: [[Double]] = []
    var kept: [Int] = []
    var dropped: [String] = []
    for (j, column) in given.enumerated() {
      var rest = column
      let length = product(column, column)
      var shares = [Double](repeating: 0, count: basis.count)
      var before = length
      var after = 0.0
      repeat {
        for (k, q) in basis.enumerated() {
          let share = product(q, rest)
          if share == 0 { continue }
          shares[k] += share
          for i in rest.indices { rest[i] -= share * q[i] }
        }
        after = product(rest, rest)
        if after > 0.25 * before || after <= 0.01 * Self.tolerance * Self.tolerance * length { break }
        before = after
      } while true
      if !(after > Self.tolerance * Self.tolerance * length) {
        dropped.append(names[j])
        continue
      }
      let scale = after.squareRoot()
      for i in rest.indices { rest[i] /= scale }
      basis.append(rest)
      coefficients.append(shares + [scale])
      kept.append(j)
    }
    self.kept = kept
    self.dropped = dropped
    self.names = kept.map { names[$0] }
    self.columns = basis
    var triangle = Matrix(rows: basis.count, columns: basis.count)
    for (j, column) in coefficients.enumerated() { for (i, value) in column.enumerated() { triangle[i, j] = value } }
    self.triangle = triangle
    hasIntercept = basis.first.map { first in first.allSatisfy { $0 == first[0] } } ?? false
  }

  var count: Int { columns.count }

  /// log|R|, by which log|X'V⁻¹X| exceeds twice log|Q'V⁻¹Q|.
  var logDeterminant: Double { triangle.diagonal.reduce(0) { $0 + log($1) } }

  /// R⁻¹, upper triangular.
  var inverseTriangle: Matrix {
    var result = Matrix(rows: count, columns: count)
    for j in 0..<count {
      result[j, j] = 1 / triangle[j, j]
      for i in stride(from: j - 1, through: 0, by: -1) {
        var sum = 0.0
        for k in (i + 1)...j { sum += triangle[i, k] * result[k, j] }
        result[i, j] = -sum / triangle[i, i]
      }
    }
    return result
  }
}
