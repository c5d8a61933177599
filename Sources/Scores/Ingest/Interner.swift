/// Gives every distinct byte string a code, 0, 1, 2… in order of first appearance.
///
/// Open addressing over a byte arena: no `String` and no allocation per look-up. Consecutive rows of a score file often repeat the same
/// name or go through names in the same order, so the last answer and the one that followed it last time are compared first. Strings of
/// up to eight bytes are their own key and need no byte comparison.
struct Interner: Sendable {
  /// Where each string was first seen.
  private(set) var firstSeen: [Position] = []
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var keys: [UInt64] = []
  private var slots: [UInt32] = Array(repeating: 0, count: 64)
  /// The code that came after each code last time.
  private var successors: [UInt32] = []
  private var lastKey: UInt64 = 0
  private var lastLength = -1
  private var lastCode: UInt32 = 0

  var count: Int { keys.count }

  /// The code of `text[start ..< end]`, made when it is new.
  mutating func code(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, at position: Position) -> UInt32 {
    let length = end &- start
    let key = Interner.key(text, start, end)
    if key == lastKey && length == lastLength && (length <= 8 || equals(lastCode, text, start)) { return lastCode }
    var code: UInt32
    if lastLength >= 0 {
      code = successors[Int(lastCode)]
      if keys[Int(code)] != key || starts[Int(code) &+ 1] &- starts[Int(code)] != length || length > 8 && !equals(code, text, start) {
        code = find(key, text, start, end, at: position)
        successors[Int(lastCode)] = code
      }
    } else {
      code = find(key, text, start, end, at: position)
    }
    lastKey = key
    lastLength = length
    lastCode = code
    return code
  }

  mutating func code(_ name: [UInt8], at position: Position) -> UInt32 {
    code(name.span, 0, name.count, at: position)
  }

  func name(_ code: Int) -> ArraySlice<UInt8> { bytes[starts[code]..<starts[code + 1]] }

  /// For a string of up to eight bytes the bytes themselves; for a longer one a mixed hash of its eight-byte words.
  @inline(__always)
  private static func key(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
    var word: UInt64 = 0
    var i = start
    if end &- start <= 8 {
      while i < end {
        word = word &<< 8 | UInt64(text[i])
        i &+= 1
      }
      return word
    }
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    var filled = 0
    while i < end {
      word = word &<< 8 | UInt64(text[i])
      i &+= 1
      filled &+= 1
      if filled == 8 {
        hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash &>> 32
        word = 0
        filled = 0
      }
    }
    hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash &>> 29
  }

  @inline(__always)
  private func slot(of key: UInt64, length: Int) -> Int {
    let mixed = (key ^ UInt64(truncatingIfNeeded: length) &<< 56) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: (mixed ^ mixed &>> 32)) & (slots.count &- 1)
  }

  private func equals(_ code: UInt32, _ text: borrowing Span<UInt8>, _ start: Int) -> Bool {
    var a = starts[Int(code)]
    let end = starts[Int(code) + 1]
    var b = start
    while a < end {
      if bytes[a] != text[b] { return false }
      a &+= 1
      b &+= 1
    }
    return true
  }

  @inline(never)
  private mutating func find(_ key: UInt64, _ text: borrowing Span<UInt8>, _ start: Int, _ end: Int, at position: Position) -> UInt32 {
    let length = end &- start
    var at = slot(of: key, length: length)
    while slots[at] != 0 {
      let code = slots[at] &- 1
      if keys[Int(code)] == key, starts[Int(code) + 1] &- starts[Int(code)] == length, length <= 8 || equals(code, text, start) {
        return code
      }
      at = (at &+ 1) & (slots.count &- 1)
    }
    let code = UInt32(keys.count)
    slots[at] = code + 1
    keys.append(key)
    for i in start..<end { bytes.append(text[i]) }
    starts.append(bytes.count)
    firstSeen.append(position)
    successors.append(code)
    if keys.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for code in keys.indices {
      var at = slot(of: keys[code], length: starts[code + 1] - starts[code])
      while slots[at] != 0 { at = (at &+ 1) & (slots.count &- 1) }
      slots[at] = UInt32(code) + 1
    }
  }
}

/// A place in a file that is read in chunks by several threads: the chunk, and the line within it from 0. Ordered as in the file.
struct Position: Sendable, Comparable, Hashable {
  private var packed: UInt64

  init(chunk: Int, line: Int) { packed = UInt64(chunk) << 32 | UInt64(UInt32(truncatingIfNeeded: line)) }

  var chunk: Int { Int(packed >> 32) }
  var line: Int { Int(packed & 0xFFFF_FFFF) }

  static func < (a: Position, b: Position) -> Bool { a.packed < b.packed }
}
