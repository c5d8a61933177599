internal import Foundation
public import Models
public import Wording

/// Scores as the categories of a Rasch model.
public struct RaschScores: Sendable {
  public let categories: [Int32]
  /// Score points from one category to the next: 1, or what the scores were rounded to.
  public let step: Double

  /// - Parameters:
  ///   - scores: finite numbers.
  ///   - lines: where each stands in its file.
  ///   - step: round to multiples of this; nil takes whole numbers as they are.
  /// - Throws: `RaschScoresError` for a score that is no whole number, with the first line it stands on.
  public init(_ scores: [Double], lines: [UInt32], roundedTo step: Double?) throws(RaschScoresError) {
    precondition(step.map { $0 > 0 && $0.isFinite } ?? true, "a step of scores is positive")
    let width = step ?? 1
    var categories: [Int32] = []
    categories.reserveCapacity(scores.count)
    var wrong: Int?
    for (i, score) in scores.enumerated() {
      let category = (score / width).rounded()
      let isWhole = step != nil || category == score
      if !isWhole || abs(category) > 1e9, wrong.map({ lines[i] < lines[$0] }) ?? true { wrong = i }
      categories.append(abs(category) > 1e9 ? 0 : Int32(category))
    }
    if let wrong { throw RaschScoresError(score: scores[wrong], line: Int(lines[wrong])) }
    self.categories = categories
    self.step = width
  }
}

/// A score that is no category.
public struct RaschScoresError: Error, Equatable, Sendable {
  public var score: Double
  public var line: Int

  public init(score: Double, line: Int) {
    self.score = score
    self.line = line
  }

  public var message: Text {
    let text = NumberText.shortest(score)
    return Text(
      "line \(line): the score \(text) is not one of a few whole numbers. The Rasch model is for categories such as 1 to 7: say --round-to STEP to group scores into "
        + "steps (--round-to 10 makes eleven categories of 0 to 100), or take the linear model, `plumbline model`.",
      zh:
        "第 \(line) 行：得分 \(text) 不是少数几个整数等级之一。Rasch 模型用于 1 至 7 之类的等级分：可用 --round-to 步长 将得分归并成等级（--round-to 10 把 0 至 100 归为 11 级），或改用线性模型 `plumbline model`。"
    )
  }
}

extension RaschError {
  /// What went wrong and what to do, for a person.
  public var message: Text { message(step: 1) }

  /// - Parameter step: score points from one category to the next.
  public func message(step: Double) -> Text {
    switch self {
    case .nothingToFit: Text("there are no scores to fit, or only one facet.", zh: "没有可供拟合的评分，或只有一个侧面。")
    case .wrongLength(let facet, _, _), .codeOutOfRange(let facet, _):
      Text("the facet \(facet) does not fit the scores.", zh: "侧面 \(facet) 与评分不符。")
    case .noVariation: Text("all scores are the same; there is nothing to estimate.", zh: "所有得分相同，无可估计。")
    case .tooManyCategories(let lowest, let highest, let limit):
      RaschError.tooMany(Double(lowest) * step, Double(highest) * step, step, limit)
    case .tooManyParameters(let count):
      Text(
        "one unit meets \(count) levels of the other facets, so that the equations would not fit into memory. Fit fewer criteria or raters at a time, or take the linear model, `plumbline model`.",
        zh: "一个被考评单位涉及其他侧面的 \(count) 个水平，方程组超出内存。请分批拟合（减少指标或考评员），或改用线性模型 `plumbline model`。")
    case .onlyExtremeScores:
      Text(
        "nothing is left once elements with only lowest or only highest scores are set aside; the scores are too few or too uniform.",
        zh: "除去全为最低分或全为最高分者之后已无评分可用：评分太少，或太一致。")
    case .anchoredUnitsInMarginalEstimation:
      Text(
        "--method mml estimates the distribution of the units, so they cannot be anchored; take --method jml.",
        zh: "--method mml 估计被考评单位的分布，不能固定其度量值；请用 --method jml。")
    case .unitScalesInMarginalEstimation:
      Text("--method mml cannot give each unit its own scale; take --method jml.", zh: "--method mml 不能让每个被考评单位自成量尺；请用 --method jml。")
    case .wrongNumberOfThresholds(let given, let expected):
      Text(
        "the anchor file gives \(given) thresholds where the scores have \(expected) steps; give one for each score above the lowest.",
        zh: "固定值文件给出 \(given) 个阈值，而得分共有 \(expected) 级台阶；请为最低分以上的每个分值各给一个。")
    case .noUnitVariance:
      Text(
        "the units do not differ beyond chance: their variance goes to zero, and --method mml cannot go on. --method jml can.",
        zh: "被考评单位之间的差别不超过偶然：方差趋于零，--method mml 无法继续；可用 --method jml。")
    case .notConverged(let account) where !account.lastStep.isFinite:
      Text(
        "the equations could not be solved in step \(account.steps): too little links the raters and units, or some scores separate the others perfectly. Check the links with `plumbline check`, look at facets with few scores, or take --method mml.",
        zh: "第 \(account.steps) 步的方程无法求解：考评员与单位之间的联系太少，或部分评分完全分离。请用 `plumbline check` 检查考评安排，查看评分很少的侧面，或改用 --method mml。")
    case .notConverged(let account):
      Text(
        "the estimation did not settle in \(account.steps) steps (last step \(NumberText.significant(account.lastStep, digits: 2) ?? "?") logits). Often some "
          + "scores separate the others perfectly: look at facets with few scores, take --method mml, or fewer scales (--model rating-scale).",
        zh:
          "估计经 \(account.steps) 步仍未稳定（末次迭代变化 \(NumberText.significant(account.lastStep, digits: 2) ?? "?") 个 logit）。常见原因是部分评分完全分离：请查看评分很少的侧面，或用 --method mml，或减少量尺（--model rating-scale）。"
      )
    }
  }

  private static func tooMany(_ lowest: Double, _ highest: Double, _ step: Double, _ limit: Int) -> Text {
    let (low, high, width) = (NumberText.shortest(lowest), NumberText.shortest(highest), NumberText.shortest(step))
    return Text(
      "the scores run from \(low) to \(high) in steps of \(width), more than \(limit) categories. Say --round-to with a wider step, or take the linear model, `plumbline model`.",
      zh: "得分从 \(low) 到 \(high)，步长 \(width)，超过 \(limit) 个等级。请用 --round-to 取更大的步长，或改用线性模型 `plumbline model`。")
  }
}
