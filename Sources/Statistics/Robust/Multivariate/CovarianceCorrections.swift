import Foundation
import LinearAlgebra

/// Factors that make the covariance of a central part of a normal sample unbiased.
public enum CovarianceCorrections {
  /// share / P(χ²_{p+2} ≤ q), q the quantile of χ²_p at `share`: makes the covariance of the central `share` of a normal
  /// population consistent (Croux and Haesbroeck 1999). 1 at share 1.
  public static func consistency(share: Double, dimension p: Int) -> Double {
    precondition(share > 0 && share <= 1 && p >= 1, "a share lies in (0, 1]")
    if share == 1 { return 1 }
    let q = ChiSquared(degreesOfFreedom: Double(p)).quantile(share)
    return share / ChiSquared(degreesOfFreedom: Double(p + 2)).lowerTail(q)
  }

  /// The factor for the raw MCD of n observations of p variables, by the formula of Pison, Van Aelst and Willems (2002, Metrika 55, 111–123).
  ///
  /// robustbase since 0.92 takes simulated factors instead where share is ½, p ≤ 9 and n below about 4p; there the two differ.
  public static func smallSample(share: Double, dimension p: Int, count n: Int) -> Double {
    interpolated(
      share: share, p: p, n: n, low: rawHalf, high: rawSevenEighths, univariate: ((0.262024211897096, 0.604756680630497), (-0.351584646688712, 1.01646567502486)),
      bivariate: ((0.673292623522027, 0.691365864961895), (0.446537815635445, 1.06690782995919)))
  }

  /// The same for the reweighted MCD.
  public static func smallSampleReweighted(share: Double, dimension p: Int, count n: Int) -> Double {
    interpolated(
      share: share, p: p, n: n, low: reweightedHalf, high: reweightedSevenEighths,
      univariate: ((1.11098143415027, 1.5182890270453), (-0.66046776772861, 0.88939595831888)),
      bivariate: ((3.11101712909049, 1.91401056721863), (0.79473550581058, 1.10081930350091)))
  }

  private typealias Curve = (scale: Double, power: Double)
  /// At n = 2p² and n = 3p² the bias is scale / p^power.
  private typealias Anchors = (two: Curve, three: Curve)

  private static let rawHalf: Anchors = ((1.42764571687802, 1.26263336932151), (1.06141115981725, 1.28907991440387))
  private static let rawSevenEighths: Anchors = ((0.455179464070565, 1.11192541278794), (0.294241208320834, 1.09649329149811))
  private static let reweightedHalf: Anchors = ((1.02842572724793, 1.67659883081926), (0.26800273450853, 1.35968562893582))
  private static let reweightedSevenEighths: Anchors = ((0.544482443573914, 1.25994483222292), (0.343791072183285, 1.25159004257133))

  private static func interpolated(
    share: Double, p: Int, n: Int, low: Anchors, high: Anchors, univariate: ((Double, Double), (Double, Double)),
    bivariate: ((Double, Double), (Double, Double))
  ) -> Double {
    precondition(share >= 0.5 && share <= 1 && p >= 1 && n >= 1, "the share lies in [½, 1]")
    let size = Double(n)
    func shrinkage(_ logScale: Double, _ power: Double) -> Double { 1 - exp(logScale) / pow(size, power) }
    func shrinkage(_ anchors: Anchors) -> Double {
      let d = Double(p)
      let two = log(anchors.two.scale / pow(d, anchors.two.power))
      let three = log(anchors.three.scale / pow(d, anchors.three.power))
      // log bias = a − b log n through both anchors.
      let (x2, x3) = (log(2 * d * d), log(3 * d * d))
      let power = (two - three) / (x3 - x2)
      return shrinkage(two + power * x2, power)
    }
    let half: Double
    let sevenEighths: Double
    switch p {
    case 1: (half, sevenEighths) = (shrinkage(univariate.0.0, univariate.0.1), shrinkage(univariate.1.0, univariate.1.1))
    case 2: (half, sevenEighths) = (shrinkage(bivariate.0.0, bivariate.0.1), shrinkage(bivariate.1.0, bivariate.1.1))
    default: (half, sevenEighths) = (shrinkage(low), shrinkage(high))
    }
    let factor =
      share <= 0.875
      ? half + (sevenEighths - half) / 0.375 * (share - 0.5) : sevenEighths + (1 - sevenEighths) / 0.125 * (share - 0.875)
    return 1 / factor
  }
}
