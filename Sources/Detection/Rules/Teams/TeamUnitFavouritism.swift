internal import Scores
internal import Statistics
internal import Wording

/// Teams whose members together give one unit far more, or far less, than its other raters do.
struct TeamUnitFavouritism: Rule {
  static let card = RuleCard(
    id: "team-unit-favouritism", kind: .claim,
    title: Text("One team, one unit: far from the other raters", zh: "考评组对个别单位评分明显偏高或偏低"),
    question: Text(
      "Did a team as a whole give this one unit far more, or far less, than the unit's other raters, beyond being strict or lenient to all?",
      zh: "扣除各人一贯的宽严差异后，某考评组整组给这一个单位的评分是否明显高于或低于该单位的其他考评员？"),
    statistic: Text(
      "weighted mean of the team's sheets of the unit, each less its rater's severity, minus the same of the unit's other sheets, where both sides have two or more; sheets far from their side's median lose weight, so that no one sheet makes a team; over a standard error that holds noise, the scatter within both sides, and the robust spread of all teams on all units. The larger of two p-values: Student-t tails averaged over all that these differences leave open of how heavy they are, and Student t by their number",
      zh:
        "某考评组对该单位各评分表“得分 − 宽严度”的加权平均与该单位其他评分表的同一平均之差（双方各不少于两张）；远离本方中位数的评分表降低权重，避免由个别评分表左右全组；除以标准误（含随机波动、双方内部离散度以及各组对各单位差异的稳健离散度）。取两个 p 值中较大者：对尾部轻重的各种可能按概率加权平均的 t 分布，以及按检验个数确定自由度的 t 分布"
    ),
    null: Text(
      "on one unit, teams differ as much as the bulk of this campaign's teams do",
      zh: "各组对同一单位的评分差异与本次考评多数考评组相当"),
    explanations: [
      Text(
        "The team saw the unit on another day, or saw evidence that the others did not.", zh: "该组考评时间不同，或看到了其他人没有看到的材料。"),
      Text("The team discussed the unit, as the rules may allow, and followed one opinion.", zh: "规则允许的话，该组可能经商议后采用了同一意见。"),
      Text("The team's sheets of two units were exchanged, or entered for the wrong unit.", zh: "该组两个单位的评分表可能录反，或录入到了错误的单位名下。"),
    ],
    checks: [
      Text(
        "Compare the entered scores with the team's paper sheets of this unit and of those scored the same day.",
        zh: "将录入分数与该组这个单位及同日考评单位的纸质评分表逐一核对。"),
      Text(
        "Have the unit's evidence scored again by raters of neither side, who have not seen these marks.",
        zh: "由双方以外、未看过这些评分的考评员重新核查该单位的佐证材料并评分。"),
    ],
    references: [
      "Myford and Wolfe 2009, J. Educ. Meas. 46:371, differential rater functioning", "Cook and Weisberg 1982, deleted residuals",
    ])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard !study.teams.isEmpty else {
      return .notEvaluated(reason: TeamEffect.noTeams)
    }
    let found = TeamUnits(study, fit)
    let entries = found.entries
    guard entries.count >= TeamUnits.fewest else {
      return .notEvaluated(
        reason: Text(
          "a team and other raters scored the same unit, two or more on either side, \(counted(entries.count, "time")); at least \(TeamUnits.fewest) are needed",
          zh: "同一考评组两人以上与其他考评员两人以上共同评同一单位的情形共 \(entries.count) 次，至少需要 \(TeamUnits.fewest) 次"))
    }
    let points = entries.map { study.pointsPerCommon[$0.sheets[0]] }
    let typicalError = median(entries.indices.map { entries[$0].error * points[$0] }) * found.spread
    return .tests(
      TestFamily(
        statistics: found.z, pValues: found.pValues, effects: entries.indices.map { entries[$0].value * points[$0] },
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (found.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { TeamUnitFavouritism.subjects(study, entries[$0]) },
        claim: { i in
          let entry = entries[i]
          let value = entry.value * points[i]
          let error = 1.96 * entry.error * points[i]
          return Claim(
            level: .warning, subjects: TeamUnitFavouritism.subjects(study, entry),
            effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
            evidence: [
              Evidence("teamSheets", .count(entry.sheets.count)), Evidence("otherSheets", .count(entry.others.count)),
              Evidence("z", .number(found.z[i])),
            ],
            message: TeamUnitFavouritism.message(study, entry, value, error, usual: 2 * found.spread * entry.error * points[i]),
            explanations: TeamUnitFavouritism.exchange(study, found, i, points),
            scores: (entry.sheets + (entry.rival == nil ? [] : entry.others)).flatMap { study.rows(ofSheet: $0) },
            // Of two equal sides nobody knows which to correct.
            corrections: entry.rival == nil
              ? entry.sheets.map { Correction(sheet: $0, points: entry.value * study.pointsPerCommon[$0]) } : [])
        }))
  }

