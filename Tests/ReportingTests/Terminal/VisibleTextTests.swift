import Testing

@testable import Reporting

@Suite struct VisibleTextTests {
  @Test func `escape sequences show as what they are`() {
    #expect(VisibleText.of("\u{1B}[2JCounty A") == "\\u{1B}[2JCounty A")
    #expect(VisibleText.of("a\u{9B}31mb") == "a\\u{9B}31mb")
    #expect(VisibleText.of("a\r\nb\tc\u{7F}") == "a\\u{D}\\u{A}b\\u{9}c\\u{7F}")
  }

  @Test func `nothing can turn the direction of writing`() {
    #expect(VisibleText.of("A\u{202E}fdp.exe") == "A\\u{202E}fdp.exe")
    #expect(VisibleText.of("A\u{2066}B\u{200B}C") == "A\\u{2066}B\\u{200B}C")
  }

  @Test func `ordinary names stay as they are`() {
    for name in ["County A", "甲县", "Å", "👨‍👩‍👧", "ไทย", "e\u{301}"] { #expect(VisibleText.of(name) == name) }
  }

  @Test func `a tower of marks is taken down`() {
    let tower = "a" + String(repeating: "\u{301}", count: 6)
    #expect(VisibleText.of(tower) == "a" + String(repeating: "\u{301}", count: 4) + "\\u{301}\\u{301}")
  }

  @Test func `a long text is cut and says so`() {
    #expect(VisibleText.shortened(String(repeating: "x", count: 1_000_000), to: 3) == "xxx…(+999,997)")
    #expect(VisibleText.shortened("甲乙丙", to: 5) == "甲乙…(+1)")
    #expect(VisibleText.shortened("甲乙", to: 4) == "甲乙")
  }
}
