internal import Foundation
public import LinearAlgebra

/// The estimated covariance of one random term.
public struct TermCovariance: Sendable, Equatable {
  /// The grouping factor's name.
  public let name: String
  public let columns: [String]
  public let levels: Int
  public let covariance: Matrix

  /// √ of the variance of effect c, in units of the response for one unit of its column.
  public func standardDeviation(_ c: Int) -> Double { max(covariance[c, c], 0).squareRoot() }

  /// Nil when one of the variances is zero.
  public func correlation(_ a: Int, _ b: Int) -> Double? {
    let product = standardDeviation(a) * standardDeviation(b)
    return product > 0 ? min(max(covariance[a, b] / product, -1), 1) : nil
  }
}

/// A fitted `LinearMixedModel`.
public struct LinearMixedFit: Sendable {
  public let model: LinearMixedModel
  public let method: EstimationMethod
  /// −2 log-likelihood (ML) or the REML criterion, with lme4's constants.
  public let criterion: Double
  public let residualVariance: Double
  public let terms: [TermCovariance]
  public let coefficients: [FixedEffect]
  public let coefficientCovariance: Matrix
  public let account: FitAccount
  /// Terms whose covariance has not full rank: a variance of zero, or coefficients that determine each other.
  public let singularTerms: [String]
  let theta: [Double]
  /// θ with slopes on centred columns (`CentredSlopes`), when the search ran there.
  let centredTheta: [Double]?
  let crossed: CrossedFit?

  init(
    model: LinearMixedModel, method: EstimationMethod, theta: [Double], variance: Double, fixed: [Double], fixedInverse: Matrix,
    criterion: Double, account: FitAccount, crossed: CrossedFit?
  ) {
    let basis = model.basis
    var gamma = fixed
    if basis.hasIntercept { gamma[0] += model.centre }
    let back = basis.inverseTriangle
    let beta = back.multiplied(by: gamma)
    var covariance = back.multiplied(by: fixedInverse).multiplied(by: back, otherTransposed: true)
    covariance.scaleRowsAndColumns(by: [Double](repeating: variance.squareRoot(), count: basis.count))
    self.model = model
    self.method = method
    self.theta = theta
    centredTheta = nil
    self.crossed = crossed
    residualVariance = variance
    coefficientCovariance = covariance
    coefficients = basis.names.indices.map {
      FixedEffect(name: basis.names[$0], estimate: beta[$0], standardError: covariance[$0, $0].squareRoot())
    }
    self.criterion = criterion + (method == .reml ? 2 * basis.logDeterminant : 0)
    let factors = model.factors
    var singular: [String] = []
    var terms: [TermCovariance] = []
    for (t, relative) in factors.covariances(theta).enumerated() {
      let term = model.design.terms[t]
      var sigma = relative
      sigma.scaleRowsAndColumns(by: model.scales[t].map { variance.squareRoot() / $0 })
      terms.append(TermCovariance(name: term.name, columns: term.columns, levels: term.factor.levels, covariance: sigma))
      if factors.factors(theta)[t].indices.contains(where: { $0 % (term.order + 1) == 0 && abs(factors.factors(theta)[t][$0]) < 1e-5 }) {
        singular.append(term.name)
      }
    }
    self.terms = terms
    singularTerms = singular
    var account = account
    account.atBoundary = singular
    self.account = account
  }

  /// A fit with centred slopes, told in its model's own form: Σ = T Σ_c T'.
  init(_ centred: LinearMixedFit, of model: LinearMixedModel, theta: [Double], _ back: [Matrix]) {
    self.model = model
    self.theta = theta
    centredTheta = centred.theta
    method = centred.method
    criterion = centred.criterion
    residualVariance = centred.residualVariance
    terms = zip(centred.terms, back).map { term, t in
      TermCovariance(
        name: term.name, columns: term.columns, levels: term.levels,
        covariance: t.multiplied(by: term.covariance).multiplied(by: t, otherTransposed: true))
    }
    coefficients = centred.coefficients
    coefficientCovariance = centred.coefficientCovariance
    account = centred.account
    singularTerms = centred.singularTerms
    crossed = nil
  }

  /// Rows that were fitted, those with a missing value left out.
  public var observations: Int { model.design.count }
  /// Coefficients, variances and covariances, the residual variance included.
  public var parameters: Int { coefficients.count + theta.count + 1 }
  public var logLikelihood: Double { -criterion / 2 }
  /// Akaike's criterion; of the restricted likelihood when the method is REML, as in R.
  public var aic: Double { criterion + 2 * Double(parameters) }
  public var bic: Double { criterion + log(Double(observations)) * Double(parameters) }
  /// σ, in units of the response.
  public var residualStandardDeviation: Double { residualVariance.squareRoot() }
  /// Whether a covariance matrix is estimated without full rank; `singularTerms` says which.
  public var isSingular: Bool { !singularTerms.isEmpty }

  /// The same model fitted by the other method, or this fit when it is by that method already.
  public func refitted(_ method: EstimationMethod) throws(MixedModelError) -> LinearMixedFit {
    method == self.method ? self : try model.fit(method, from: theta)
  }
}
