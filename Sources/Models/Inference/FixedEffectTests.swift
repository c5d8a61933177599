/// How the denominator degrees of freedom of tests on fixed effects are approximated.
public enum DegreesOfFreedom: Sendable, Equatable {
  /// Satterthwaite (1946), for several contrasts at once by Fai and Cornelius (1996).
  case satterthwaite
  /// Kenward and Roger (1997), with their adjusted covariance.
  case kenwardRoger
}

/// The t test that one coefficient is zero.
public struct CoefficientTest: Sendable, Equatable {
  public let name: String
  public let estimate: Double
  public let standardError: Double
  public let degreesOfFreedom: Double
  public let t: Double
  public let pValue: Double
}

/// The F test that all effects of a term are zero.
public struct TermTest: Sendable, Equatable {
  public let name: String
  public let numerator: Int
  public let denominator: Double
  public let f: Double
  public let pValue: Double
}

/// Tests of the coefficients and of the terms of a fit.
public struct FixedEffectTests: Sendable, Equatable {
  public let method: DegreesOfFreedom
  public let coefficients: [CoefficientTest]
  /// Type III: each term given all others, factors coded to sum to zero; without the intercept.
  public let terms: [TermTest]
  /// Terms of which the data lack some combinations of levels: their own coefficients are tested instead.
  public let notEstimable: [String]
}

/// What is wrong with a test that was asked for.
public enum InferenceError: Error, Equatable, Sendable {
  /// The criterion is only estimated by random probes; profiles, likelihood ratios and degrees of freedom need it exactly.
  case notExact
  /// Kenward and Roger's method works on dense matrices of all random effects; there are too many.
  case tooManyEffects(count: Int, limit: Int)
  /// A refit that the method needs failed.
  case fit(MixedModelError)
  /// The two models are not of the same observations and response.
  case differentData
  /// The information about the variances is singular: the design cannot tell them apart.
  case singularInformation
}

extension LinearMixedFit {
  /// t and F tests of the fixed effects.
  ///
  /// - Throws: `InferenceError.notExact`, `.tooManyEffects` (Kenward–Roger), `.fit`.
  public func fixedEffectTests(_ method: DegreesOfFreedom) throws(InferenceError) -> FixedEffectTests {
    if !model.isExact { throw .notExact }
    let p = coefficients.count
    let engine: any ContrastTester
    switch method {
    case .satterthwaite: engine = try Satterthwaite(self)
    case .kenwardRoger: engine = try KenwardRoger(self)
    }
    var single: [CoefficientTest] = []
    for j in 0..<p {
      var contrast = [Double](repeating: 0, count: p)
      contrast[j] = 1
      single.append(try engine.coefficientTest(coefficients[j].name, contrast))
    }
    let (contrasts, notEstimable) = model.termContrasts()
    var terms: [TermTest] = []
    for (name, rows) in contrasts where !rows.isEmpty { terms.append(try engine.termTest(name, rows)) }
    return FixedEffectTests(method: method, coefficients: single, terms: terms, notEstimable: notEstimable)
  }
}

/// Tests contrasts of coefficients.
protocol ContrastTester {
  func coefficientTest(_ name: String, _ contrast: [Double]) throws(InferenceError) -> CoefficientTest
  /// - Parameter contrasts: linearly independent rows.
  func termTest(_ name: String, _ contrasts: [[Double]]) throws(InferenceError) -> TermTest
}
