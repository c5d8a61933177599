import Foundation
import Statistics
import Testing

@Suite struct RankingTests {
  @Test func midranksShareTies() {
    #expect(Ranks.midranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
    #expect(Ranks.midranks([]).isEmpty)
  }

  /// scikit-learn 1.9.1: average_precision_score and roc_auc_score on the same small inputs.
  @Test func agreesWithScikitLearn() {
    let positive = [true, false, true, true, false, false, true, false]
    let scores = [0.9, 0.9, 0.8, 0.3, 0.3, 0.1, 0.3, 0.05]
    #expect(abs(RankingQuality.averagePrecision(scores: scores, positive: positive) - 0.625) < 1e-15)
    #expect(abs(RankingQuality.areaUnderROC(scores: scores, positive: positive) - 0.71875) < 1e-15)
    #expect(abs(RankingQuality.averagePrecision(scores: scores.map { _ in 1 }, positive: positive) - 0.5) < 1e-15)
    #expect(RankingQuality.areaUnderROC(scores: scores.map { _ in 1 }, positive: positive) == 0.5)
    #expect(RankingQuality.averagePrecision(scores: [1, 2], positive: [false, true]) == 1)
    #expect(RankingQuality.averagePrecision(scores: [1], positive: [false]).isNaN)
    #expect(RankingQuality.areaUnderROC(scores: [1], positive: [true]).isNaN)
  }

  /// scipy 1.17.1: spearmanr([1,2,2,4,5,9],[3,1,4,4,8,7]).statistic
  @Test func spearman() {
    #expect(abs(Ranks.spearman([1, 2, 2, 4, 5, 9], [3, 1, 4, 4, 8, 7]) - 0.8088235294117647) < 1e-14)
    #expect(abs(Ranks.spearman([1, 2, 3], [1, 8, 27]) - 1) < 1e-15 && Ranks.correlation([1, 1], [2, 3]).isNaN)
  }

  /// R 4.2.2, irr 0.84.1: kendall(anxiety, correct = TRUE).
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence)) func kendallWAgreesWithIrr() throws {
    struct Value: Decodable {
      let value, statistic, pValue: Double
      enum CodingKeys: String, CodingKey {
        case value, statistic
        case pValue = "p.value"
      }
    }
    struct Both: Decodable { let correct: Value }
    let expected = try Oracle.read("R", "kendall_W", as: Both.self).correct
    let anxiety = try Oracle.read("R", "irr_anxiety_input", as: [[Double]].self)
    // The file has a row for each subject.
    let rows = anxiety[0].indices.map { rater in anxiety.map { $0[rater] } }
    let ours = Ranks.kendallW(rows)
    #expect(relativeError(ours.w, expected.value) < 1e-12 && relativeError(ours.chiSquared, expected.statistic) < 1e-12)
    #expect(relativeError(ours.pValue, expected.pValue) < 1e-11)
    #expect(Ranks.kendallW([[1, 1], [2, 2]]).w.isNaN && Ranks.kendallW([]).w.isNaN)
  }
}
