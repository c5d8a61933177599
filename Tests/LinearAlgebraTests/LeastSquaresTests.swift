import Foundation
import Testing

@testable import LinearAlgebra

@Suite struct LeastSquaresTests {
  /// A Vandermonde design on 10 … 10 + 11/16 (condition number about 1e22): the polynomial is found again to 9 digits and more.
  @Test func illConditioned() throws {
    let x = (0..<12).map { 10 + Double($0) / 16 }
    var columns = [[DoubleDouble](repeating: DoubleDouble(1), count: 12)]
    for d in 0..<7 { columns.append(zip(columns[d], x).map { $0 * $1 }) }
    let truth: [Double] = [3, -1, 4, -1, 5, -9, 2, -6]
    let y = x.indices.map { i in (0..<8).reduce(DoubleDouble.zero) { $0 + columns[$1][i] * truth[$1] } }
    let fit = try LeastSquares(columns: columns, response: y)
    for (b, expected) in zip(fit.coefficients, truth) { #expect(abs(b.high - expected) < 1e-9 * abs(expected)) }
  }

  /// The residual is orthogonal to the columns, and (XᵀX)(XᵀX)⁻¹ = I.
  @Test func normalEquations() throws {
    let columns: [[Double]] = [[1, 1, 1, 1, 1], [0.3, 2, -1, 4, 2.5], [7, 0, 1, -2, 3.3]]
    let y: [Double] = [1, -2, 0.5, 3, 9]
    let x = columns.map { $0.map { DoubleDouble($0) } }
    let fit = try LeastSquares(columns: x, response: y.map { DoubleDouble($0) })
    let residual = y.indices.map { i in (0..<3).reduce(DoubleDouble(y[i])) { $0 - x[$1][i] * fit.coefficients[$1] } }
    var rss = DoubleDouble.zero
    for r in residual { rss += r * r }
    #expect(abs((rss - fit.residualSumOfSquares).high) < 1e-28)
    let gram = fit.inverseGram()
    for i in 0..<3 {
      #expect(abs(residual.indices.reduce(DoubleDouble.zero) { $0 + residual[$1] * x[i][$1] }.high) < 1e-28)
      for j in 0..<3 {
        var sum = DoubleDouble.zero
        for k in 0..<3 {
          let inner = y.indices.reduce(DoubleDouble.zero) { $0 + x[i][$1] * x[k][$1] }
          sum += inner * gram[k][j]
        }
        #expect(abs(sum.high - (i == j ? 1 : 0)) < 1e-27)
      }
    }
  }

  @Test func refusals() {
    let one = DoubleDouble(1)
    #expect(throws: LeastSquaresError.dependentColumn(1)) {
      _ = try LeastSquares(columns: [[one, one], [one, one]], response: [one, one])
    }
    #expect(throws: LeastSquaresError.tooFewRows(rows: 0, columns: 1)) { _ = try LeastSquares(columns: [[]], response: []) }
    #expect("\(LeastSquaresError.dependentColumn(1))".contains("predictor 2"))
  }
}
