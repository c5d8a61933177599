/// The score sheets of a campaign in the order they were submitted: who scored whom on which criteria.
struct Sheets: Sendable {
  var rater: [UInt32] = []
  var unit: [UInt32] = []
  /// The first criterion of the sheet; a sheet's criteria are consecutive.
  var firstCriterion: [UInt32] = []
  /// Where the sheet's scores begin; one more entry than there are sheets.
  var start: [Int] = [0]

  var count: Int { rater.count }
  var scores: Int { start[count] }

  mutating func reserve(_ capacity: Int) {
    rater.reserveCapacity(capacity)
    unit.reserveCapacity(capacity)
    firstCriterion.reserveCapacity(capacity)
    start.reserveCapacity(capacity + 1)
  }

  mutating func append(rater r: UInt32, unit u: UInt32, criteria: Range<Int>) {
    rater.append(r)
    unit.append(u)
    firstCriterion.append(UInt32(criteria.lowerBound))
    start.append(start[count - 1] + criteria.count)
  }

  /// The sheets at `order`, in that order.
  func picked(_ order: [Int]) -> Sheets {
    var result = Sheets()
    result.reserve(order.count)
    for s in order {
      let first = Int(firstCriterion[s])
      result.append(rater: rater[s], unit: unit[s], criteria: first..<first + start[s + 1] - start[s])
    }
    return result
  }
}
