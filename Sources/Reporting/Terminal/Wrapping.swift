/// Breaks text into lines of a given number of columns.
///
/// Lines break at spaces and between wide characters (Chinese is written without spaces), never before closing punctuation or after
/// opening punctuation; a word that is longer than a line is cut.
public enum Wrapping {
  /// Lines are never narrower than this.
  static let narrowest = 4

  public static func lines(_ text: String, width: Int) -> [String] {
    let width = max(width, narrowest)
    var lines: [String] = []
    var line = ""
    var used = 0
    var pendingSpace = false
    for piece in pieces(of: text) {
      if piece == " " {
        pendingSpace = used > 0
        continue
      }
      let needed = DisplayWidth.of(piece)
      let gap = pendingSpace ? 1 : 0
      if used > 0 && used + gap + needed > width {
        lines.append(line)
        line = ""
        used = 0
      } else if pendingSpace {
        line += " "
        used += 1
      }
      pendingSpace = false
      if needed <= width {
        line += piece
        used += needed
        continue
      }
      for character in piece {
        let columns = DisplayWidth.of(character)
        if used + columns > width {
          lines.append(line)
          line = ""
          used = 0
        }
        line.append(character)
        used += columns
      }
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// The width below which something would be cut that should not be.
  static func widestPiece(of text: String) -> Int { pieces(of: text).map { DisplayWidth.of($0) }.max() ?? 0 }

  /// What may not be broken: spaces alone, words, and wide characters together with the punctuation that clings to them.
  private static func pieces(of text: String) -> [Substring] {
    var pieces: [Substring] = []
    var start = text.startIndex
    var previous: Character?
    for index in text.indices {
      let character = text[index]
      if let previous, breaks(between: previous, and: character) {
        pieces.append(text[start..<index])
        start = index
      }
      previous = character
    }
    if start < text.endIndex { pieces.append(text[start...]) }
    return pieces
  }

  private static func breaks(between a: Character, and b: Character) -> Bool {
    if a == " " || b == " " { return true }
    guard DisplayWidth.of(a) == 2 || DisplayWidth.of(b) == 2 else { return false }
    return !closing.contains(b) && !opening.contains(a)
  }

  private static let closing = Set<Character>("，。、；：？！）》」』】〕”’…—％%,.;:?!)]}")
  private static let opening = Set<Character>("（《「『【〔“‘([{")
}
