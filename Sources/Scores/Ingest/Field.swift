/// A field's bytes in a text.
struct Field {
  var start: Int
  var end: Int
}

/// Blanks and line ends; other control characters are not taken away unseen.
@inline(__always)
private func isBlank(_ b: UInt8) -> Bool { b <= 0x20 && (b == 0x20 || b &- 9 < 5) }

/// Without blanks at either end: ASCII ones, the no-break space and the ideographic space of Chinese input methods (in UTF-8 or GB18030).
@inline(__always)
func trimmed(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Field {
  var s = start
  var e = end
  while s < e, isBlank(text[s]) { s &+= 1 }
  while e > s, isBlank(text[e &- 1]) { e &-= 1 }
  if s < e, text[s] >= 0x80 || text[e &- 1] >= 0x80 { return trimmedWide(text, s, e) }
  return Field(start: s, end: e)
}

@inline(never)
private func trimmedWide(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Field {
  var s = start
  var e = end
  while s < e {
    if isBlank(text[s]) {
      s += 1
    } else if e - s >= 3, text[s] == 0xE3, text[s + 1] == 0x80, text[s + 2] == 0x80 {
      s += 3
    } else if e - s >= 2, text[s] == 0xC2 && text[s + 1] == 0xA0 || text[s] == 0xA1 && text[s + 1] == 0xA1 {
      s += 2
    } else {
      break
    }
  }
  while s < e {
    if isBlank(text[e - 1]) {
      e -= 1
    } else if e - s >= 3, text[e - 3] == 0xE3, text[e - 2] == 0x80, text[e - 1] == 0x80 {
      e -= 3
    } else if e - s >= 2, text[e - 2] == 0xC2 && text[e - 1] == 0xA0 {
      e -= 2
    } else {
      break
    }
  }
  return Field(start: s, end: e)
}

/// Whether a field holds these bytes.
@inline(__always)
func equal(_ bytes: [UInt8], _ text: borrowing Span<UInt8>, _ field: Field) -> Bool {
  guard bytes.count == field.end &- field.start else { return false }
  for i in bytes.indices where bytes[i] != text[field.start &+ i] { return false }
  return true
}

/// Whether there is nothing in a field but blanks.
@inline(__always)
func isBlankText(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
  // Nearly always the first byte decides.
  if start < end, text[start] > 0x20, text[start] < 0x80 { return false }
  let field = trimmed(text, start, end)
  return field.start == field.end
}
