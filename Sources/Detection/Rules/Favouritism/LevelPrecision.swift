internal import Foundation

/// Raters' noise as the levels of their sheets show it, shrunk towards the typical rater's as far as honest raters are alike.
///
/// A sheet's squared residual has expectation ν + ρ in units of the typical rater's variance, ρ being that of the rest of the panel. ν is the mean of
/// what exceeds ρ, weighted by 1/(1 + ρ)².
struct LevelPrecision {
  struct Share {
    var squares = 0.0
    var freedom = 0.0
    var sheets = 0.0

    mutating func add(_ other: Share) {
      squares += other.squares
      freedom += other.freedom
      sheets += other.sheets
    }
  }

  private let fit: HonestFit
  private let layout: Layout
  private var total: [Share]
  private let prior: Double

  /// The typical rater's noise is worth no more than this many sheets: with one mark a sheet little is known of how far honest raters differ.
  static let largestPrior = 20.0
  static let smallest = 0.05

  init(_ study: Study, _ fit: HonestFit) {
    self.fit = fit
    layout = study.layout
    prior = min(RaterNoise(study.layout, fit).priorFreedom, LevelPrecision.largestPrior)
    total = [Share](repeating: Share(), count: layout.raterCount)
    for s in 0..<layout.sheetCount { total[Int(layout.sheetRater[s])].add(sheet(s)) }
  }

  func sheet(_ s: Int) -> Share {
    guard layout.comparable[s] > 0 else { return Share() }
    let rest = fit.restVariance[s] / squared(fit.unitNoise[Int(layout.sheetUnit[s])])
    let weight = 1 / squared(1 + rest)
    return Share(squares: weight * (min(fit.plainSquare[s], RaterNoise.levelCap) * (1 + rest) - rest), freedom: weight, sheets: 1)
  }

  /// The noise factor of a rater on sheets other than those in `share`, and the variance of its logarithm.
  func without(_ share: Share, rater: Int) -> (factor: Double, logVariance: Double) {
    let left = max(0, total[rater].freedom - share.freedom)
    let freedom = left + prior
    let factor = max(LevelPrecision.smallest, (total[rater].squares - share.squares + prior) / freedom)
    let rest = max(0, (total[rater].sheets / max(total[rater].freedom, 1e-9)).squareRoot() - 1)
    // The rest of the panel's noise weighs the more, the more precise the rater is.
    return (factor, 2 / freedom * squared((factor + rest) / (factor * (1 + rest))))
  }
}
