internal import Foundation
internal import Statistics

/// What the rest of its panel predicts for every sheet, when any of them may be unsound.
///
/// Robust weights settle once who is right. In a panel of three to eight, where one odd sheet is a large part, it is better to keep all readings: each of
/// the other sheets is sound, off in level, or wild (a level and a profile of its own), with prior probabilities of 0.90, 0.05 and 0.05. Given a reading,
/// the sheet's level is normal about the others' weighted mean; readings are weighted by how well they explain the others' levels and profiles, the unit's
/// merit being unknown (flat). The statistic is the normal deviate of the mixture's tail,
///
///     z = −Φ⁻¹( Σ π_a Φ̄( (L − m_a) / √(v + V_a) ) ),
///
/// where m_a and V_a are the others' weighted mean and its variance under reading a and v the sheet's own honest variance. At most two of the
/// others may be unsound and at least one is sound: somebody has to be believed. Panels of two, and of more than eight, where the weights of the fit have
/// made the reading clear, are predicted by those weights. O(panel⁴) a sheet, at most some 6,000 operations.
struct PanelPrediction: Sendable {
  /// By sheet: z, nan where nothing can be compared.
  var standardized: [Double]
  /// By sheet: mean of sheet − prediction over the readings, in common points, and its variance.
  var residual: [Double]
  var variance: [Double]

  static let largestPanel = 8
  /// Prior probability of a sheet, and the factors on the variance of its level and of its profile.
  static let kinds: [(prior: Double, level: Double, profile: Double)] = [(0.90, 1, 1), (0.05, 6, 1), (0.05, 30, 5)]

  init(layout: Layout, y: [Double], fit: HonestFit) {
    standardized = fit.standardized
    residual = fit.residual
    variance = fit.variance
    var panel = Panel()
    let criterionPrecision = fit.criterionPrecision
    for u in 0..<layout.unitCount {
      let sheets = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter { layout.comparable[$0] > 0 }
      guard sheets.count > 2, sheets.count <= PanelPrediction.largestPanel else { continue }
      panel.load(sheets, layout: layout, y: y, fit: fit, criterionPrecision: criterionPrecision)
      for (j, s) in sheets.enumerated() {
        let prediction = panel.predict(
          j, ownVariance: fit.ownVariance(s, layout) / fit.raterNoise[Int(layout.sheetRater[s])] * fit.ownNoise[s],
          noise: squared(fit.othersNoise[s] / fit.unitNoise[u]))
        // The rater's severity was estimated with this sheet in it.
        let kept = 1 - fit.leverage[s]
        standardized[s] = prediction.z / kept.squareRoot()
        residual[s] = prediction.mean / kept
        variance[s] = prediction.variance / kept
      }
    }
  }

  /// One panel's levels, distances of profiles and honest variances.
  private struct Panel {
    private var count = 0
    private var freedom = 0.0
    /// Factor on all variances: what the unit's noise is without the sheet that is predicted.
    private var noise = 1.0
    private var level = [Double](repeating: 0, count: largestPanel)
    private var levelVariance = [Double](repeating: 0, count: largestPanel)
    private var profileVariance = [Double](repeating: 0, count: largestPanel)
    private var distance = [Double](repeating: 0, count: largestPanel * largestPanel)
    // Scratch of `predict`: the others and their kinds, and the readings.
    private var others: [Int] = []
    private var kind = [Int](repeating: 0, count: largestPanel)
    private var evidence: [Double] = []
    private var mean: [Double] = []
    private var spread: [Double] = []
    private var tails: [Double] = []

    mutating func load(_ sheets: [Int], layout: Layout, y: [Double], fit: HonestFit, criterionPrecision: [Double]) {
      count = sheets.count
      freedom = 0
      for (i, s) in sheets.enumerated() {
        let r = Int(layout.sheetRater[s])
        let h = fit.unitNoise[Int(layout.sheetUnit[s])]
        level[i] = fit.level[s] - fit.raterEffect[r]
        levelVariance[i] = fit.ownVariance(s, layout) * fit.panelFactor[s]
        profileVariance[i] = squared(fit.cellSD * h) * fit.raterNoise[r] * fit.panelFactor[s]
        freedom = max(freedom, Double(layout.comparable[s]) - 1)
      }
      for i in 0..<count {
        for j in (i + 1)..<count {
          let pair = SheetPair(
            sheets[i], sheets[j], layout: layout, y: y, raterEffect: fit.raterEffect, raterCriterion: fit.raterCriterion,
            criterionPrecision: criterionPrecision)
          guard pair.cells > 1 else {
            // Sheets without criteria in common say nothing of each other's profiles.
            freedom = 0
            return
          }
          distance[i * largestPanel + j] = pair.profile * freedom / Double(pair.cells - 1)
          distance[j * largestPanel + i] = distance[i * largestPanel + j]
        }
      }
    }

