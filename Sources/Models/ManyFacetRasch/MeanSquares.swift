internal import Foundation
internal import Statistics

/// A mean square of residuals and its standardised value.
public struct MeanSquare: Sendable, Equatable {
  /// Expected to be 1; above, the responses scatter more than the model says, below, less.
  public let value: Double
  /// Wilson and Hilferty's (1931) cube-root normal deviate: (MS^⅓ − 1)(3/q) + q/3, q² the mean square's modelled variance. NaN where q is zero.
  public let deviate: Double
}

/// Fit of one element.
public struct ElementFit: Sendable, Equatable {
  /// Σ(x − E)² / ΣV: weighs responses by information, sees what happens near the element's own measure.
  public let infit: MeanSquare
  /// Mean of (x − E)²/V: sees single surprising responses far from it.
  public let outfit: MeanSquare
  /// Correlation between the responses and θ − Σ δ over the element's responses; NaN when either does not vary.
  public let pointMeasure: Double
  /// What the model expects this correlation to be.
  public let expectedPointMeasure: Double
}

extension ManyFacetRaschFit {
  /// Fit statistics of a facet's levels (Wright and Masters 1982), NaN for levels without active responses.
  ///
  /// With C the fourth central moment of a response, q² = Σ(C − V²)/(ΣV)² for infit and Σ(C/V² − 1)/n² for outfit. After marginal estimation
  /// (x − E)² and the moments are means over the units' posteriors.
  public func elementFits(of facet: Int) -> [ElementFit] {
    let levels = model.facets[facet].levels
    var groups = GroupedSums(groups: levels)
    groups.add(codes: active.levels[facet], moments: moments, categories: active.category)
    return (0..<levels).map { groups.fit($0) }
  }

  /// Infit and outfit of all active responses together.
  public var overallFit: ElementFit {
    var groups = GroupedSums(groups: 1)
    groups.add(codes: [Int32](repeating: 0, count: active.count), moments: moments, categories: active.category)
    return groups.fit(0)
  }
}

/// Sums over the responses of each group.
private struct GroupedSums {
  var count: [Double]
  var squared: [Double]
  var spread: [Double]
  var standardised: [Double]
  var infitVariance: [Double]
  var outfitVariance: [Double]
  var meanScore: [Double]
  var meanExpected: [Double]
  var meanEta: [Double]
  var scoreSquare: [Double]
  var expectedSquare: [Double]
  var etaSquare: [Double]
  var scoreEta: [Double]
  var expectedEta: [Double]
  var variance: [Double]

  init(groups: Int) {
    let zeros = [Double](repeating: 0, count: groups)
    (count, squared, spread, standardised, infitVariance, outfitVariance) = (zeros, zeros, zeros, zeros, zeros, zeros)
    (meanScore, meanExpected, meanEta, scoreSquare, expectedSquare) = (zeros, zeros, zeros, zeros, zeros)
    (etaSquare, scoreEta, expectedEta, variance) = (zeros, zeros, zeros, zeros)
  }

  mutating func add(codes: [Int32], moments: ResponseMoments, categories: [Int32]) {
    for o in codes.indices {
      let g = Int(codes[o])
      count[g] += 1
      squared[g] += moments.squared[o]
      spread[g] += moments.spread[o]
      standardised[g] += moments.standardised[o]
      infitVariance[g] += moments.fourth[o] - moments.spread[o] * moments.spread[o]
      outfitVariance[g] += moments.kurtosis[o] - 1
      meanScore[g] += Double(categories[o])
      meanExpected[g] += moments.expected[o]
      meanEta[g] += moments.eta[o]
    }
    for g in count.indices where count[g] > 0 {
      meanScore[g] /= count[g]
      meanExpected[g] /= count[g]
      meanEta[g] /= count[g]
    }
    for o in codes.indices {
      let g = Int(codes[o])
      let x = Double(categories[o]) - meanScore[g]
      let e = moments.expected[o] - meanExpected[g]
      let t = moments.eta[o] - meanEta[g]
      scoreSquare[g] += x * x
      expectedSquare[g] += e * e
      etaSquare[g] += t * t
      scoreEta[g] += x * t
      expectedEta[g] += e * t
      variance[g] += moments.variance[o]
    }
  }

  func fit(_ g: Int) -> ElementFit {
    let n = count[g]
    if n == 0 {
      let none = MeanSquare(value: .nan, deviate: .nan)
      return ElementFit(infit: none, outfit: none, pointMeasure: .nan, expectedPointMeasure: .nan)
    }
    let infit = wilsonHilferty(squared[g] / spread[g], variance: infitVariance[g] / (spread[g] * spread[g]))
    let outfit = wilsonHilferty(standardised[g] / n, variance: outfitVariance[g] / (n * n))
    let scale = (scoreSquare[g] * etaSquare[g]).squareRoot()
    let expectedScale = ((expectedSquare[g] + variance[g]) * etaSquare[g]).squareRoot()
    return ElementFit(
      infit: infit, outfit: outfit, pointMeasure: scale > 0 ? scoreEta[g] / scale : .nan,
      expectedPointMeasure: expectedScale > 0 ? expectedEta[g] / expectedScale : .nan)
  }
}

func wilsonHilferty(_ meanSquare: Double, variance: Double) -> MeanSquare {
  guard variance > 0 else { return MeanSquare(value: meanSquare, deviate: .nan) }
  let q = variance.squareRoot()
  return MeanSquare(value: meanSquare, deviate: (cbrt(meanSquare) - 1) * 3 / q + q / 3)
}
