/// Text that cannot drive a terminal or reorder what stands around it.
public enum VisibleText {
  /// The text with every control character (C0, DEL, C1), line and paragraph separator, bidirectional control and invisible format
  /// character written out as `\u{…}`, so that a name holding an escape sequence shows as what it is.
  ///
  /// Kept as they are: the joiners U+200C and U+200D, which scripts and emoji need, and the variation selectors. More than four combining
  /// marks in a row are written out from the fifth on, so that a name cannot climb over its neighbours.
  public static func of(_ text: String) -> String {
    var marks = 0
    var suspicious = false
    for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar.value >= 0x7F {
      if hides(scalar, &marks) {
        suspicious = true
        break
      }
    }
    guard suspicious else { return text }
    var visible = String.UnicodeScalarView()
    marks = 0
    for scalar in text.unicodeScalars {
      if hides(scalar, &marks) {
        visible.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
      } else {
        visible.append(scalar)
      }
    }
    return String(visible)
  }

  /// The text cut to `columns`, with a mark where something is missing and how many characters that is.
  static func shortened(_ text: String, to columns: Int) -> String {
    guard text.utf8.count > columns else { return text }
    var used = 0
    var end = text.startIndex
    while end < text.endIndex {
      used += DisplayWidth.of(text[end])
      if used > columns { break }
      end = text.index(after: end)
    }
    guard end < text.endIndex else { return text }
    return text[..<end] + "…(+\(Figures.count(text[end...].count)))"
  }

  private static func hides(_ scalar: Unicode.Scalar, _ marks: inout Int) -> Bool {
    let category = scalar.properties.generalCategory
    if category == .nonspacingMark || category == .enclosingMark {
      marks += 1
      return marks > 4
    }
    marks = 0
    switch category {
    case .control, .lineSeparator, .paragraphSeparator: return true
    case .format: return scalar.value != 0x200C && scalar.value != 0x200D
    default: return false
    }
  }
}
