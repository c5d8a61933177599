import Testing

@testable import Reporting

@Suite struct DisplayWidthTests {
  /// Widths by EastAsianWidth.txt and emoji-data.txt of Unicode 16.
  @Test(arguments: [
    ("plumb", 5), ("准绳", 4), ("甲县A", 5), ("Ｒ１", 4), ("ｶﾅ", 2), ("한글", 4), ("e\u{301}", 1), ("👍🏽", 2), ("🇨🇳", 2), ("👨‍👩‍👧", 2), ("❤️", 2), ("→", 1),
    ("𠀋", 2), ("", 0), ("，", 2), ("é", 1), ("Ω", 1), ("☰", 2),
  ]) func `columns of a text`(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }
}
