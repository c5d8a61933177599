/// The distinct values of a column in ascending order, and each value's place among them.
struct CategoryCoding {
  let categories: [Double]
  let codes: [Int32]

  /// - Parameter values: finite. One pass through a table of hashes, then a sort of the distinct values only.
  init(_ values: [Double]) {
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
