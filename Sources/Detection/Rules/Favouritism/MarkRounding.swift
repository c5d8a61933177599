internal import Scores

/// Who uses only round marks: raters who mark in fives agree exactly with each other far more often than the step of the scale lets one expect.
struct MarkRounding: Sendable {
  /// Distances between round marks, in points: 1, 2 and 5 in every decade, so that tenfold marks mean the same.
  static let intervals: [Double] = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  /// By interval and rater, the share of marks that are kept to multiples of it by habit and not by chance; 0 unless it is clear.
  private let shares: [[Double]]

  /// One pass over the scores for each interval that is wider than a criterion's step.
  init(_ study: Study) {
    let layout = study.layout
    let steps = study.steps
    shares = MarkRounding.intervals.map { interval in
      // A criterion of few round marks says nothing of habits.
      let fits = steps.step.indices.map {
        steps.step[$0] > 0 && interval > 1.5 * steps.step[$0] && steps.maximum[$0] - steps.minimum[$0] >= 4 * interval
      }
      var round = [Double](repeating: 0, count: layout.raterCount)
      var expected = round
      var variance = round
      var total = round
      if fits.contains(true) {
        for s in 0..<layout.sheetCount {
          let r = Int(layout.sheetRater[s])
          for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
            let k = Int(layout.criterion[o])
            guard fits[k] else { continue }
            let chance = steps.step[k] / interval
            total[r] += 1
            expected[r] += chance
            variance[r] += chance * (1 - chance)
            if ScaleSteps.isMultiple(study.scores[o], of: interval) { round[r] += 1 }
          }
        }
      }
      return round.indices.map { r in
        let excess = round[r] - expected[r]
        return excess > 3 * variance[r].squareRoot() ? excess / (total[r] - expected[r]) : 0
      }
    }
  }

  /// The intervals to which two raters both keep, with the share of pairs of marks in which both do.
  func common(_ r: Int, _ q: Int) -> [(interval: Double, share: Double)] {
    zip(MarkRounding.intervals, shares).compactMap { interval, share in
      share[r] * share[q] > 0 ? (interval, share[r] * share[q]) : nil
    }
  }
}
