internal import LinearAlgebra

/// A model with random slopes on columns less their means m: with `b₀ + b₁x = (b₀ + m b₁) + b₁(x − m)` its intercepts are those at the means.
///
/// On a column far from zero (a year, an income) intercepts and slopes cancel each other: a search for their covariance creeps along a narrow valley, and
/// differences of derivatives lose their digits. The criterion, σ² and the fixed effects are the same in both forms, and `Σ = T Σ_c T'` with T taking m b₁
/// off the intercepts. So search and derivatives work on this form.
struct CentredSlopes: Sendable {
  let model: LinearMixedModel
  /// Per term, T.
  let back: [Matrix]
  private let other: LinearMixedModel

  /// Nil where no term with an intercept has a column whose mean exceeds its standard deviation.
  init?(_ other: LinearMixedModel) throws(MixedModelError) {
    guard case .terms(let statistics) = other.engine else { return nil }
    let means = other.design.terms.map { Self.means($0) }
    if means.allSatisfy({ $0.allSatisfy { $0 == 0 } }) { return nil }
    var design = other.design
    design.terms = zip(design.terms, means).map { term, means in
      RandomTerm(
        factor: term.factor, labels: term.labels, columns: term.columns,
        values: zip(term.values, means).map { values, mean in mean == 0 ? values : values.map { $0 - mean } })
    }
    self.other = other
    model = try LinearMixedModel(
      design, basis: other.basis, response: statistics.response.map { $0 + other.centre }, denseLimit: other.denseLimit)
    back = zip(design.terms, means).map { term, means in Self.transformation(term, means, sign: -1) }
  }

  private static func intercept(_ term: RandomTerm) -> Int? { term.columns.firstIndex(of: "(Intercept)") }

  /// What is taken off each column.
  private static func means(_ term: RandomTerm) -> [Double] {
    guard let intercept = intercept(term) else { return term.columns.map { _ in 0 } }
    return term.values.enumerated().map { c, values in
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      return c != intercept && square > 0 && mean * mean > square ? mean : 0
    }
  }

  private static func transformation(_ term: RandomTerm, _ means: [Double], sign: Double) -> Matrix {
    var matrix = Matrix.identity(term.order)
    if let intercept = intercept(term) { for c in means.indices where means[c] != 0 { matrix[intercept, c] = sign * means[c] } }
    return matrix
  }

  /// Searches in this form, and tells the fit in the model's own.
  /// - Parameter start: θ of the model's own form.
  func fit(_ method: EstimationMethod, from start: [Double]?) throws(MixedModelError) -> LinearMixedFit {
    let forward = other.design.terms.map { Self.transformation($0, Self.means($0), sign: 1) }
    let found = try model.fit(method, from: start.map { Self.moved($0, by: forward, from: other, to: model) })
    return LinearMixedFit(found, of: other, theta: Self.moved(found.theta, by: back, from: model, to: other), back)
  }

  /// θ of T Λ, each model's columns on its own scale.
  private static func moved(_ theta: [Double], by transformations: [Matrix], from: LinearMixedModel, to: LinearMixedModel) -> [Double] {
    to.factors.pack(
      from.factors.covariances(theta).enumerated().map { t, covariance in
        var sigma = covariance
        sigma.scaleRowsAndColumns(by: from.scales[t].map { 1 / $0 })
        sigma = transformations[t].multiplied(by: sigma).multiplied(by: transformations[t], otherTransposed: true)
        sigma.scaleRowsAndColumns(by: to.scales[t])
        return semidefiniteFactor(sigma)
      })
  }
}

extension LinearMixedFit {
  /// The same fit where derivatives keep their digits, and per term the T that leads back; this fit and unit matrices where it is one with them.
  func wellConditioned() throws(MixedModelError) -> (fit: LinearMixedFit, back: [Matrix]) {
    guard let centredTheta, let slopes = try CentredSlopes(model) else { return (self, terms.map { Matrix.identity($0.columns.count) }) }
    let point = try slopes.model.evaluate(centredTheta, method: method)
    let fit = LinearMixedFit(
      model: slopes.model, method: method, theta: centredTheta, variance: residualVariance, fixed: point.fixed,
      fixedInverse: point.fixedInverse, criterion: point.profiled, account: account, crossed: nil)
    return (fit, slopes.back)
  }
}
