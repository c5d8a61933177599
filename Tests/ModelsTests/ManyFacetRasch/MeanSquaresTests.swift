import Foundation
import Testing

@testable import Models

@Suite struct MeanSquaresTests {
  /// Infit of the three judges in Guilford's data as quoted in the project's survey of the field: .85, 1.48, .67.
  @Test func guilford1954Judges() throws {
    let fit = try RaschExample(RaschExample.guilford).model.fit()
    let fits = fit.elementFits(of: 0)
    for (value, quoted) in zip(fits, [0.85, 1.48, 0.67]) { #expect(isClose(value.infit.value, quoted, 0.005)) }
  }

  /// The formulas written out for one judge.
  @Test func naiveFormulas() throws {
    let model = try RaschExample(RaschExample.guilford).model
    let fit = try model.fit()
    let thresholds = fit.thresholds(of: 0).map { $0! }
    var (allSquares, allVariances, allZ2) = (0.0, 0.0, 0.0)
    for judge in 0..<3 {
      var (squares, variances, z2, infitVariance, outfitVariance, n) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      for i in model.scores.indices where Int(model.facets[0].codes[i]) == judge {
        let eta =
          fit.measures(of: 1)[Int(model.facets[1].codes[i])] - fit.measures(of: 0)[judge]
          - fit.measures(of: 2)[Int(model.facets[2].codes[i])]
        let p = NaiveRasch.probabilities(eta, thresholds)
        let m = NaiveRasch.moments(p)
        let fourth = p.enumerated().reduce(0.0) { $0 + pow(Double($1.offset) - m.mean, 4) * $1.element }
        let residual = Double(Int(model.scores[i]) - model.lowest) - m.mean
        squares += residual * residual
        variances += m.variance
        z2 += residual * residual / m.variance
        infitVariance += fourth - m.variance * m.variance
        outfitVariance += fourth / (m.variance * m.variance) - 1
        n += 1
        #expect(isClose(fit.expectedScore(at: eta, scale: 0), Double(model.lowest) + m.mean, 1e-10))
      }
      allSquares += squares
      allVariances += variances
      allZ2 += z2
      let found = fit.elementFits(of: 0)[judge]
      #expect(isClose(found.infit.value, squares / variances, 1e-10) && isClose(found.outfit.value, z2 / n, 1e-10))
      let q = infitVariance.squareRoot() / variances
      #expect(isClose(found.infit.deviate, (cbrt(squares / variances) - 1) * 3 / q + q / 3, 1e-9))
      let r = outfitVariance.squareRoot() / n
      #expect(isClose(found.outfit.deviate, (cbrt(z2 / n) - 1) * 3 / r + r / 3, 1e-9))
    }
    let overall = fit.overallFit
    #expect(isClose(overall.infit.value, allSquares / allVariances, 1e-10))
    #expect(isClose(overall.outfit.value, allZ2 / Double(model.scores.count), 1e-10))
  }

  /// Over honest data mean squares are near one and deviates near standard normal.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func honestWorkload() throws {
    let example = try RaschExample(SharedData.columns("peers/data/S_ord_clean_s1.csv"))
    for method in [RaschMethod.joint(.none), .marginal] {
      let fit = try example.model.fit(method, options: RaschOptions(tolerance: 1e-6))
      let fits = fit.elementFits(of: 0)
      let mean = fits.reduce(0) { $0 + $1.infit.value } / Double(fits.count)
      #expect(isClose(mean, 1, 0.02))
      let large = fits.filter { abs($0.infit.deviate) > 3 }.count
      #expect(large <= 2)
      for x in fits { #expect(abs(x.pointMeasure - x.expectedPointMeasure) < 0.25) }
    }
  }
}
