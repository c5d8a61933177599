internal import Foundation
internal import Statistics
internal import Wording

/// Raters who mark units of their own group higher on one criterion, where the mean of a sheet hardly shows it.
struct OwnGroupCriterion: Rule {
  static let card = RuleCard(
    id: "own-group-criterion", kind: .claim,
    title: Text("Own group marked higher on one criterion", zh: "在个别指标上偏向本单位"),
    question: Text(
      "On one criterion, does this rater mark units of the rater's own department or country higher than the other raters do, compared with the rater's marks on other units and on other criteria?",
      zh: "与同单位其他考评员相比，并对照本人对其他单位、其他指标的评分，该考评员是否在某一项指标上对本单位（本部门）评分偏高？"),
    statistic: Text(
      "by rater and criterion, the weighted mean over the own group's sheets of score − severity − mean of the other raters on the criterion, less the sheet's mean of the same, minus the same over the rater's other sheets; less the median of the rater's other criteria, and of all raters on the criterion; over a standard error that holds noise and the robust spread of honest raters; for each rater the largest z of all criteria, by Šidák's correction for their number; Student t. What marks at an end of the scale leave open is taken off",
      zh:
        "对每名考评员的每项指标，计算本单位评分表“得分 − 宽严度 − 其他考评员该指标均值”（先减去该表各指标的同一均值）的加权平均，减去该考评员其他评分表的同一平均；再减去该考评员其他指标的中位数和全体考评员在该指标上的中位数，除以标准误（含随机波动及考评员的正常差异的稳健离散度）；每名考评员取各指标中最大的 z，按指标个数作 Šidák 校正，取 t 分布；得分受分值上下限限制而无法确定的部分予以扣除"
    ),
    null: Text(
      "on every criterion, own sheets differ from the rater's other sheets no more than those of the bulk of this campaign's raters do",
      zh: "在每项指标上，本单位评分表与其他评分表的差异与本次考评多数考评员相当"),
    explanations: [
      Text(
        "The rater knows the own group's work in this field, and saw what the others could not see.",
        zh: "该考评员更了解本单位在这方面的工作，可能看到了他人看不到的情况。"),
      Text(
        "The rater reads this criterion otherwise for units of this kind, of which the own group has more.",
        zh: "该考评员对某类单位的这项指标掌握尺度可能不同，而本单位恰好多属此类。"),
    ],
    checks: [
      Text(
        "Have this criterion scored again, blind, for the units that the finding names, by raters of other groups.",
        zh: "对疑点中列出的单位，由其他单位的考评员背靠背重评这项指标。"),
      Text("See whether the rater should have stood aside for these units.", zh: "核查该考评员对这些单位是否应当回避。"),
    ],
    references: ["Zitzewitz 2006, J. Econ. Manag. Strat. 15:67", "Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3:3"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit, let all = study.profiles else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard study.isOwn.contains(true) else { return .notEvaluated(reason: FieldOwnGroupBias.noOwnSheets(study)) }
    let profiles = OwnProfiles(study, fit, all)
    guard profiles.candidates.count >= ProfileExcess.fewest else {
      let (criteria, own, other) = (RaterProfiles.minimumCriteria, OwnProfiles.minimumOwn, RaterProfiles.minimumSheets)
      return .notEvaluated(
        reason: Text(
          "only \(profiles.candidates.count) raters scored \(criteria) criteria or more on \(own) units of their own group and on \(other) others; at least \(ProfileExcess.fewest) are needed",
          zh:
            "评过 \(own) 个以上本单位、\(other) 个以上其他单位，且指标不少于 \(criteria) 项的考评员只有 \(profiles.candidates.count) 名，至少需要 \(ProfileExcess.fewest) 名"
        ))
    }
    return .tests(
      TestFamily(
        statistics: profiles.candidates.map(\.z), pValues: profiles.candidates.map(\.pValue),
        effects: profiles.candidates.map { profiles.points($0) },
        detectable: { profiles.detectable(at: $0) }, subjects: { profiles.subjects(profiles.candidates[$0]) },
        claim: { profiles.claim(profiles.candidates[$0]) }))
  }
}

/// What every rater gives the own group on each criterion beyond what the rater gives other units, and the criterion where it is most.
private struct OwnProfiles: Sendable {
  struct Entry: Sendable {
    var rater: Int
    var criterion: Int
    /// Of the own group.
    var sheets: Int
    var contrast: Double
    var variance: Double
    /// How much lower and higher the contrast may be on a scale without ends.
    var lower: Double
    var higher: Double
  }

  struct Candidate: Sendable {
    var entry: Int
    var z: Double
    var pValue: Double
    var looks: Double
  }

  /// One own sheet is a matter of single scores.
  static let minimumOwn = 2

  private(set) var candidates: [Candidate] = []
  private var entries: [Entry] = []
  private let excess: ProfileExcess
  private let study: Study
  private let fit: HonestFit
  private let profiles: RaterProfiles

