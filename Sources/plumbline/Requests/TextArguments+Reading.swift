import Scores

extension TextArguments {
  /// Puts what was typed into the options of a reading.
  func apply(to reading: inout ScoreReadingOptions, _ problems: inout Problems) {
    reading.separator = Self.separator(delimiter, &problems)
    reading.encoding = Self.encoding(encoding, &problems)
    reading.decimalComma = decimalComma
  }

  private static func separator(_ typed: String?, _ problems: inout Problems) -> Character? {
    guard let typed else { return nil }
    let names: [String: Character] = ["comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "bar": "|", "pipe": "|"]
    if let character = names[typed] { return character }
    if typed.count == 1, let character = typed.first, character.isASCII, !character.isLetter, !character.isNumber, character != "\"",
      !character.isNewline
    {
      return character
    }
    problems.add(
      "--delimiter \(typed): say comma, tab, semicolon, bar or a single punctuation character.",
      zh: "--delimiter \(typed)：可写 comma、tab、semicolon、bar 或单个标点字符。")
    return nil
  }

  private static func encoding(_ typed: String?, _ problems: inout Problems) -> TextEncoding? {
    switch typed?.lowercased() {
    case nil: return nil
    case "utf-8", "utf8": return .utf8
    case "utf-16le": return .utf16LittleEndian
    case "utf-16be": return .utf16BigEndian
    // Which of the two is told by the byte order mark or by the text itself.
    case "utf-16", "utf16": return nil
    case "gb18030", "gbk", "gb2312", "cp936": return .gb18030
    case let other?:
      problems.add(
        "--encoding \(other): say utf-8, utf-16, utf-16le, utf-16be or gb18030.",
        zh: "--encoding \(other)：可用 utf-8、utf-16、utf-16le、utf-16be 或 gb18030。")
      return nil
    }
  }
}
