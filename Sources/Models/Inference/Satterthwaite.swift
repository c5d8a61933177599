internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// Satterthwaite's degrees of freedom (Giesbrecht and Burns 1985; Kuznetsova, Brockhoff and Christensen 2017, J. Stat. Softw. 82(13)):
///
///     ν(l) = 2 (l'Vl)² / (g'Ag),   g = ∂(l'Vl)/∂(θ, σ),   A = Cov(θ̂, σ̂)
///
/// For several contrasts they are turned into uncorrelated ones, and ν₂ is such that F has the mean of the average of their squared t (Fai and Cornelius 1996).
/// Cost: four evaluations of the criterion a covariance parameter.
struct Satterthwaite: ContrastTester {
  private let estimates: [Double]
  private let covariance: Matrix
  private let derivatives: LocalDerivatives

  init(_ fit: LinearMixedFit) throws(InferenceError) {
    estimates = fit.coefficients.map(\.estimate)
    covariance = fit.coefficientCovariance
    do { derivatives = try LocalDerivatives(fit.wellConditioned().fit) } catch { throw .fit(error) }
  }

  func degrees(_ contrast: [Double]) -> Double {
    let variance = dot(contrast, covariance.multiplied(by: contrast))
    let gradient = derivatives.coefficientDerivatives.map { dot(contrast, $0.multiplied(by: contrast)) }
    let spread = dot(gradient, derivatives.covariance.multiplied(by: gradient))
    return spread > 0 ? 2 * variance * variance / spread : .infinity
  }

  func coefficientTest(_ name: String, _ contrast: [Double]) -> CoefficientTest {
    let estimate = dot(contrast, estimates)
    let error = dot(contrast, covariance.multiplied(by: contrast)).squareRoot()
    let degrees = degrees(contrast)
    let t = estimate / error
    return CoefficientTest(
      name: name, estimate: estimate, standardError: error, degreesOfFreedom: degrees, t: t, pValue: twoSidedT(t, degrees))
  }

  func termTest(_ name: String, _ contrasts: [[Double]]) throws(InferenceError) -> TermTest {
    let l = Matrix(rowArrays: contrasts)
    let variance = l.multiplied(by: covariance).multiplied(by: l, otherTransposed: true)
    let eigen: SymmetricEigen
    do { eigen = try SymmetricEigen(variance) } catch { throw .fit(.illConditioned) }
    let largest = eigen.values.last ?? 0
    var degrees: [Double] = []
    var sum = 0.0
    // In descending order of variance; a contrast without variance says nothing.
    for k in eigen.values.indices.reversed() where eigen.values[k] > 1.5e-8 * largest {
      let contrast = l.transposeMultiplied(by: eigen.vectors!.column(k))
      let estimate = dot(contrast, estimates)
      sum += estimate * estimate / eigen.values[k]
      degrees.append(self.degrees(contrast))
    }
    let q = degrees.count
    let f = sum / Double(q)
    let denominator = Satterthwaite.combined(degrees)
    return TermTest(name: name, numerator: q, denominator: denominator, f: f, pValue: upperF(f, q, denominator))
  }

  /// The denominator of the mean of squared t variables with these degrees of freedom.
  static func combined(_ degrees: [Double]) -> Double {
    let q = Double(degrees.count)
    if degrees.count == 1 { return degrees[0] }
    let mean = degrees.reduce(0, +) / q
    if degrees.allSatisfy({ abs($0 - mean) < 1e-8 * max(1, mean) }) || !mean.isFinite { return mean }
    if degrees.contains(where: { $0 <= 2 }) { return 2 }
    let expected = degrees.reduce(0) { $0 + $1 / ($1 - 2) }
    return 2 * expected / (expected - q)
  }
}

/// P(|T| ≥ |t|); normal for infinite degrees of freedom.
func twoSidedT(_ t: Double, _ degrees: Double) -> Double {
  degrees.isFinite && degrees < 1e9 ? StudentT(degreesOfFreedom: degrees).twoSided(t) : Normal.twoSided(t)
}

/// P(F ≥ f); χ²/q for infinite degrees of freedom.
func upperF(_ f: Double, _ q: Int, _ degrees: Double) -> Double {
  if !(f > 0) { return 1 }
  return degrees.isFinite && degrees < 1e9
    ? FDistribution(numerator: Double(q), denominator: degrees).upperTail(f)
    : ChiSquared(degreesOfFreedom: Double(q)).upperTail(f * Double(q))
}
