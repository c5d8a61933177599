internal import Foundation
internal import LinearAlgebra

/// How the deviance and the fixed effects' covariance change around the estimates, in the parameters (θ, σ).
///
///     deviance(θ, σ) = log|V/σ²|(θ) + d log(2πσ²) + r²(θ)/σ²          Cov(γ̂) = σ² C(θ)
///
/// Derivatives by θ are five-point differences of exact gradients (of exact C), four evaluations a parameter; by σ they are exact.
struct LocalDerivatives: Sendable {
  /// Second derivatives of the deviance, σ last.
  let hessian: Matrix
  /// Covariance of (θ̂, σ̂): twice the inverse of the Hessian over the directions that have curvature.
  let covariance: Matrix
  /// Directions without curvature, in parameters divided by `scale`: along them the data say nothing.
  private let flat: [[Double]]
  private let scale: [Double]
  /// ∂Cov(β̂)/∂ each parameter, σ last.
  let coefficientDerivatives: [Matrix]

  init(_ fit: LinearMixedFit) throws(MixedModelError) {
    let theta = fit.theta
    let m = theta.count
    let sigma2 = fit.residualVariance
    let sigma = sigma2.squareRoot()
    let model = fit.model
    let centre = try model.evaluate(theta, method: fit.method)
    var hessian = Matrix(rows: m + 1, columns: m + 1)
    let p = model.basis.count
    let back = model.basis.inverseTriangle
    func transformed(_ c: Matrix) -> Matrix { back.multiplied(by: c).multiplied(by: back, otherTransposed: true) }
    var derivatives: [Matrix] = []
    for j in 0..<m {
      let h = 2e-3 * max(abs(theta[j]), 0.1)
      var column = [Double](repeating: 0, count: m)
      var change = [Double](repeating: 0, count: p * p)
      for (offset, weight) in [(-2.0, 1.0 / 12), (-1.0, -2.0 / 3), (1.0, 2.0 / 3), (2.0, -1.0 / 12)] {
        var place = theta
        place[j] += offset * h
        let point = try model.evaluate(place, method: fit.method)
        for i in 0..<m { column[i] += weight / h * (point.logGradient[i] + point.penalisedGradient[i] / sigma2) }
        for (i, value) in point.fixedInverse.elements.enumerated() { change[i] += weight / h * sigma2 * value }
      }
      for i in 0..<m { hessian[i, j] = column[i] }
      hessian[m, j] = -2 * centre.penalisedGradient[j] / (sigma2 * sigma)
      hessian[j, m] = hessian[m, j]
      derivatives.append(transformed(Matrix(rows: p, columns: p, elements: change)))
    }
    for j in 0..<m {
      for i in 0..<j {
        let mean = 0.5 * (hessian[i, j] + hessian[j, i])
        hessian[i, j] = mean
        hessian[j, i] = mean
      }
    }
    hessian[m, m] = -2 * centre.degrees / sigma2 + 6 * centre.penalised / (sigma2 * sigma2)
    derivatives.append(Matrix(rows: p, columns: p, elements: transformed(centre.fixedInverse).elements.map { 2 * sigma * $0 }))
    // Parameters live on scales as different as σ and 1: the Hessian is made comparable before its directions are judged.
    let scale = (0...m).map { $0 == m ? sigma : max(abs(theta[$0]), 0.1) }
    var scaled = hessian
    scaled.scaleRowsAndColumns(by: scale)
    let eigen: SymmetricEigen
    do { eigen = try SymmetricEigen(scaled) } catch { throw .illConditioned }
    var covariance = Matrix(rows: m + 1, columns: m + 1)
    var flat: [[Double]] = []
    for (k, value) in eigen.values.enumerated() {
      let v = eigen.vectors!.column(k)
      if value <= 1e-8 * eigen.values[m] {
        flat.append(v)
        continue
      }
      for j in 0...m { for i in 0...m { covariance[i, j] += 2 * v[i] * v[j] / value } }
    }
    covariance.scaleRowsAndColumns(by: scale)
    self.hessian = hessian
    self.covariance = covariance
    coefficientDerivatives = derivatives
    self.flat = flat
    self.scale = scale
  }

  /// The standard error of a function of the parameters with this gradient; nil where it changes along a direction without curvature.
  func standardError(_ gradient: [Double]) -> Double? {
    let scaled = zip(gradient, scale).map { $0 * $1 }
    let length = dot(scaled, scaled).squareRoot()
    if flat.contains(where: { abs(dot($0, scaled)) > 1e-3 * length }) { return nil }
    return max(dot(gradient, covariance.multiplied(by: gradient)), 0).squareRoot()
  }
}
