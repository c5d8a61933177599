import Foundation

/// How well a score separates positives from negatives, by scikit-learn's definitions, ties included.
public enum RankingQuality {
  /// Average precision Σ (Rₖ − Rₖ₋₁) Pₖ over the distinct scores, highest first; tied items enter together.
  /// NaN when nothing is positive.
  public static func averagePrecision(scores: [Double], positive: [Bool]) -> Double {
    precondition(scores.count == positive.count, "one label a score")
    let all = positive.count { $0 }
    guard all > 0 else { return .nan }
    var result = 0.0
    var (seen, hits) = (0, 0)
    forEachTie(scores, positive) { size, positives in
      seen += size
      hits += positives
      result += Double(positives) / Double(all) * Double(hits) / Double(seen)
    }
    return result
  }

  /// The area under the ROC curve: P(a positive scores above a negative) + ½ P(they tie). NaN unless there are both.
  public static func areaUnderROC(scores: [Double], positive: [Bool]) -> Double {
    precondition(scores.count == positive.count, "one label a score")
    let positives = positive.count { $0 }
    let negatives = positive.count - positives
    guard positives > 0 && negatives > 0 else { return .nan }
    var area = 0.0
    var above = 0
    forEachTie(scores, positive) { size, hits in
      area += Double(size - hits) * (Double(above) + 0.5 * Double(hits))
      above += hits
    }
    return area / (Double(positives) * Double(negatives))
  }

  /// Groups of equal scores from the highest down: their size and the positives among them.
  private static func forEachTie(_ scores: [Double], _ positive: [Bool], _ body: (Int, Int) -> Void) {
    precondition(!scores.contains(where: \.isNaN), "NaN has no rank")
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var begin = 0
    while begin < order.count {
      var end = begin
      var hits = 0
      while end < order.count && scores[order[end]] == scores[order[begin]] {
        if positive[order[end]] { hits += 1 }
        end += 1
      }
      body(end - begin, hits)
      begin = end
    }
  }
}