  private static func subjects(_ study: Study, _ entry: TeamUnits.Entry) -> Subjects {
    let sheets = entry.sheets + (entry.rival == nil ? [] : entry.others)
    return Subjects(
      raters: sheets.map { study.rater(ofSheet: $0).name }, units: [study.unit(ofSheet: entry.sheets[0]).name],
      teams: ([entry.team] + (entry.rival.map { [$0] } ?? [])).map { study.teams[$0] })
  }

  private static func message(_ study: Study, _ entry: TeamUnits.Entry, _ value: Double, _ error: Double, usual: Double) -> Text {
    let unit = Names.unit(study.unit(ofSheet: entry.sheets[0]))
    let team = study.teams[entry.team]
    let (size, interval) = (Figures.points(value), Figures.interval(abs(value) - error, abs(value) + error))
    let (more, higher) = value > 0 ? ("more", "高") : ("less", "低")
    let allowed = UnequalScale.allowed(study)
    let within = Figures.points(usual)
    let (own, rest) = (entry.sheets.count, entry.others.count)
    if let rival = entry.rival.map({ study.teams[$0] }) {
      return Text(
        "\(team) (\(counted(own, "rater"))) gave \(unit.en) \(size) points (\(interval.en)) \(more) than \(rival) (\(rest)) did, after allowing for how strict or lenient each of them is\(allowed.en); teams here mostly stay within \(within) points of each other; the scores do not say which of the two is off.",
        zh:
          "扣除各人宽严\(allowed.zh)差异后，考评组“\(team)”（\(own) 人）给\(unit.zh)的评分比考评组“\(rival)”（\(rest) 人）\(higher) \(size) 分（\(interval.zh)）；本次考评各组之间的差异一般在 \(within) 分以内；仅凭评分无法判断是哪一组偏离。"
      )
    }
    return Text(
      "\(team) (\(counted(own, "rater"))) gave \(unit.en) \(size) points (\(interval.en)) \(more) than the unit's \(rest) other raters did, after allowing for how strict or lenient each of them is\(allowed.en); teams here mostly stay within \(within) points of the others.",
      zh:
        "扣除各人宽严\(allowed.zh)差异后，考评组“\(team)”（\(own) 人）给\(unit.zh)的评分比该单位其他 \(rest) 名考评员\(higher) \(size) 分（\(interval.zh)）；本次考评各组与其他人的差异一般在 \(within) 分以内。"
    )
  }

  /// The unit on which the same team is as remarkably off in the other direction, if there is one.
  private static func exchange(_ study: Study, _ found: TeamUnits, _ i: Int, _ points: [Double]) -> [Text] {
    let entries = found.entries
    /// By team: whether it is above.
    func directions(_ entry: TeamUnits.Entry) -> [Int: Bool] {
      var result = [entry.team: entry.value > 0]
      if let rival = entry.rival { result[rival] = entry.value <= 0 }
      return result
    }
    let own = directions(entries[i])
    let other = entries.indices.filter { j in
      j != i && found.pValues[j] < 1e-3 && directions(entries[j]).contains { team, isAbove in own[team].map { $0 != isAbove } ?? false }
    }.max { abs(found.z[$0]) < abs(found.z[$1]) }
    guard let j = other, let team = own.keys.sorted().first(where: { directions(entries[j])[$0] == !own[$0]! }) else { return [] }
    let (unit, size) = (Names.unit(study.unit(ofSheet: entries[j].sheets[0])), Figures.points(entries[j].value * points[j]))
    let name = study.teams[team]
    return [
      Text(
        "On \(unit.en), \(name) is off by \(size) points in the other direction: its sheets of the two units may have been exchanged.",
        zh: "考评组“\(name)”对\(unit.zh)的评分向相反方向偏离 \(size) 分：两个单位的评分表可能录反。")
    ]
  }
}
