import Foundation
import LinearAlgebra
import Models

/// The model at the estimates of a fit, written down with dense n × n matrices.
struct NaiveMixedModel {
  private let n: Int
  private let p: Int
  private let logDeterminant: Double
  private let fixedLogDeterminant: Double
  private let quadratic: Double
  let coefficients: [Double]
  /// Per term: column after column, level by level.
  let effects: [[Double]]
  let errors: [[Double]]

  init(_ fit: LinearMixedFit) throws {
    let design = fit.model.design
    let n = design.count
    var v = Matrix(rows: n, columns: n)
    func column(_ term: RandomTerm, _ level: Int, _ c: Int) -> [Double] {
      (0..<n).map { Int(term.factor.codes[$0]) == level ? term.values[c][$0] : 0 }
    }
    for i in 0..<n {
      for j in 0..<n {
        for (term, estimate) in zip(design.terms, fit.terms) where term.factor.codes[i] == term.factor.codes[j] {
          for a in 0..<term.order {
            for b in 0..<term.order { v[i, j] += term.values[a][i] * estimate.covariance[a, b] * term.values[b][j] }
          }
        }
      }
      v[i, i] += fit.residualVariance / (design.weights?[i] ?? 1)
    }
    let factor = try Cholesky(v)
    logDeterminant = factor.diagonal.reduce(0) { $0 + 2 * log($1) }
    let inverse = factor.inverse()
    let x = Matrix(rows: n, columns: design.fixedColumns.count, elements: design.fixedColumns.flatMap { $0 })
    let vx = inverse.multiplied(by: x)
    let information = try Cholesky(x.multiplied(by: vx, transposed: true))
    fixedLogDeterminant = information.diagonal.reduce(0) { $0 + 2 * log($1) }
    let covariance = information.inverse()
    coefficients = covariance.multiplied(by: vx.transposeMultiplied(by: design.response))
    let correction = vx.multiplied(by: covariance).multiplied(by: vx, otherTransposed: true)
    let projection = Matrix(rows: n, columns: n, elements: zip(inverse.elements, correction.elements).map { $0 - $1 })
    let py = projection.multiplied(by: design.response)
    quadratic = dot(design.response, py)
    self.n = n
    p = design.fixedColumns.count
    // b̂ = ΣZ'Py, Var(b̂ − b) = Σ − ΣZ'PZΣ.
    var effects: [[Double]] = []
    var errors: [[Double]] = []
    for (term, estimate) in zip(design.terms, fit.terms) {
      let k = term.order
      var values = [Double](repeating: 0, count: k * term.factor.levels)
      var roots = values
      for level in 0..<term.factor.levels {
        let z = (0..<k).map { column(term, level, $0) }
        let scores = z.map { dot($0, py) }
        let images = z.map { projection.multiplied(by: $0) }
        for a in 0..<k {
          for c in 0..<k { values[a * term.factor.levels + level] += estimate.covariance[a, c] * scores[c] }
          var variance = estimate.covariance[a, a]
          for c in 0..<k {
            for d in 0..<k { variance -= estimate.covariance[a, c] * dot(z[c], images[d]) * estimate.covariance[d, a] }
          }
          roots[a * term.factor.levels + level] = max(variance, 0).squareRoot()
        }
      }
      effects.append(values)
      errors.append(roots)
    }
    self.effects = effects
    self.errors = errors
  }

  func criterion(_ method: EstimationMethod) -> Double {
    let degrees = Double(method == .reml ? n - p : n)
    return logDeterminant + (method == .reml ? fixedLogDeterminant : 0) + quadratic + degrees * log(2 * Double.pi)
  }
}
