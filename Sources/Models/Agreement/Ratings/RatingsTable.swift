/// Ratings of units by raters, at most one of each unit by each rater; any may be missing.
///
/// Held by unit: the ratings of unit u are at `unitStart[u] ..< unitStart[u + 1]`, in ascending order of rater. Every value also has a
/// category, its place among `categories`. Building costs O(N) for N ratings and few distinct values, O(N log N) for many.
public struct RatingsTable: Sendable {
  /// Units and raters, also those without ratings.
  public let units: Int
  public let raters: Int
  public let unitStart: [Int]
  public let rater: [Int32]
  public let value: [Double]
  /// The distinct values in ascending order, or those that were given.
  public let categories: [Double]
  public let category: [Int32]

  /// Number of ratings.
  public var count: Int { value.count }

  /// - Parameters:
  ///   - units, raters: one code a rating.
  ///   - values: one a rating; NaN where it is missing. Names of categories are to be coded as numbers by the caller.
  ///   - categories: all values that may occur, when chance agreement must also count those that do not; the values that occur when nil.
  /// - Throws: `wrongLength`, `codeOutOfRange`, `notFinite`, `notACategory`, `repeatedRating`.
  public init(
    units: GroupingFactor, raters: GroupingFactor, values: [Double], categories: [Double]? = nil
  ) throws(AgreementError) {
    let n = values.count
    for factor in [units, raters] {
      if factor.codes.count != n { throw .wrongLength(of: factor.name, count: factor.codes.count, expected: n) }
      let levels = Int32(clamping: factor.levels)
      for (i, code) in factor.codes.enumerated() where code < 0 || code >= levels {
        throw .codeOutOfRange(factor: factor.name, observation: i)
      }
    }
    for (i, value) in values.enumerated() where value.isInfinite { throw .notFinite(observation: i) }
    let order = RatingsTable.order(units, raters, values)
    var rater = [Int32](repeating: 0, count: order.count)
    var value = [Double](repeating: 0, count: order.count)
    var start = [Int](repeating: 0, count: units.levels + 1)
    var last: (unit: Int32, rater: Int32) = (-1, -1)
    for (place, i) in order.enumerated() {
      let (u, r) = (units.codes[Int(i)], raters.codes[Int(i)])
      if last == (u, r) { throw .repeatedRating(unit: Int(u), rater: Int(r)) }
      last = (u, r)
      rater[place] = r
      // Adding zero makes −0 the same category as 0.
      value[place] = values[Int(i)] + 0
      start[Int(u) + 1] += 1
    }
    for u in 0..<units.levels { start[u + 1] += start[u] }
    let coding = CategoryCoding(value)
    if let categories {
      let sorted = Set(categories).sorted()
      var position: [Double: Int32] = [:]
      for (i, category) in sorted.enumerated() { position[category] = Int32(i) }
      for category in coding.categories where position[category] == nil {
        throw .notACategory(value: category, observation: values.firstIndex(of: category) ?? 0)
      }
      self.categories = sorted
      category = coding.codes.map { position[coding.categories[Int($0)]]! }
    } else {
      self.categories = coding.categories
      category = coding.codes
    }
    self.units = units.levels
    self.raters = raters.levels
    self.unitStart = start
    self.rater = rater
    self.value = value
  }

  /// Parts that already fit together.
  init(
    units: Int, raters: Int, unitStart: [Int], rater: [Int32], value: [Double], categories: [Double], category: [Int32]
  ) {
    (self.units, self.raters, self.unitStart, self.rater) = (units, raters, unitStart, rater)
    (self.value, self.categories, self.category) = (value, categories, category)
  }

  /// Indices of the ratings that are there, by unit and then rater: two counting sorts, or none where the order is right already.
  private static func order(_ units: GroupingFactor, _ raters: GroupingFactor, _ values: [Double]) -> [Int32] {
    var present: [Int32] = []
    present.reserveCapacity(values.count)
    var ordered = true
    var last: (Int32, Int32) = (-1, -1)
    for i in values.indices where !values[i].isNaN {
      let key = (units.codes[i], raters.codes[i])
      if key < last { ordered = false }
      last = key
      present.append(Int32(i))
    }
    if ordered { return present }
    return countingSort(countingSort(present, by: raters.codes, levels: raters.levels), by: units.codes, levels: units.levels)
  }
}

/// Stable sort of indices by their code.
func countingSort(_ indices: [Int32], by codes: [Int32], levels: Int) -> [Int32] {
  var next = [Int](repeating: 0, count: levels + 1)
  for i in indices { next[Int(codes[Int(i)]) + 1] += 1 }
  for level in 0..<levels { next[level + 1] += next[level] }
  var sorted = [Int32](repeating: 0, count: indices.count)
  for i in indices {
    let code = Int(codes[Int(i)])
    sorted[next[code]] = i
    next[code] += 1
  }
  return sorted
}
