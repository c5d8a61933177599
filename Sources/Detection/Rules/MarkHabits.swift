internal import Scores

/// Who uses only round marks: raters who mark in fives agree exactly with each other far more often than the step of the scale lets one expect.
struct MarkRounding: Sendable {
  /// Distances between round marks, in points: 1, 2 and 5 in every decade, so that tenfold marks mean the same.
  static let intervals: [Double] = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  /// By rater, the intervals of which the marks are multiples by habit and not by chance, with the share of marks that are.
  private let habits: [[(interval: Int, share: Double)]]

  /// What is counted of one rater's marks and one interval.
  private struct Count {
    var marks = 0.0
    var round = 0.0
    var expected = 0.0
    var variance = 0.0

    /// 0 unless it is clear.
    var share: Double {
      let excess = round - expected
      return excess > 3 * variance.squareRoot() ? excess / (marks - expected) : 0
    }
  }

  /// One pass over the scores.
  init(_ study: Study) {
    let layout = study.layout
    let steps = study.steps
    let kinds = MarkRounding.intervals.indices
    // By criterion: the intervals wider than its step, and the share of marks that are round by chance. A criterion of few round marks says nothing of habits.
    let candidates = steps.step.indices.map { k in
      kinds.compactMap { i -> (kind: Int, chance: Double)? in
        let interval = MarkRounding.intervals[i]
        let fits = steps.step[k] > 0 && interval > 1.5 * steps.step[k] && steps.maximum[k] - steps.minimum[k] >= 4 * interval
        return fits ? (i, steps.step[k] / interval) : nil
      }
    }
    var counts = [Count](repeating: Count(), count: kinds.count * layout.raterCount)
    for s in 0..<layout.sheetCount {
      let first = kinds.count * Int(layout.sheetRater[s])
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        for (kind, chance) in candidates[Int(layout.criterion[o])] {
          counts[first + kind].marks += 1
          counts[first + kind].expected += chance
          counts[first + kind].variance += chance * (1 - chance)
          if ScaleSteps.isMultiple(study.scores[o], of: MarkRounding.intervals[kind]) { counts[first + kind].round += 1 }
        }
      }
    }
    habits = (0..<layout.raterCount).map { r in
      kinds.compactMap { i in
        let share = counts[kinds.count * r + i].share
        return share > 0 ? (i, share) : nil
      }
    }
  }

  /// The intervals to which two raters both keep, with the share of pairs of marks in which both do.
  func common(_ r: Int, _ q: Int) -> [(interval: Double, share: Double)] {
    if habits[r].isEmpty { return [] }
    return habits[r].compactMap { own in
      habits[q].first { $0.interval == own.interval }.map { (MarkRounding.intervals[own.interval], own.share * $0.share) }
    }
  }
}
