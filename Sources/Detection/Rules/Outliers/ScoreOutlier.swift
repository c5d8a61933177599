internal import Foundation
internal import Statistics
internal import Wording

/// Single scores far from both the rest of their panel and the rest of their sheet: slips of the pen more often than of judgement.
struct ScoreOutlier: Rule {
  static let card = RuleCard(
    id: "score-outlier", kind: .claim,
    title: Text("Single score out of line", zh: "个别分数异常"),
    question: Text(
      "Is this one score far from what the same rater's other marks and the other raters' marks lead one to expect?",
      zh: "这一个分数是否明显偏离该评分表其他指标和同组其他考评员评分所预示的水平？"),
    statistic: Text(
      "score − severity − mean of the other raters on the criterion − the same for the sheet's other criteria, over its standard deviation; checked again with the median of the others so that their own outliers do not count; Student-t tails, as heavy as those of all scores, up to 3% of them being what is looked for",
      zh: "“得分 − 宽严度 − 其他考评员该指标均值”再减去该表其他指标的同一差值，除以标准差；并以其他人的中位数复核，避免他人异常值的影响；尾部采用 t 分布，其轻重由全部得分估计（容许其中至多 3% 正是所查的异常）"),
    null: Text("single scores scatter as the bulk of this campaign's scores do", zh: "单个得分的波动与本次考评多数得分相当"),
    explanations: [
      Text("A digit was dropped or doubled, or the score slipped into the next row or column.", zh: "可能漏输、多输一位数字，或串行、串列。"),
      Text("Only this rater saw the evidence on this criterion.", zh: "可能只有该考评员看到了该指标的佐证材料。"),
    ],
    checks: [Text("Compare the entered score with the paper sheet.", zh: "与纸质评分表核对该项分数。")],
    references: ["Rousseeuw and Van den Bossche 2018, Technometrics 60:135"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let tail = ResidualTail(fit.cellTail)
    // Scores below this many standard deviations are counted but not kept.
    let found = RemarkableScores(study, fit, beyond: tail.quantile(upperTail: 0.5 * NullTail.threshold))
    guard found.total >= 50 else {
      return .notEvaluated(
        reason: Text(
          "only \(found.total) scores have two other raters on the criterion and other criteria on the sheet; at least 50 are needed",
          zh: "该指标另有两名以上考评员评分、且评分表含其他指标的得分只有 \(found.total) 个，至少需要 50 个"))
    }
    let typical = fit.cellSD * 1.2
    return .tests(
      TestFamily(
        statistics: found.statistics, pValues: found.statistics.map { tail.twoSided($0) }, effects: found.points, total: found.total,
        detectable: { p in
          MinimumDetectableEffect(
            value: typical * (tail.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { found.subjects($0) }, claim: { found.claim($0) }))
  }
}

/// The scores that stand out, in columns, out of `total` that could be compared.
private struct RemarkableScores {
  private(set) var total = 0
  private(set) var statistics: [Double] = []
  /// How far each is off, in points of its criterion.
  private(set) var points: [Double] = []
  private var observations: [Int] = []
  private var sheets: [Int] = []
  private var deviations: [Double] = []
  private let study: Study
  private let fit: HonestFit
  private let weights: CriterionWeights

  init(_ study: Study, _ fit: HonestFit, beyond remarkable: Double) {
    (self.study, self.fit) = (study, fit)
    weights = CriterionWeights(study)
    var residuals: [Double] = []
    CellResiduals.forEach(layout: study.layout, y: study.adjustedScores, fit: fit) { o, s, residual, sd in
      total += 1
      guard abs(residual) > remarkable * sd else { return }
      observations.append(o)
      sheets.append(s)
      statistics.append(residual / sd)
      residuals.append(residual)
      deviations.append(sd)
    }
    var medians = OtherMedians(layout: study.layout, y: study.adjustedScores, fit: fit)
    for i in observations.indices {
      let other = medians.residual(of: observations[i], sheet: sheets[i])
      // The less remarkable of the two views counts; a median of few is about 1.25 times as uncertain as a mean.
      let z = other / (1.12 * deviations[i])
      if abs(z) < abs(statistics[i]) || z * statistics[i] < 0 {
        statistics[i] = z * statistics[i] < 0 ? 0 : z
        residuals[i] = other
      }
    }
    points = observations.indices.map { residuals[$0] / fit.criterionScale[criterion($0)] }
  }

  private func criterion(_ i: Int) -> Int { Int(study.layout.criterion[observations[i]]) }

  func subjects(_ i: Int) -> Subjects {
    Subjects(
      raters: [study.rater(ofSheet: sheets[i]).name], units: [study.unit(ofSheet: sheets[i]).name],
      criteria: [study.table.criteria[criterion(i)]])
  }

  func claim(_ i: Int) -> Claim {
    let (o, s, k) = (observations[i], sheets[i], criterion(i))
    let score = study.scores[o]
    // Merit and severity add up to more than full marks where all is nearly perfect.
    let expectation = min(max(score - points[i], study.steps.minimum[k]), study.steps.maximum[k])
    let error = 1.96 * deviations[i] / fit.criterionScale[k]
    let rater = study.rater(ofSheet: s).name
    let unit = study.unit(ofSheet: s).name
    let criterion = study.table.criteria[k]
    let (given, expected) = (Figures.mark(score), Figures.expected(expectation))
    return Claim(
      level: .warning, subjects: subjects(i),
      effect: Effect(value: points[i], low: points[i] - error, high: points[i] + error, unit: "points"),
      evidence: [
        Evidence("score", .number(score)), Evidence("expected", .number(expectation)), Evidence("z", .number(statistics[i])),
      ],
      message: Text(
        "\(rater) gave \(unit) \(given) on \(criterion); the rater's other marks and the rest of the panel lead one to expect about \(expected).",
        zh: "\(rater)给\(unit)的“\(criterion)”评了 \(given) 分；按该考评员其他评分和同组评分，预期约为 \(expected) 分。"),
      explanations: WideScatter.explanations(sheet: s, fit),
      scores: Array(study.layout.rows(of: o, in: study.table)),
      corrections: [Correction(sheet: s, points: points[i] * weights.share(of: k, inSheet: s))])
  }
}

/// Residuals against the median of the others on the cell: for the few scores that are looked at twice.
private struct OtherMedians {
  let layout: Layout
  let y: [Double]
  let fit: HonestFit

  /// Deviations from the medians of the others' scores on the sheet at hand, in ascending order; a sheet's observations come one after the other,
  /// so that a wide sheet is gone through once.
  private var sheet = -1
  private var sorted: [Double] = []

  init(layout: Layout, y: [Double], fit: HonestFit) {
    self.layout = layout
    self.y = y
    self.fit = fit
  }

  /// The residual of observation `o`: against the median of the cell's other scores, less the median of the same over the sheet's other cells.
  mutating func residual(of o: Int, sheet s: Int) -> Double {
    if s != sheet {
      sheet = s
      sorted.removeAll(keepingCapacity: true)
      for other in layout.sheetStart[s]..<layout.sheetStart[s + 1] where layout.cellPanel[Int(layout.cell[other])] > 1 {
        sorted.append(againstMedian(other, s))
      }
      sorted.sort()
    }
    let own = againstMedian(o, s)
    let rest = sorted.count - 1
    guard rest > 0, let place = sorted.firstIndex(of: own) else { return own }
    func other(_ i: Int) -> Double { sorted[i < place ? i : i + 1] }
    return own - (rest % 2 == 1 ? other(rest / 2) : 0.5 * (other(rest / 2 - 1) + other(rest / 2)))
  }

  private func againstMedian(_ o: Int, _ s: Int) -> Double {
    let u = Int(layout.sheetUnit[s])
    let criterion = layout.criterion[o]
    var others: [Double] = []
    for t in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where t != s {
      if let p = position(of: criterion, in: t) { others.append(adjusted(p, t)) }
    }
    return adjusted(o, s) - (others.isEmpty ? 0 : smallMedian(&others))
  }

  private func adjusted(_ o: Int, _ s: Int) -> Double {
    let r = Int(layout.sheetRater[s])
    return y[o] - fit.raterEffect[r] - fit.profile(r, Int(layout.criterion[o]), layout)
  }

  /// The observation of a criterion on a sheet, by bisection: a sheet's criteria ascend.
  private func position(of criterion: UInt32, in s: Int) -> Int? {
    var low = layout.sheetStart[s]
    var high = layout.sheetStart[s + 1]
    while low < high {
      let middle = (low + high) / 2
      if layout.criterion[middle] < criterion { low = middle + 1 } else { high = middle }
    }
    return low < layout.sheetStart[s + 1] && layout.criterion[low] == criterion ? low : nil
  }
}
