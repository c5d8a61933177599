/// How often each category was given to a unit, with units that got the same gathered into one pattern.
///
/// What coefficients that do not care who rated need of a table. Five categories and up to ten raters make at most 3,003 patterns, however
/// many units: a bootstrap resample is then a weight for each pattern. Pattern p holds `category[i]`, `times[i]` for i in `start[p] ..<
/// start[p + 1]`, categories ascending. Units without ratings have no pattern.
public struct RatingPatterns: Sendable {
  public let categories: [Double]
  let start: [Int]
  let category: [Int32]
  let times: [Double]
  /// Ratings in each pattern.
  let size: [Double]
  /// Units with each pattern.
  let multiplicity: [Double]
  /// The pattern of each unit; −1 for a unit without ratings.
  let ofUnit: [Int32]

  var count: Int { size.count }

  public init(_ table: RatingsTable) {
    var builder = PatternBuilder()
    var counts = [Int32](repeating: 0, count: table.categories.count)
    var row: [(Int32, Int32)] = []
    for u in 0..<table.units {
      row.removeAll(keepingCapacity: true)
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        let c = table.category[i]
        if counts[Int(c)] == 0 { row.append((c, 0)) }
        counts[Int(c)] += 1
      }
      for i in row.indices {
        let c = Int(row[i].0)
        row[i].1 = counts[c]
        counts[c] = 0
      }
      sort(&row)
      builder.add(row)
    }
    self.init(builder, categories: table.categories)
  }

  /// From counts alone, where it is not known who rated.
  /// - Parameter counts: a row a unit, how often it got each category; not negative.
  public init(counts: [[Int]], categories: [Double]) {
    var builder = PatternBuilder()
    for row in counts {
      precondition(row.count == categories.count && row.allSatisfy { $0 >= 0 }, "one count, not negative, a category")
      builder.add(row.enumerated().filter { $1 > 0 }.map { (Int32($0), Int32($1)) })
    }
    self.init(builder, categories: categories)
  }

  private init(_ builder: PatternBuilder, categories: [Double]) {
    self.categories = categories
    (start, category, ofUnit, multiplicity) = (builder.start, builder.category, builder.ofUnit, builder.multiplicity)
    times = builder.times.map(Double.init)
    var size: [Double] = []
    size.reserveCapacity(builder.multiplicity.count)
    for p in builder.multiplicity.indices {
      var sum = 0.0
      for i in builder.start[p]..<builder.start[p + 1] { sum += Double(builder.times[i]) }
      size.append(sum)
    }
    self.size = size
  }
}

/// Insertion sort: a panel gives few distinct categories.
private func sort(_ row: inout [(Int32, Int32)]) {
  if row.count > 40 { return row.sort { $0.0 < $1.0 } }
  for i in row.indices.dropFirst() {
    var j = i
    while j > 0 && row[j - 1].0 > row[j].0 {
      row.swapAt(j, j - 1)
      j -= 1
    }
  }
}

/// Gathers equal rows through a table of hashes; patterns are numbered in the order of their first unit.
private struct PatternBuilder {
  var start = [0]
  var category: [Int32] = []
  var times: [Int32] = []
  var multiplicity: [Double] = []
  var ofUnit: [Int32] = []
  private var slots = [Int32](repeating: -1, count: 256)
  private var hashes: [UInt64] = []

  mutating func add(_ row: [(Int32, Int32)]) {
    if row.isEmpty {
      ofUnit.append(-1)
      return
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for (c, t) in row { hash = (hash ^ (UInt64(UInt32(bitPattern: c)) << 32 | UInt64(UInt32(bitPattern: t)))) &* 0x9E37_79B9_7F4A_7C15 }
    hash ^= hash >> 29
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 && !isPattern(Int(slots[slot]), hash, row) { slot = (slot + 1) & (slots.count - 1) }
    if slots[slot] >= 0 {
      multiplicity[Int(slots[slot])] += 1
      ofUnit.append(slots[slot])
      return
    }
    slots[slot] = Int32(multiplicity.count)
    ofUnit.append(slots[slot])
    multiplicity.append(1)
    hashes.append(hash)
    for (c, t) in row {
      category.append(c)
      times.append(t)
    }
    start.append(category.count)
    if multiplicity.count * 2 > slots.count { grow() }
  }

  private func isPattern(_ p: Int, _ hash: UInt64, _ row: [(Int32, Int32)]) -> Bool {
    guard hashes[p] == hash, start[p + 1] - start[p] == row.count else { return false }
    for (k, (c, t)) in row.enumerated() where category[start[p] + k] != c || times[start[p] + k] != t { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (p, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(p)
    }
  }
}
