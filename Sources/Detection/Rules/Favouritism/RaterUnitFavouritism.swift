internal import Foundation
internal import Statistics
internal import Wording

/// Single sheets far above or below what the rest of the unit's panel gives, on all criteria alike.
struct RaterUnitFavouritism: Rule {
  static let card = RuleCard(
    id: "rater-unit-favouritism", kind: .claim,
    title: Text("One rater, one unit: far from the panel", zh: "对个别单位评分明显偏高或偏低"),
    question: Text(
      "Did this rater give this one unit far more, or far less, than the rest of its panel, beyond being strict or lenient to all?",
      zh: "扣除一贯的宽严差异后，该考评员给这一个单位的评分是否明显高于或低于同组其他人？"),
    statistic: Text(
      "mean over the sheet's criteria of score − severity, against the mean of the unit's other sheets (weighted by their raters' precision; sheets that repeat each other count once), less what single scores far out of line add to it, brought nearer to 0 by what severity may have been cut off from marks at the end of the scale; where raters use the scale unequally widely, also after the slope of the rater's other sheets on the level of the unit. Each other sheet is sound, off in level, or wild (0.90, 0.05, 0.05), and z is the normal deviate of the tail over all these readings, weighed by how well they explain the others' levels and profiles; Student-t tails, averaged over all that the sheets leave open of how heavy they are, up to 3% of the sheets being what is looked for",
      zh:
        "评分表各项指标上“得分 − 宽严度”的平均与该单位其他评分表加权均值之差（按考评员评分精度加权，相互雷同的评分表合并计为一份），扣除个别明显异常分数的影响以及分值上下限处宽严度可能被截去的部分；各考评员打分拉开的差距不一时，还按该考评员其他评分表对单位水平的斜率予以扣除。其他每份评分表按正常、整体偏离、杂乱三种情形（先验概率 0.90、0.05、0.05）分别考虑，各种组合按其对评分水平和指标间走势的解释程度加权，z 为混合分布尾概率对应的标准正态分位数；尾部采用 t 分布，其轻重由全部评分表估计（容许其中至多 3% 正是所查的异常），并对各种可能的轻重按概率加权平均"
    ),
    null: Text(
      "sheets scatter around their panel as the bulk of this campaign's sheets do",
      zh: "评分表围绕同组均值的波动与本次考评多数评分表相当"),
    explanations: [
      Text("The rater saw something in this unit that the others missed.", zh: "该考评员可能看到了其他人没有注意到的情况。"),
      Text("The sheet was entered for the wrong unit.", zh: "该评分表可能录入到了错误的单位名下。"),
      Text("The rest of the panel erred together.", zh: "也可能是同组其他人一起评错了。"),
    ],
    checks: [
      Text(
        "Have the unit's evidence scored again, first where the gaps are widest, by a rater who has not seen these marks.",
        zh: "由未看过这些评分的考评员重新核查该单位的佐证材料并评分，先核差距最大之处。"),
      Text("Ask the rater for the reasons noted at the time.", zh: "请该考评员说明当时的评分理由和记录。"),
    ],
    references: ["Mercier and Heiniger 2018, judging the judges", "Cook and Weisberg 1982, deleted residuals"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let layout = study.layout
    let sheets = (0..<layout.sheetCount).filter { layout.comparable[$0] > 0 }
    guard sheets.count >= 20 else {
      return .notEvaluated(
        reason: Text(
          "only \(sheets.count) sheets can be compared; ordinary noise cannot be told from favour with fewer than 20",
          zh: "可比较的评分表只有 \(sheets.count) 张，少于 20 张时无法区分正常波动与偏袒"))
    }
    let prediction = PanelPrediction(layout: layout, y: study.adjustedScores, fit: fit)
    // Where marks crowd at the end of the scale, strictness and leniency cannot show, and taking them off would make a favour of it.
    let limits = LimitAmbiguity(study, fit)
    let slips = Slips(study, fit)
    let residuals = sheets.map { slips.shrink(prediction.residual[$0], sheet: $0) }
    let standardized = zip(sheets, residuals).map { s, residual in
      residual == 0 ? 0 : prediction.standardized[s] * limits.shrink(residual, sheet: s) / prediction.residual[s]
    }
    // The sheets of a rater whose other sheets are noisy say nothing of the tails of ordinary ones; but where a sheet is one mark, what makes a rater look noisy
    // is mostly the tails themselves.
    let teaching = sheets.filter { fit.ownNoise[$0] == 1 || layout.comparable[$0] == 1 }
    let tail = residualTail(of: teaching.map { prediction.standardized[$0] }, marks: fit.marksOfResidual)
    let errors = sheets.map { prediction.variance[$0].squareRoot() * study.pointsPerCommon[$0] }
    let typicalError = median(errors)
    return .tests(
      TestFamily(
        statistics: standardized, pValues: standardized.map { tail.twoSided($0) },
        effects: zip(sheets, residuals).map { $1 * study.pointsPerCommon[$0] },
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (tail.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in
          Subjects(raters: [study.rater(ofSheet: sheets[i]).name], units: [study.unit(ofSheet: sheets[i]).name])
        },
        claim: { i in
          let s = sheets[i]
          let rater = study.rater(ofSheet: s).name
          let unit = study.unit(ofSheet: s)
          let value = residuals[i] * study.pointsPerCommon[s]
          let error = 1.96 * errors[i]
          let size = Figures.points(value)
          let interval = Figures.interval(abs(value) - error, abs(value) + error)
          let u = Int(layout.sheetUnit[s])
          // Only raters who scored one of the sheet's criteria were compared with it.
          let criteria = Set(layout.criterion[layout.sheetStart[s]..<layout.sheetStart[s + 1]])
          let panel = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).count { t in
            t != s && layout.criterion[layout.sheetStart[t]..<layout.sheetStart[t + 1]].contains(where: criteria.contains)
          }
          let above = value > 0
          let allowed = UnequalScale.allowed(study)
          return Claim(
            level: .warning, subjects: Subjects(raters: [rater], units: [unit.name]),
            effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
            evidence: [
              Evidence("panel", .count(panel)), Evidence("z", .number(standardized[i])),
              Evidence("criteria", .count(Int(layout.comparable[s]))),
            ],
            message: Text(
              "\(rater) gave \(unit.name) \(size) points (\(interval.en)) \(above ? "more" : "less") than the \(panel) other \(panel == 1 ? "rater" : "raters") of the unit, after allowing for how strict or lenient each of them is\(allowed.en).",
              zh: "扣除各人宽严\(allowed.zh)差异后，\(rater)给\(unit.name)的评分比该单位其他 \(panel) 名考评员\(above ? "高" : "低") \(size) 分（\(interval.zh)）。"),
            explanations: UnequalScale.explanations(rater: Int(layout.sheetRater[s]), study) + WideScatter.explanations(sheet: s, fit),
            scores: study.rows(ofSheet: s), corrections: [Correction(sheet: s, points: value)])
        }))
  }
}
