internal import Foundation
internal import Statistics
internal import Wording

/// Raters whose marks on one criterion lie apart from, or run against, those of the others, where their other criteria do not.
struct RaterProfileOutlier: Rule {
  static let card = RuleCard(
    id: "rater-profile-outlier", kind: .claim,
    title: Text("One criterion marked by another standard", zh: "个别指标评分尺度与他人不同"),
    question: Text(
      "Does this rater mark one criterion higher, lower or the other way round throughout, compared with the other raters of the same units and with the rater's own marks on the other criteria?",
      zh: "与同单位其他考评员相比，并对照本人其他指标的评分，该考评员是否在某一项指标上一贯偏高、偏低或与他人走向相反？"),
    statistic: Text(
      "by rater and criterion, the weighted mean over the sheets of score − severity − mean of the other raters on the criterion, less the sheet's mean of the same and less the median of the rater's other criteria, over a standard error that holds noise and the robust spread of honest raters on the criterion; and the same for the slope of these residuals on the others' means; for each rater the largest |z| of both, by Šidák's correction for their number; Student t. What marks at an end of the scale leave open is taken off; raters whose marks follow the differences between criteria hardly or not at all have no profile and are left to other rules",
      zh:
        "对每名考评员的每项指标，计算各评分表“得分 − 宽严度 − 其他考评员该指标均值”（先减去该表各指标的同一均值）的加权平均，再减去该考评员其他指标的中位数，除以标准误（含随机波动及考评员在该指标上正常差异的稳健离散度）；对上述残差关于他人均值的斜率作同样计算；每名考评员取两者中最大的 |z|，按检验个数作 Šidák 校正，取 t 分布；得分受分值上下限限制而无法确定的部分予以扣除；评分基本不随指标差异变化的考评员没有自身的指标特征，由其他规则判断"
    ),
    null: Text(
      "raters read each criterion as differently as the bulk of this campaign's raters do",
      zh: "各考评员对每项指标掌握尺度的差异与本次考评多数考评员相当"),
    explanations: [
      Text(
        "The rater reads this criterion more strictly or more generously than the others do, or marked it out of another full mark.",
        zh: "该考评员对这项指标掌握得可能比他人更严或更宽，或按另一满分值评分。"),
      Text(
        "A template, a conversion or a column was mistaken for this criterion.", zh: "这项指标可能套错模板、换算有误，或录入时错列。"),
      Text("The rater knows this field especially well, and the others do not.", zh: "该考评员可能对这项指标所涉业务特别熟悉，而其他人并不熟悉。"),
    ],
    checks: [
      Text(
        "Go through the scoring guide of this criterion with the rater, with one of the marks at hand.",
        zh: "结合一张具体评分表，请该考评员说明对这项指标评分细则的理解。"),
      Text(
        "Have this criterion scored again, blind, for the units with the widest gaps, which the finding names.",
        zh: "对疑点中列出的差距最大的几个单位，由另一名考评员背靠背重评这项指标。"),
    ],
    references: [
      "Myford and Wolfe 2003, J. Appl. Meas. 4:386, rater-by-criterion interaction", "Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3:3",
    ])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit, let profiles = study.profiles else { return .notEvaluated(reason: Study.nothingToCompare) }
    let odd = OddProfiles(study, fit, profiles)
    guard odd.candidates.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(odd.candidates.count) raters scored \(RaterProfiles.minimumCriteria) criteria or more together with others, each for \(RaterProfiles.minimumSheets) units or more; at least 6 are needed",
          zh:
            "与他人共同评了 \(RaterProfiles.minimumCriteria) 项以上指标、且每项不少于 \(RaterProfiles.minimumSheets) 个单位的考评员只有 \(odd.candidates.count) 名，至少需要 6 名"
        ))
    }
    return .tests(
      TestFamily(
        statistics: odd.candidates.map(\.z), pValues: odd.candidates.map(\.pValue), effects: odd.candidates.map { odd.points(of: $0) },
        detectable: { odd.detectable(at: $0) }, subjects: { odd.subjects(odd.candidates[$0]) }, claim: { odd.claim(odd.candidates[$0]) }))
  }
}