    mutating func predict(_ j: Int, ownVariance: Double, noise: Double) -> (z: Double, mean: Double, variance: Double) {
      self.noise = noise
      let ownVariance = ownVariance * noise
      others.removeAll(keepingCapacity: true)
      for i in 0..<count where i != j { others.append(i) }
      evidence.removeAll(keepingCapacity: true)
      mean.removeAll(keepingCapacity: true)
      spread.removeAll(keepingCapacity: true)
      let n = others.count
      for i in 0..<n { kind[i] = 0 }
      weigh()
      for a in 0..<n {
        for k in 1..<kinds.count {
          kind[a] = k
          weigh()
          if n > 2 {
            for b in (a + 1)..<n {
              for l in 1..<kinds.count {
                kind[b] = l
                weigh()
              }
              kind[b] = 0
            }
          }
        }
        kind[a] = 0
      }
      let top = evidence.max()!
      var total = 0.0
      var first = 0.0
      for i in evidence.indices {
        evidence[i] = exp(evidence[i] - top)
        total += evidence[i]
        first += evidence[i] * mean[i]
      }
      let centre = first / total
      var second = 0.0
      for i in evidence.indices { second += evidence[i] * (spread[i] + squared(mean[i] - centre)) }
      let deviation = level[j] - centre
      return (z(level[j], ownVariance, total, upper: deviation >= 0), deviation, ownVariance + second / total)
    }

    /// The normal deviate of the mixture's tail, on the side on which the sheet lies; in logarithms, so that it goes on where tails underflow.
    private mutating func z(_ x: Double, _ own: Double, _ total: Double, upper: Bool) -> Double {
      let sign = upper ? 1.0 : -1.0
      var top = -Double.infinity
      tails.removeAll(keepingCapacity: true)
      for i in evidence.indices {
        tails.append(
          evidence[i] > 0
            ? log(evidence[i] / total) + Normal.logUpperTail(sign * (x - mean[i]) / (own + spread[i]).squareRoot()) : -.infinity)
        top = max(top, tails[i])
      }
      var sum = 0.0
      for tail in tails { sum += exp(tail - top) }
      return sign * Normal.quantile(logUpperTail: min(0, top + log(sum)))
    }

    /// Adds the reading of the others by `kind`: its log evidence, and the mean and variance of what it predicts.
    ///
    /// Σ w (x − x̄)² = Σ_{a<b} w_a w_b (x_a − x_b)² / Σ w serves levels and profiles alike.
    private mutating func weigh() {
      let kinds = PanelPrediction.kinds
      var prior = 0.0
      var precision = 0.0
      var profilePrecision = 0.0
      var product = 1.0
      var profileProduct = 1.0
      var first = 0.0
      for (a, i) in others.enumerated() {
        let w = 1 / (noise * levelVariance[i] * kinds[kind[a]].level)
        let p = 1 / (noise * profileVariance[i] * kinds[kind[a]].profile)
        prior += logPrior[kind[a]]
        precision += w
        profilePrecision += p
        product *= w
        profileProduct *= p
        first += w * level[i]
      }
      var squares = 0.0
      var profileSquares = 0.0
      for (a, i) in others.enumerated() {
        let w = 1 / (noise * levelVariance[i] * kinds[kind[a]].level)
        let p = 1 / (noise * profileVariance[i] * kinds[kind[a]].profile)
        for b in (a + 1)..<others.count {
          let k = others[b]
          squares += w / (noise * levelVariance[k] * kinds[kind[b]].level) * squared(level[i] - level[k])
          profileSquares += p / (noise * profileVariance[k] * kinds[kind[b]].profile) * distance[i * largestPanel + k]
        }
      }
      var value = prior + 0.5 * (log(product / precision) - squares / precision)
      if freedom > 0 { value += 0.5 * (freedom * log(profileProduct / profilePrecision) - profileSquares / profilePrecision) }
      evidence.append(value)
      mean.append(first / precision)
      spread.append(1 / precision)
    }
  }
}

private let largestPanel = PanelPrediction.largestPanel
private let kinds = PanelPrediction.kinds
private let logPrior = PanelPrediction.kinds.map { log($0.prior) }
