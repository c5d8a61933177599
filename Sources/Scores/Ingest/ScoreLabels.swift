/// Scores that are names: the names met so far, and what each means.
///
/// A name of the order that the options give is what it says, even where it is also a word for a missing score (“无” may be a grade). Of
/// other names the words for a missing score are that, and the rest are labels, or unknown where there is an order.
struct ScoreLabels: Sendable {
  enum Meaning: Sendable, Equatable {
    case code(UInt32)
    case missing
    case unknown
  }

  private(set) var names = Interner()
  private var meanings: [Meaning] = []

  /// What the text in a field means. A code is that of `names`.
  mutating func meaning(_ text: borrowing Span<UInt8>, _ field: Field, _ plan: RecordPlan, at position: Position) -> Meaning {
    let code = names.code(text, field.start, field.end, at: position)
    if Int(code) == meanings.count {
      let name = plan.string(text, field.start, field.end)
      if let order = plan.labelOrder, order.contains(name) {
        meanings.append(.code(code))
      } else if ScoreText(name, point: plan.point) == .missing {
        meanings.append(.missing)
      } else {
        meanings.append(plan.labelOrder == nil ? .code(code) : .unknown)
      }
    }
    return meanings[Int(code)]
  }

  /// The codes that stand for labels.
  var codes: [UInt32] { meanings.compactMap { if case .code(let code) = $0 { code } else { nil } } }
}
