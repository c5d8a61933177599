import Detection
import Wording

/// The two sentences a report begins with: what was read, and what was found under which promise.
struct TableSummary {
  var report: ScreenReport
  var language: Language

  var sentences: [String] { [read, found] + (report.findings.isEmpty ? [] : [meaning]) }

  private var read: String {
    let size = report.campaign
    let names = report.inputs.first?.name ?? ""
    let n = Figures.count
    switch language {
    case .en:
      var counts = [
        counted(size.raters, "rater", "raters"), counted(size.units, "unit", "units"),
        counted(size.criteria, "criterion", "criteria"),
      ]
      if size.teams > 0 { counts.append(counted(size.teams, "team", "teams")) }
      if size.sheets > 0 { counts.append(counted(size.sheets, "score sheet", "score sheets")) }
      let source = names.isEmpty ? "" : " from \(names)"
      let missing = size.missing > 0 ? " \(counted(size.missing, "blank score", "blank scores")) left out." : ""
      return "Read \(counted(size.scores, "score", "scores"))\(source): \(counts.joined(separator: ", ")).\(missing)"
    case .zhHans:
      var counts = ["考评员 \(n(size.raters)) 名", "被考评单位 \(n(size.units)) 个", "指标 \(n(size.criteria)) 项"]
      if size.teams > 0 { counts.append("考评组 \(n(size.teams)) 个") }
      if size.sheets > 0 { counts.append("评分表 \(n(size.sheets)) 张") }
      let source = names.isEmpty ? "" : "从 \(names) "
      let missing = size.missing > 0 ? "另有 \(n(size.missing)) 个得分空缺，未计入。" : ""
      return "\(source)读入评分 \(n(size.scores)) 个：\(counts.joined(separator: "、"))。\(missing)"
    }
  }

  private func counted(_ n: Int, _ one: String, _ many: String) -> String { "\(Figures.count(n)) \(n == 1 ? one : many)" }

  private var found: String {
    let counts = Level.allCases.reversed().map { level in (level, report.findings.count { $0.level == level }) }
    let parts = counts.map { Words.count($1, of: $0, language) }.joined(separator: Words.listSeparator(language))
    return language == .en ? "Found \(parts).\(promise)" : "发现\(parts)。\(promise)"
  }

  /// What `--fdr` promises; nothing when no rule that makes claims was evaluated.
  private var promise: String {
    guard let calibration = report.calibration else { return "" }
    let share = Figures.percent(calibration.errorBudget)
    var text = Text(
      " Of the errors and warnings that rest on probability, no more than \(share) are expected to be false alarms.",
      zh: "其中依据概率作出的严重、一般疑点，误报比例预期不超过 \(share)。")
    if calibration.campaigns > 0, calibration.falseAlarmShare.isFinite {
      let campaigns = Figures.count(calibration.campaigns)
      let alarms = Figures.percent(calibration.falseAlarmShare)
      text.en += " Of \(campaigns) honest campaigns simulated on this design, \(alarms) had any."
      text.zh += "按本次考评的设计模拟了 \(campaigns) 次公正评分的考评活动，出现误报的占 \(alarms)。"
    }
    return text(language)
  }

  /// What the levels mean, for a reader who has only this page.
  private var meaning: String {
    Text(
      "A finding is a reason to look, never a verdict on a person. An error changes a rank, award or deduction, or breaks a rule of the campaign; a warning changes none; a note makes no claim.",
      zh: "疑点只是需要核查的理由，不是对任何人的结论。“严重”会改变名次或奖惩，或者违反考评规则；“一般”不改变名次和奖惩；“提示”仅供参考，不作判断。")(language)
  }
}
