import Wording

extension Problems {
  /// A number above `low` (not below it when `inclusive`) and below `high`; nil when nothing was typed.
  mutating func number(
    _ typed: String?, option: String, above low: Double, inclusive: Bool = false, below high: Double = .infinity
  ) -> Double? {
    guard let typed else { return nil }
    if let value = Double(typed), value > low || inclusive && value == low, value < high { return value }
    let (floor, ceiling) = (NumberText.shortest(low), NumberText.shortest(high))
    if high.isFinite {
      add("\(option) \(typed): say a number between \(floor) and \(ceiling).", zh: "\(option) \(typed)：请写 \(floor) 与 \(ceiling) 之间的数。")
    } else if inclusive {
      add("\(option) \(typed): say a number from \(floor).", zh: "\(option) \(typed)：请写不小于 \(floor) 的数。")
    } else {
      add("\(option) \(typed): say a number above \(floor).", zh: "\(option) \(typed)：请写大于 \(floor) 的数。")
    }
    return nil
  }

  /// A whole number in a range; nil when nothing was typed.
  mutating func whole(_ typed: String?, option: String, in range: ClosedRange<Int>) -> Int? {
    guard let typed else { return nil }
    if let value = Int(typed), range.contains(value) { return value }
    let (low, high) = (range.lowerBound, range.upperBound)
    add("\(option) \(typed): say a whole number from \(low) to \(high).", zh: "\(option) \(typed)：请写 \(low) 至 \(high) 的整数。")
    return nil
  }

  /// What random numbers begin with; nil when nothing was typed.
  mutating func seed(_ typed: String?) -> UInt64? {
    guard let typed else { return nil }
    if let value = UInt64(typed) { return value }
    add("--seed \(typed): say a whole number from 0.", zh: "--seed \(typed)：请写非负整数。")
    return nil
  }
}
