internal import Foundation
internal import Statistics
internal import Wording

/// Teams that are stricter or more lenient as a whole than their members' honest differences explain.
struct TeamSeverity: Rule {
  static let card = RuleCard(
    id: "team-severity", kind: .claim,
    title: Text("Severe or lenient team", zh: "考评组整体过严或过宽"),
    question: Text(
      "Does this team as a whole mark lower or higher than other teams, by more than a chance mix of strict and lenient members?",
      zh: "该考评组整体评分是否明显严于或宽于其他组，且不能用组员宽严的偶然搭配来解释？"),
    statistic: Text(
      "prediction of the team's effect in a model with units, raters and teams, at robust weights, divided by its standard deviation among honest teams, and by the robust spread of all teams' statistics where that is wider; where many marks are at an end of their scale, on levels for which such a mark counts as “there or beyond” (Tobit)",
      zh: "在含单位、考评员、考评组三因素的模型中按稳健权重预测该组效应，除以该预测值在公正评分的考评组中的标准差；若各组统计量的稳健离散度更大，则以其为准；大量评分达到分值上下限时，此类评分按“达到或超出该限”的删失数据处理（Tobit 模型）"),
    null: Text("a team is a chance mix of raters with this campaign's spread of severities", zh: "考评组由宽严度符合本次考评离散度的考评员随机组成"),
    explanations: [
      Text(
        "The team was sent to weaker or stronger units, and too few scores link it with other teams.", zh: "该组分到的单位整体偏弱或偏强，而与其他组之间的交叉评分太少。"),
      Text("The team leader explained the marking guide in his or her own way.", zh: "组长对评分细则可能另有掌握尺度。"),
    ],
    checks: [
      Text("Let one rater of another team score two of this team's units.", zh: "请其他组的一名考评员复评该组的两个单位。"),
      Text("Compare how the two teams' leaders explained the marking guide.", zh: "比较两组组长对评分细则的讲解。"),
    ],
    references: ["Henderson 1975, Biometrics 31:423"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    guard study.teams.count >= 4 else {
      return .notEvaluated(
        reason: study.teams.isEmpty
          ? TeamEffect.noTeams
          : Text(
            "only \(study.teams.count) teams; the spread of honest teams needs at least 4", zh: "只有 \(study.teams.count) 个考评组，至少需要 4 个"))
    }
    guard fit.raterSD > 0 else {
      return .notEvaluated(reason: Text("all raters are equally strict", zh: "所有考评员宽严完全一致"))
    }
    // Where many marks are at an end of the scale, teams are compared as they would be without ends; what is told is the difference that shows.
    guard let shown = TeamEffect.all(study, TeamEffect.Sheets(fit, study.layout)),
      let compared = study.censored.map({ TeamEffect.all(study, TeamEffect.Sheets($0)) }) ?? shown
    else { return .notEvaluated(reason: Text("the model with teams could not be solved", zh: "含考评组的模型无法求解")) }
    let teams = study.teams.indices.compactMap { t -> (team: Int, shown: TeamEffect, compared: TeamEffect)? in
      guard let shown = shown[t], let compared = compared[t] else { return nil }
      return (t, shown, compared)
    }
    guard teams.count >= 4 else {
      return .notEvaluated(
        reason: Text(
          "teams score units of their own and too few scores link them, so a strict team cannot be told from weak units",
          zh: "各组只评各自的单位，组间缺少交叉评分，无法区分是考评组偏严还是单位本身偏弱"))
    }
    let spread = max(1, bulkSpread(teams.map(\.compared.z)))
    let z = teams.map { $0.compared.z / spread }
    let tail = StudentT(degreesOfFreedom: robustFreedom(teams.count))
    let points = median(study.pointsPerCommon)
    let typicalError = median(teams.map(\.compared.error)) * points * spread
    let raters = RaterPoints(study)
    return .tests(
      TestFamily(
        statistics: z, pValues: z.map { min(1, 2 * tail.upperTail(abs($0))) }, effects: teams.map { $0.shown.value * points },
        detectable: { p in
          MinimumDetectableEffect(
            value: typicalError * (tail.quantile(upperTail: p / 2) + MinimumDetectableEffect.powerQuantile), unit: "points")
        },
        subjects: { i in Subjects(teams: [study.teams[teams[i].team]]) },
        claim: { i in
          let team = study.teams[teams[i].team]
          let members = study.teamOfRater.indices.filter { study.teamOfRater[$0] == Int32(teams[i].team) }
          let shown = teams[i].shown
          let value = shown.value * points
          let error = 1.96 * shown.error * points
          let strict = value < 0
          let sheets = members.flatMap { raters.sheets(of: $0) }
          let size = Figures.points(value)
          let interval = Figures.interval(abs(value) - error, abs(value) + error)
          let uncut = study.censored == nil ? Text("", zh: "") : Figures.uncut(teams[i].compared.value * points)
          return Claim(
            level: .warning, subjects: Subjects(raters: members.map { study.table.raters[$0].name }, teams: [team]),
            effect: Effect(value: value, low: value - error, high: value + error, unit: "points"),
            evidence: [Evidence("members", .count(members.count)), Evidence("z", .number(z[i]))],
            message: Text(
              "As a team, \(team) scores \(size) points (\(interval.en)) \(strict ? "lower" : "higher") than other teams give comparable units;\(uncut.en) a chance mix of strict and lenient members does not explain it.",
              zh:
                "考评组“\(team)”整体评分比其他组对可比单位的评分\(strict ? "低" : "高") \(size) 分（\(interval.zh)）\(uncut.zh.isEmpty ? "，" : "；" + uncut.zh)不能用组员宽严的偶然搭配解释。"
            ),
            scores: sheets.flatMap { study.rows(ofSheet: $0) },
            corrections: sheets.map { Correction(sheet: $0, points: shown.value * study.pointsPerCommon[$0]) })
        }))
  }
}
