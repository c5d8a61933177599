/// The names several parsers met for one thing, decoded, without repeats, and sorted by their UTF-8 bytes.
struct MergedNames: Sendable {
  private(set) var names: [String] = []
  /// The place in `names` of each parser's codes.
  private(set) var places: [[UInt32]] = []
  /// Names that are not valid in the encoding of the file, with the place where each was first seen.
  private(set) var invalid: [(bytes: ArraySlice<UInt8>, position: Position)] = []

  init(_ interners: [Interner], encoding: TextEncoding) {
    var merged = Interner()
    var codes: [[UInt32]] = []
    for interner in interners {
      var mine: [UInt32] = []
      mine.reserveCapacity(interner.count)
      for code in 0..<interner.count {
        let name = interner.name(code)
        let position = interner.firstSeen[code]
        if encoding == .utf8 {
          if !MergedNames.isASCII(name), encoding.decode(name) == nil { invalid.append((name, position)) }
          let span = name.span
          mine.append(merged.code(span, 0, span.count, at: position))
        } else if let text = encoding.decode(name) {
          mine.append(merged.code(Array(text.utf8), at: position))
        } else {
          invalid.append((name, position))
          mine.append(merged.code(Array(name), at: position))
        }
      }
      codes.append(mine)
    }
    let order = MergedNames.order(merged)
    var rank = [UInt32](repeating: 0, count: order.count)
    for (place, code) in order.enumerated() { rank[Int(code)] = UInt32(place) }
    names = order.map { String(decoding: merged.name(Int($0)), as: UTF8.self) }
    places = codes.map { $0.map { rank[Int($0)] } }
  }

  private static func isASCII(_ name: ArraySlice<UInt8>) -> Bool { name.allSatisfy { $0 < 0x80 } }

  /// The codes in the order of their names' bytes. The first eight bytes decide nearly always.
  private static func order(_ interner: Interner) -> [UInt32] {
    struct Key {
      var prefix: UInt64
      var code: UInt32
    }
    var keys: [Key] = []
    keys.reserveCapacity(interner.count)
    for code in 0..<interner.count {
      let name = interner.name(code)
      var prefix: UInt64 = 0
      for k in 0..<8 {
        let index = name.startIndex + k
        prefix = prefix << 8 | (index < name.endIndex ? UInt64(name[index]) : 0)
      }
      keys.append(Key(prefix: prefix, code: UInt32(code)))
    }
    keys.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      return interner.name(Int(a.code)).lexicographicallyPrecedes(interner.name(Int(b.code)))
    }
    return keys.map(\.code)
  }
}
