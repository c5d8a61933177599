/// The order of rounds by their names.
///
/// Numbers count as numbers, in digits or in Chinese numerals: “2” comes before “10”, “第二轮” before “第三轮”. Everything else goes by character.
struct RoundOrder: Comparable {
  private enum Part: Comparable {
    case number(Double)
    case character(Character)
  }

  private var parts: [Part] = []

  init(_ name: String) {
    var number: (total: Double, digits: Double)?
    for character in name {
      if let value = character.wholeNumberValue.map(Double.init) {
        let (total, digits) = number ?? (0, 0)
        // 十 multiplies what stands before it: 二十三.
        number = value < 10 ? (total, 10 * digits + value) : (total + max(digits, 1) * value, 0)
      } else {
        if let number { parts.append(.number(number.total + number.digits)) }
        number = nil
        parts.append(.character(character))
      }
    }
    if let number { parts.append(.number(number.total + number.digits)) }
  }

  static func < (a: RoundOrder, b: RoundOrder) -> Bool { a.parts.lexicographicallyPrecedes(b.parts) }
}
