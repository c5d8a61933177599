import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct LinearRegressionTests {
  private func fit(_ set: CertifiedData.Regression, reading: NumberReading = .decimal) throws -> LinearRegression {
    if let degree = set.degree { return try .polynomial(set.y, on: set.x[0], degree: degree, reading: reading) }
    return try LinearRegression(response: set.y, predictors: set.x, intercept: set.kind == "linear", reading: reading)
  }

  /// NIST Statistical Reference Datasets, linear regression: certified values to 15 digits.
  @Test func certifiedByNIST() throws {
    let sets = try CertifiedData.regressions()
    #expect(sets.count == 11)
    for (name, set) in sets {
      let fit = try fit(set)
      let certified = set.certified
      var pairs = zip(fit.coefficients, certified.coefficients) + zip(fit.standardErrors, certified.standardErrors)
      pairs += [(fit.residualStandardDeviation, certified.residualSD), (fit.rSquared, certified.rSquared)]
      if let f = certified.f { pairs.append((fit.f, f)) }
      for (ours, theirs) in pairs { #expect(logRelativeError(ours, theirs) > 14, "\(name): \(ours), certified \(theirs)") }
    }
  }

  /// Wampler 1 fits exactly; F is infinite, and no coefficient's t is finite.
  @Test func exactFit() throws {
    let fit = try fit(#require(CertifiedData.regressions()["Wampler1"]))
    #expect(fit.residualSumOfSquares == 0 && fit.f == .infinity && fit.fPValue == 0 && fit.pValues.allSatisfy { $0 == 0 })
  }

  /// R 4.2.2: summary(lm(dist ~ speed, cars)); the data are R's `cars` (Ezekiel 1930).
  @Test func carsInR() throws {
    let fit = try LinearRegression(response: Cars.distance, predictors: [Cars.speed])
    #expect(relativeError(fit.tValues[0], -2.601058003022255) < 1e-13 && relativeError(fit.pValues[0], 0.012318816153808828) < 1e-12)
    #expect(relativeError(fit.tValues[1], 9.463989990298368) < 1e-13 && relativeError(fit.pValues[1], 1.4898364962950876e-12) < 1e-12)
    #expect(fit.fDegreesOfFreedom == (1, 48) && relativeError(fit.fPValue, 1.4898364962950767e-12) < 1e-12)
    #expect(relativeError(fit.f, 89.56710653646752) < 1e-13)
  }

  @Test func scaleAndOrderOfRows() throws {
    var stream = RandomStream(seed: 5)
    let x = (0..<30).map { _ in stream.normal() }
    let z = (0..<30).map { _ in stream.normal() }
    let y = x.indices.map { 2 * x[$0] - z[$0] + stream.normal() }
    let fit = try LinearRegression(response: y, predictors: [x, z])
    let scaled = try LinearRegression(response: y.map { 4 * $0 + 8 }, predictors: [x.map { $0 / 2 }, z])
    #expect(relativeError(scaled.coefficients[1], 8 * fit.coefficients[1]) < 1e-14)
    #expect(relativeError(scaled.tValues[2], fit.tValues[2]) < 1e-13)
    let order = stream.permutation(30)
    let shuffled = try LinearRegression(response: order.map { y[$0] }, predictors: [order.map { x[$0] }, order.map { z[$0] }])
    #expect(shuffled.coefficients == fit.coefficients && shuffled.standardErrors == fit.standardErrors)
  }

  @Test func whatCannotBeFitted() {
    let x: [Double] = [1, 2, 3, 4]
    #expect(throws: LeastSquaresError.dependentColumn(2)) {
      _ = try LinearRegression(response: [1, 0, 2, 1], predictors: [x, x.map { 0.3 * $0 + 1 }], reading: .decimal)
    }
    #expect(throws: LeastSquaresError.tooFewRows(rows: 1, columns: 2)) { _ = try LinearRegression(response: [1], predictors: [[1]]) }
    #expect(throws: LeastSquaresError.notFinite(column: nil)) {
      _ = try LinearRegression(response: [1, .nan, 3], predictors: [[1, 2, 4]])
    }
    #expect(throws: LeastSquaresError.notFinite(column: 1)) {
      _ = try LinearRegression(response: [1, 2, 3], predictors: [[1, .infinity, 4]])
    }
  }
}

private func + (a: Zip2Sequence<[Double], [Double]>, b: Zip2Sequence<[Double], [Double]>) -> [(Double, Double)] { Array(a) + Array(b) }