  init(_ study: Study, _ fit: HonestFit, _ profiles: RaterProfiles) {
    (self.study, self.fit, self.profiles) = (study, fit, profiles)
    var ranges: [Range<Int>] = []
    for range in profiles.profiles {
      let found = profiles.entries[range].compactMap(OwnProfiles.entry)
      guard found.count >= RaterProfiles.minimumCriteria else { continue }
      ranges.append(entries.count..<entries.count + found.count)
      entries += found
    }
    excess = ProfileExcess(
      entries.map(\.contrast), variances: entries.map(\.variance), criteria: entries.map(\.criterion), profiles: ranges)
    candidates = ranges.compactMap(strongest)
  }

  private static func entry(_ profile: RaterProfiles.Entry) -> Entry? {
    let (own, other) = (profile.own, profile.other)
    guard own.sheets >= minimumOwn, other.sheets >= RaterProfiles.minimumSheets else { return nil }
    return Entry(
      rater: profile.rater, criterion: profile.criterion, sheets: own.sheets, contrast: own.value - other.value,
      // The variance of the level over all sheets, by the precision of both parts.
      variance: profile.levelVariance * profile.all.weight * (1 / own.weight + 1 / other.weight),
      lower: own.lower + other.higher, higher: own.higher + other.lower)
  }

  private func strongest(of range: Range<Int>) -> Candidate? {
    // What the others' cut marks leave open is open for the rater's other criteria too.
    let higher = median(range.map { entries[$0].higher })
    let cellTail = ResidualTail(fit.cellTail)
    var best: Candidate?
    var looks = 0.0
    for i in range where !excess.value[i].isNaN {
      looks += 1
      let value = excess.value[i]
      let z = (value > 0 ? max(0, value - entries[i].lower - higher) : value) / excess.error[i]
      guard z > best?.z ?? -.infinity else { continue }
      let p = max(excess.tail.upperTail(z), cellTail.ofMean(over: Double(entries[i].sheets)).upperTail(z))
      best = Candidate(entry: i, z: z, pValue: p, looks: 0)
    }
    best?.looks = looks
    if let p = best?.pValue { best?.pValue = ProfileExcess.pValue(ofLeast: p, among: looks) }
    return best
  }

  /// Points of the criterion that one common point is.
  private func scale(_ entry: Entry) -> Double { 1 / fit.criterionScale[entry.criterion] }

  func points(_ candidate: Candidate) -> Double { excess.value[candidate.entry] * scale(entries[candidate.entry]) }

  func detectable(at p: Double) -> MinimumDetectableEffect {
    let errors = entries.indices.compactMap { i in excess.value[i].isNaN ? nil : excess.error[i] * scale(entries[i]) }
    let looks = median(candidates.map(\.looks))
    return MinimumDetectableEffect(
      value: median(errors) * (excess.tail.quantile(upperTail: p / looks) + MinimumDetectableEffect.powerQuantile), unit: "points")
  }

  func subjects(_ candidate: Candidate) -> Subjects {
    let entry = entries[candidate.entry]
    let rater = study.table.raters[entry.rater]
    return Subjects(raters: [rater.name], criteria: [study.table.criteria[entry.criterion]], groups: [rater.group ?? ""])
  }

  // MARK: The finding

  func claim(_ candidate: Candidate) -> Claim {
    let entry = entries[candidate.entry]
    let marks = ComparedMarks(study, profiles, rater: entry.rater, criterion: entry.criterion) { study.isOwn[$0] }
    let value = points(candidate)
    let error = 1.96 * excess.standardError[candidate.entry] * scale(entry)
    let usual = Figures.points(2 * excess.error[candidate.entry] * scale(entry))
    let widest = marks.units(withWidest: marks.all.map { _ in value })
    let weights = CriterionWeights(study)
    let name = study.table.raters[entry.rater].name
    let group = study.table.raters[entry.rater].group ?? ""
    let criterion = study.table.criteria[entry.criterion]
    let (size, interval, gaps) = (Figures.points(value), Figures.interval(value - error, value + error), Names.list(widest))
    return Claim(
      level: .warning, subjects: subjects(candidate), effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
      evidence: [
        Evidence("ownSheets", .count(entry.sheets)), Evidence("z", .number(candidate.z)), Evidence("widestGaps", .texts(widest)),
      ],
      message: Text(
        "On \(criterion), \(name) marks \(counted(entry.sheets, "unit")) of the own group (\(group)) \(size) points (\(interval.en)) higher than the other raters of these units do, measured against \(name)'s marks on other units and on other criteria; raters here mostly stay within \(usual) points; the gaps are widest at \(gaps.en).",
        zh:
          "与同单位其他考评员相比，并对照本人对其他单位、其他指标的评分，\(name)在“\(criterion)”上对本归属（\(group)）的 \(entry.sheets) 个单位评分偏高 \(size) 分（\(interval.zh)）；本次考评中考评员的这一差异一般在 \(usual) 分以内；差距最大的单位：\(gaps.zh)。"
      ),
      explanations: marks.againstOne(),
      scores: marks.all.flatMap { Array(study.layout.rows(of: $0.observation, in: study.table)) },
      corrections: marks.all.map { Correction(sheet: $0.sheet, points: value * weights.share(of: entry.criterion, inSheet: $0.sheet)) })
  }
}
