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
    let curve: FiniteSampleCurve
    switch p {
    case 1: curve = FiniteSampleCurve(half: (0.262024211897096, 0.604756680630497), sevenEighths: (-0.351584646688712, 1.01646567502486))
    case 2: curve = FiniteSampleCurve(half: (0.673292623522027, 0.691365864961895), sevenEighths: (0.446537815635445, 1.06690782995919))
    default:
      curve = FiniteSampleCurve(
        dimension: p, half: ((2, 1.42764571687802, 1.26263336932151), (3, 1.06141115981725, 1.28907991440387)),
        sevenEighths: ((2, 0.455179464070565, 1.11192541278794), (3, 0.294241208320834, 1.09649329149811)))
    }
    return curve.factor(share: share, count: n)
  }

  /// The same for the reweighted MCD.
  public static func smallSampleReweighted(share: Double, dimension p: Int, count n: Int) -> Double {
    let curve: FiniteSampleCurve
    switch p {
    case 1: curve = FiniteSampleCurve(half: (1.11098143415027, 1.5182890270453), sevenEighths: (-0.66046776772861, 0.88939595831888))
    case 2: curve = FiniteSampleCurve(half: (3.11101712909049, 1.91401056721863), sevenEighths: (0.79473550581058, 1.10081930350091))
    default:
      curve = FiniteSampleCurve(
        dimension: p, half: ((2, 1.02842572724793, 1.67659883081926), (3, 0.26800273450853, 1.35968562893582)),
        sevenEighths: ((2, 0.544482443573914, 1.25994483222292), (3, 0.343791072183285, 1.25159004257133)))
    }
    return curve.factor(share: share, count: n)
  }

  /// The fewest observations of which both factors are positive: below that the fitted curves do not hold.
  static func smallestSample(share: Double, dimension p: Int) -> Int {
    (p + 2...Int.max).first { n in
      smallSample(share: share, dimension: p, count: n) > 0 && smallSampleReweighted(share: share, dimension: p, count: n) > 0
    }!
  }
}
