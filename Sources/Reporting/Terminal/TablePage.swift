import Detection
import Wording

/// A page of wrapped and indented lines under construction. Everything that comes from a file passes through `VisibleText` here, at the one
/// place where text becomes lines.
struct TablePage {
  private(set) var text = ""
  let width: Int
  let style: Style

  init(width: Int, style: Style) {
    self.width = width
    self.style = style
  }

  mutating func blank() { text += "\n" }

  mutating func heading(_ words: String) { text += style.bold(words) + "\n" }

  mutating func paragraph(_ words: String) {
    for line in wrapped(words, width) { text += line + "\n" }
  }

  mutating func item(_ words: String) { hanging("- ", words, indent: 2) }

  /// A finding: the heading line, the sentence, then labelled lines in one column.
  mutating func finding(_ finding: Finding, number: Int, title: String, file: String?, _ language: Language) {
    let level = Words.level(finding.level)(language)
    let painted =
      switch finding.level {
      case .error: style.red(level)
      case .warning: style.yellow(level)
      case .note: style.cyan(level)
      }
    let rule = title == finding.rule ? "" : "  " + style.dim(VisibleText.of(finding.rule))
    text += "\(style.bold("\(number)."))  \(painted)  \(style.bold(VisibleText.of(title)))\(rule)\n"
    let margin = String(repeating: " ", count: 4)
    for line in wrapped(VisibleText.shortened(finding.message(language), to: 2000), width - 4) { text += margin + line + "\n" }
    for (label, words) in details(of: finding, file: file, language) {
      let columns = language == .en ? 9 : 10
      let padded = label + String(repeating: " ", count: max(1, columns - DisplayWidth.of(label)))
      hanging(margin + style.dim(padded), words, indent: 4 + columns)
    }
  }

  private func details(of finding: Finding, file: String?, _ language: Language) -> [(label: String, words: String)] {
    var details: [(Text, String)] = []
    if let effect = finding.effect, effect.value.isFinite {
      let label = Figures.isCount(effect.unit) ? Text("Count", zh: "数量") : Text("Effect", zh: "幅度")
      details.append((label, Figures.effect(effect, language)))
    }
    if let p = finding.pValue, p.isFinite {
      let q = finding.qValue.map { $0.isFinite ? ", q = \(Figures.probability($0))" : "" } ?? ""
      let figures = "p = \(Figures.probability(p))\(q)"
      let chance = Figures.chance(p, language)
      let words = Text(
        "\(chance) by ordinary variation alone, which does not say why (\(figures))",
        zh: "仅凭正常评分波动出现的可能：\(chance)，原因须另行核查（\(figures)）")
      details.append((Text("Chance", zh: "偶然性"), words(language)))
    }
    // What a plain fact does to the results is not computed, and silence says so better than “none”.
    if finding.pValue != nil || finding.impact.changesResults {
      details.append((Text("Changes", zh: "影响"), changes(finding.impact, language)))
    }
    if !finding.explanations.isEmpty {
      details.append((Text("May be", zh: "可能原因"), joined(finding.explanations, language)))
    }
    if !finding.checks.isEmpty {
      details.append((Text("Check", zh: "建议核查"), joined(finding.checks, language)))
    }
    if !finding.rows.isEmpty {
      let rows = Figures.rows(finding.rows, limit: 10, language)
      let source = file.map { language == .en ? " of \($0)" : "（\($0)）" } ?? ""
      details.append((Text("Lines", zh: "行号"), rows + source))
    }
    return details.map { ($0(language), $1) }
  }

  private func changes(_ impact: Impact, _ language: Language) -> String {
    var parts: [String] = []
    let moves = impact.rankChanges.prefix(5).map { change in
      language == .en ? "\(change.unit) from \(change.from) to \(change.to)" : "\(change.unit) 第 \(change.from) 名 → 第 \(change.to) 名"
    }
    let corrected = Text("if corrected, ", zh: "如予更正，")(language)
    if !moves.isEmpty {
      let more = impact.rankChanges.count - moves.count
      let rest = more > 0 ? Text(" and \(Figures.count(more)) more", zh: "，另有 \(Figures.count(more)) 个单位")(language) : ""
      parts.append(corrected + Text("rank of ", zh: "名次 ")(language) + moves.joined(separator: Words.listSeparator(language)) + rest)
    }
    if !impact.awards.isEmpty {
      let more = impact.awards.count - 5
      let names = impact.awards.prefix(5).joined(separator: Words.listSeparator(language))
      let rest = more > 0 ? Text(" and \(Figures.count(more)) more", zh: " 等 \(Figures.count(impact.awards.count)) 个单位")(language) : ""
      parts.append((parts.isEmpty ? corrected : "") + Text("award or deduction of ", zh: "奖惩 ")(language) + names + rest)
    }
    if parts.isEmpty { return Text("no rank, award or deduction", zh: "不改变名次和奖惩")(language) }
    return parts.joined(separator: Words.separator(language))
  }

  private func joined(_ texts: [Text], _ language: Language) -> String {
    let ends: Set<Character> = [".", "。"]
    return texts.map { text in
      let words = text(language)
      return words.last.map(ends.contains) == true ? String(words.dropLast()) : words
    }.joined(separator: language == .en ? ". " : "。") + (language == .en ? "." : "。")
  }

  /// `words` wrapped beside a first-line prefix that takes `indent` columns; `prefix` may hold colour, `words` may not.
  private mutating func hanging(_ prefix: String, _ words: String, indent: Int) {
    for (i, line) in wrapped(words, width - indent).enumerated() {
      text += (i == 0 ? prefix : String(repeating: " ", count: indent)) + line + "\n"
    }
  }

  private func wrapped(_ words: String, _ columns: Int) -> [String] { Wrapping.lines(VisibleText.of(words), width: columns) }
}
