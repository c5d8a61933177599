public import Detection
public import Wording

/// The report for a person at a terminal who knows the campaign and no statistics: two lines of summary, the findings with the most urgent
/// first, what could not be judged and why, and how small an effect the quiet rules would have found.
public struct TableReporter: Reporter {
  public var language: Language
  /// Columns to fill.
  public var width: Int
  public var colour: Bool
  /// Findings shown in full; the rest are counted.
  public var limit: Int
  /// The heading of a rule; `nil` for one that is not known, which then goes by its id.
  public var title: @Sendable (_ rule: String) -> Text?

  public init(
    language: Language = .en, width: Int = 80, colour: Bool = false, limit: Int = 200,
    title: @escaping @Sendable (_ rule: String) -> Text? = { RuleRegistry.rule($0)?.card.title }
  ) {
    self.language = language
    self.width = min(max(width, 40), 120)
    self.colour = colour
    self.limit = limit
    self.title = title
  }

  public func text(of report: ScreenReport) -> String {
    var page = TablePage(width: width, style: Style(colour: colour))
    for sentence in TableSummary(report: report, language: language).sentences { page.paragraph(sentence) }
    for remark in report.remarks {
      page.blank()
      page.paragraph(Text("Note: ", zh: "注意：")(language) + remark(language))
    }
    // The scores come first; other inputs are the rules of the campaign.
    let file = report.inputs.first?.name
    for (i, finding) in report.findings.prefix(limit).enumerated() {
      page.blank()
      page.finding(finding, number: i + 1, title: heading(finding.rule), file: file, language)
    }
    if report.findings.count > limit {
      page.blank()
      let hidden = Figures.count(report.findings.count - limit)
      page.paragraph(
        Text(
          "\(hidden) more findings are not shown here; --format json, jsonl or csv holds all of them.",
          zh: "另有 \(hidden) 个疑点未在此列出；用 --format json、jsonl 或 csv 可得全部。")(language))
    }
    notEvaluated(report, &page)
    clean(report, &page)
    return page.text
  }

  private func heading(_ rule: String) -> String { title(rule)?(language) ?? rule }

  private func notEvaluated(_ report: ScreenReport, _ page: inout TablePage) {
    var first = true
    for outcome in report.rules {
      guard case .notEvaluated(let reason) = outcome.status else { continue }
      if first {
        page.blank()
        page.heading(Text("Cannot be judged", zh: "无法判断的事项")(language))
        first = false
      }
      let colon = language == .en ? ": " : "："
      page.item(heading(outcome.id) + colon + reason(language))
    }
  }

  private func clean(_ report: ScreenReport, _ page: inout TablePage) {
    let quiet = report.rules.filter { outcome in
      if case .evaluated = outcome.status { outcome.findings == 0 } else { false }
    }
    guard !quiet.isEmpty else { return }
    page.blank()
    page.heading(Text("Looked for and not found", zh: "已检查，未发现下列问题")(language))
    for outcome in quiet {
      let tested = Figures.count(outcome.tested)
      var line = heading(outcome.id)
      line += Text(": \(tested) tested", zh: "：已检验 \(tested) 项")(language)
      if let effect = outcome.minimumDetectableEffect, effect.value.isFinite { line += TableReporter.detectable(effect)(language) }
      page.item(line)
    }
  }

  private static func detectable(_ effect: MinimumDetectableEffect) -> Text {
    let power = Figures.percent(effect.power)
    guard !effect.exceedsScale else {
      return Text(
        "; not even a difference as wide as the whole range of marks would have been found with \(power) probability",
        zh: "；即使差异达到整个分值范围，也没有 \(power) 的把握能够发现")
    }
    let size = Figures.detectable(effect.value, unit: effect.unit)
    return Text("; \(size.en) would have been found with \(power) probability", zh: "；\(size.zh)，有 \(power) 的把握能够发现")
  }
}