/// Of every rater the criterion that stands out most, by its level or by its slope.
private struct OddProfiles: Sendable {
  enum Look { case level, slope }

  struct Candidate: Sendable {
    var entry: Int
    var look: Look
    var z: Double
    var looks: Double
    var pValue: Double
  }

  private(set) var candidates: [Candidate] = []
  private let study: Study
  private let fit: HonestFit
  private let profiles: RaterProfiles
  private let levels: ProfileExcess
  private let slopes: ProfileExcess

  init(_ study: Study, _ fit: HonestFit, _ profiles: RaterProfiles) {
    (self.study, self.fit, self.profiles) = (study, fit, profiles)
    let entries = profiles.entries
    let criteria = entries.map(\.criterion)
    levels = ProfileExcess(
      entries.map(\.all.value), variances: entries.map(\.levelVariance), criteria: criteria, profiles: profiles.profiles)
    slopes = ProfileExcess(entries.map(\.slope), variances: entries.map(\.slopeVariance), criteria: criteria, profiles: profiles.profiles)
    candidates = profiles.profiles.compactMap(strongest)
  }

  private func strongest(of range: Range<Int>) -> Candidate? {
    // What the others' cut marks leave open is open for the rater's other criteria too.
    let lower = median(range.map { profiles.entries[$0].all.lower })
    let higher = median(range.map { profiles.entries[$0].all.higher })
    let cellTail = ResidualTail(fit.cellTail)
    var best: Candidate?
    var looks = 0.0
    for i in range {
      let entry = profiles.entries[i]
      for (look, excess) in [(Look.level, levels), (.slope, slopes)] where !excess.value[i].isNaN {
        looks += 1
        var value = excess.value[i]
        if look == .level {
          value = value > 0 ? max(0, value - entry.all.lower - higher) : min(0, value + entry.all.higher + lower)
        }
        let z = value / excess.error[i]
        let least = best?.pValue ?? 2
        let bySpread = excess.tail.twoSided(z)
        guard bySpread < least else { continue }
        let p = max(bySpread, cellTail.ofMean(over: Double(entry.all.sheets)).twoSided(z))
        if p < least { best = Candidate(entry: i, look: look, z: z, looks: 0, pValue: p) }
      }
    }
    best?.looks = looks
    if let p = best?.pValue { best?.pValue = ProfileExcess.pValue(ofLeast: p, among: looks) }
    return best
  }

  /// The effect on the criterion, in points: for a slope, what it makes of a unit one standard deviation above the others.
  func points(of candidate: Candidate) -> Double { perUnit(of: candidate) * excess(of: candidate).value[candidate.entry] }

  private func excess(of candidate: Candidate) -> ProfileExcess { candidate.look == .level ? levels : slopes }

  private func perUnit(of candidate: Candidate) -> Double {
    let entry = profiles.entries[candidate.entry]
    return (candidate.look == .level ? 1 : entry.unitSD) / fit.criterionScale[entry.criterion]
  }

