public import Detection
public import Wording

/// The pages `plumbline rules` prints, made from the cards of the rules.
public struct RuleManual: Sendable {
  public var language: Language
  public var width: Int
  public var colour: Bool

  public init(language: Language = .en, width: Int = 80, colour: Bool = false) {
    self.language = language
    self.width = min(max(width, 40), 120)
    self.colour = colour
  }

  /// One line a rule: id, title, and whether it states facts or makes claims under the error budget.
  public func list(_ cards: [RuleCard]) -> String {
    let style = Style(colour: colour)
    let column = (cards.map { DisplayWidth.of($0.id) }.max() ?? 0) + 2
    var text = ""
    for kind in [RuleCard.Kind.fact, .claim, .habit] {
      let ofKind = cards.filter { $0.kind == kind }
      guard !ofKind.isEmpty else { continue }
      if !text.isEmpty { text += "\n" }
      text += style.bold(heading(kind)(language)) + "\n"
      for card in ofKind {
        let lines = Wrapping.lines(card.title(language), width: width - column - 2)
        for (i, line) in lines.enumerated() {
          let id = i == 0 ? card.id : ""
          text += "  " + id + String(repeating: " ", count: column - DisplayWidth.of(id)) + line + "\n"
        }
      }
    }
    text += "\n"
    for line in Wrapping.lines(
      Text("plumbline rules ID explains one of them.", zh: "用 plumbline rules 规则名 查看某一条规则的说明。")(language), width: width)
    {
      text += line + "\n"
    }
    return text
  }

  /// Everything one rule says of itself.
  public func page(_ card: RuleCard) -> String {
    var page = TablePage(width: width, style: Style(colour: colour))
    page.heading("\(card.title(language))  (\(card.id))")
    page.paragraph(card.question(language))
    section(&page, Text("What it computes", zh: "计算方法"), [card.statistic])
    // Facts have no null hypothesis; their nature, next, says that no error rate applies.
    if card.kind != .fact { section(&page, Text("What an honest campaign looks like", zh: "评分公正时的情形"), [card.null]) }
    section(&page, Text("What it claims", zh: "结论的性质"), [nature(card.kind)])
    list(&page, Text("Innocent explanations", zh: "正当的可能原因"), card.explanations.map { $0(language) })
    list(&page, Text("What would settle it", zh: "如何核查清楚"), card.checks.map { $0(language) })
    list(&page, Text("References", zh: "参考文献"), card.references)
    return page.text
  }

  private func section(_ page: inout TablePage, _ title: Text, _ paragraphs: [Text]) {
    page.blank()
    page.heading(title(language))
    for paragraph in paragraphs { page.paragraph(sentence(paragraph(language))) }
  }

  private func list(_ page: inout TablePage, _ title: Text, _ items: [String]) {
    guard !items.isEmpty else { return }
    page.blank()
    page.heading(title(language))
    for item in items { page.item(item) }
  }

  /// Cards are written in phrases that also fit after a colon; a page wants sentences.
  private func sentence(_ words: String) -> String {
    let text = words.prefix(1).uppercased() + words.dropFirst()
    let ends: Set<Character> = [".", "。", "?", "？"]
    return text.last.map(ends.contains) == true ? text : text + (language == .en ? "." : "。")
  }

  private func heading(_ kind: RuleCard.Kind) -> Text {
    switch kind {
    case .fact: Text("Facts about the data and the design", zh: "数据与考评安排的事实")
    case .claim: Text("Claims, under the error budget (--fdr)", zh: "依据概率的疑点（误报受 --fdr 约束）")
    case .habit: Text("Habits, worth a note only", zh: "评分习惯（仅作提示）")
    }
  }

  private func nature(_ kind: RuleCard.Kind) -> Text {
    switch kind {
    case .fact: Text("A fact that can be looked up in the file; no error rate applies.", zh: "可在文件中直接核对的事实，不涉及误报率。")
    case .claim:
      Text(
        "A reason to look, never a verdict on a person; false alarms are kept within the error budget (--fdr).",
        zh: "是需要核查的理由，不是对个人的结论；误报控制在 --fdr 规定的比例之内。")
    case .habit:
      Text(
        "A note, never a verdict on a person: it makes no claim of harm, takes nothing from the error budget of the claims, and closes no gate.",
        zh: "仅作提示，不是对个人的结论：不表示造成了影响，不占用各类疑点的误报额度，也不影响是否通过。")
    }
  }
}
