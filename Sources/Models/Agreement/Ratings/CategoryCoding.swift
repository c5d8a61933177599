/// The distinct values of a column in ascending order, and each value's place among them.
struct CategoryCoding {
  let categories: [Double]
  let codes: [Int32]

  /// - Parameter values: finite. Whole numbers of a narrow range are their own place in a table; others pass through a table of hashes.
  /// Only the distinct values are
  ///   sorted.
  init(_ values: [Double]) {
    if let whole = CategoryCoding(whole: values) { self = whole } else { self.init(hashing: values) }
  }

  private init(categories: [Double], codes: [Int32]) { (self.categories, self.codes) = (categories, codes) }

  private init?(whole values: [Double]) {
    guard let low = values.min(), let high = values.max(), high - low < 4096, low == low.rounded(), abs(low) < 1e9 else { return nil }
    var seen = [Int32](repeating: -1, count: Int(high - low) + 1)
    var codes = [Int32](repeating: 0, count: values.count)
    for (i, value) in values.enumerated() {
      let place = Int32(value - low)
      if Double(place) != value - low { return nil }
      seen[Int(place)] = 0
      codes[i] = place
    }
    var categories: [Double] = []
    for place in seen.indices where seen[place] == 0 {
      seen[place] = Int32(categories.count)
      categories.append(low + Double(place))
    }
    if categories.count < seen.count { for i in codes.indices { codes[i] = seen[Int(codes[i])] } }
    self.init(categories: categories, codes: codes)
  }

  private init(hashing values: [Double]) {
    var distinct: [Double] = []
    var codes = [Int32](repeating: 0, count: values.count)
    var slots = [Int32](repeating: -1, count: 64)
    var mask = 63
    for (i, value) in values.enumerated() {
      var slot = CategoryCoding.hash(value) & mask
      while slots[slot] >= 0 && distinct[Int(slots[slot])] != value { slot = (slot + 1) & mask }
      if slots[slot] < 0 {
        slots[slot] = Int32(distinct.count)
        distinct.append(value)
        if distinct.count * 2 > mask {
          mask = mask * 2 + 1
          slots = [Int32](repeating: -1, count: mask + 1)
          for (code, value) in distinct.enumerated() {
            var slot = CategoryCoding.hash(value) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(code)
          }
        }
        codes[i] = Int32(distinct.count - 1)
      } else {
        codes[i] = slots[slot]
      }
    }
    let order = distinct.indices.sorted { distinct[$0] < distinct[$1] }
    var place = [Int32](repeating: 0, count: distinct.count)
    for (position, code) in order.enumerated() { place[code] = Int32(position) }
    for i in codes.indices { codes[i] = place[Int(codes[i])] }
    categories = order.map { distinct[$0] }
    self.codes = codes
  }

  /// Multiplication by 2⁶⁴/φ; the high half is the well mixed one.
  private static func hash(_ value: Double) -> Int {
    Int(truncatingIfNeeded: (value.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}