  func detectable(at p: Double) -> MinimumDetectableEffect {
    let errors = levels.error.indices.compactMap { i in
      levels.value[i].isNaN ? nil : levels.error[i] / fit.criterionScale[profiles.entries[i].criterion]
    }
    let looks = median(candidates.map(\.looks))
    return MinimumDetectableEffect(
      value: median(errors) * (levels.tail.quantile(upperTail: p / looks / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
  }

  func subjects(_ candidate: Candidate) -> Subjects {
    let entry = profiles.entries[candidate.entry]
    return Subjects(raters: [study.table.raters[entry.rater].name], criteria: [study.table.criteria[entry.criterion]])
  }

  // MARK: The finding

  func claim(_ candidate: Candidate) -> Claim {
    let entry = profiles.entries[candidate.entry]
    let marks = ComparedMarks(study, profiles, rater: entry.rater, criterion: entry.criterion)
    let value = points(of: candidate)
    let error = 1.96 * excess(of: candidate).standardError[candidate.entry] * perUnit(of: candidate)
    let size = excess(of: candidate).value[candidate.entry] / fit.criterionScale[entry.criterion]
    let distortions = marks.all.map { mark in
      candidate.look == .level ? size : size * (mark.others - entry.others)
    }
    let widest = marks.units(withWidest: distortions)
    let weights = CriterionWeights(study)
    return Claim(
      level: .warning, subjects: subjects(candidate), effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
      evidence: [
        Evidence("sheets", .count(entry.all.sheets)), Evidence("shape", .text(candidate.look == .level ? "level" : "slope")),
        Evidence("z", .number(candidate.z)), Evidence("widestGaps", .texts(widest)),
      ],
      message: candidate.look == .level ? levelMessage(candidate, widest) : slopeMessage(candidate, widest),
      explanations: marks.againstOne(),
      scores: marks.all.flatMap { Array(study.layout.rows(of: $0.observation, in: study.table)) },
      corrections: marks.all.indices.map { i in
        let s = marks.all[i].sheet
        return Correction(sheet: s, points: distortions[i] * weights.share(of: entry.criterion, inSheet: s))
      })
  }

  private func levelMessage(_ candidate: Candidate, _ widest: [String]) -> Text {
    let entry = profiles.entries[candidate.entry]
    let name = study.table.raters[entry.rater].name
    let criterion = study.table.criteria[entry.criterion]
    let value = points(of: candidate)
    let error = 1.96 * levels.standardError[candidate.entry] / fit.criterionScale[entry.criterion]
    let (size, interval) = (Figures.points(value), Figures.interval(abs(value) - error, abs(value) + error))
    let usual = Figures.points(2 * levels.error[candidate.entry] / fit.criterionScale[entry.criterion])
    let gaps = Names.list(widest)
    return Text(
      "On \(criterion), \(name) marks \(size) points (\(interval.en)) \(value > 0 ? "higher" : "lower") than the other raters of the same units, measured against \(name)'s own marks on the other criteria, over \(entry.all.sheets) sheets; raters here mostly stay within \(usual) points; the gaps are widest at \(gaps.en).",
      zh:
        "对照本人其他指标的评分，\(name)在“\(criterion)”上比同单位其他考评员\(value > 0 ? "高" : "低") \(size) 分（\(interval.zh)），涉及 \(entry.all.sheets) 张评分表；本次考评中考评员在单项指标上的差异一般在 \(usual) 分以内；差距最大的单位：\(gaps.zh)。"
    )
  }

  private func slopeMessage(_ candidate: Candidate, _ widest: [String]) -> Text {
    let entry = profiles.entries[candidate.entry]
    let name = study.table.raters[entry.rater].name
    let criterion = study.table.criteria[entry.criterion]
    let slope = 1 + entry.slope
    let error = 1.96 * slopes.standardError[candidate.entry]
    let (size, interval) = (Figures.ratio(abs(slope)), Figures.interval(slope - error, slope + error))
    let usual = Figures.ratio(slope - slopes.value[candidate.entry])
    let gaps = Names.list(widest)
    return Text(
      "On \(criterion), where the other raters mark a unit one point higher, \(name) marks it \(size) points \(slope < 0 ? "lower" : "higher") (\(interval.en)), over \(entry.all.sheets) sheets; from \(name)'s other criteria and the other raters one would expect \(usual) points higher; the gaps are widest at \(gaps.en).",
      zh:
        "在“\(criterion)”上，其他考评员对某单位每多评 1 分，\(name)相应\(slope < 0 ? "少" : "多")评 \(size) 分（斜率 \(interval.zh)），涉及 \(entry.all.sheets) 张评分表；按其本人其他指标和其他考评员的情况，预期为多评 \(usual) 分；差距最大的单位：\(gaps.zh)。"
    )
  }
}
