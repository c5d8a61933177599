import Testing

@testable import Reporting

@Suite struct WrappingTests {
  @Test func `no line is wider than asked`() {
    let text = "考评员 R17 给 County A 的评分比同组其他考评员平均高 6.2 分，预期为 0 分；a-very-long-word-that-fits-nowhere-at-all 🎉🎉🎉🎉🎉。"
    for width in 8...60 {
      let lines = Wrapping.lines(text, width: width)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }

  @Test func `lines break at spaces`() {
    #expect(Wrapping.lines("one two three four", width: 9) == ["one two", "three", "four"])
    #expect(Wrapping.lines("", width: 9) == [""])
  }

  @Test func `no line begins with closing punctuation or ends with opening`() {
    let text = "各组评分（含复核）均已读入，未发现疑点。"
    for width in 8...40 {
      for line in Wrapping.lines(text, width: width).dropFirst() {
        #expect(!"，。）".contains(line.first ?? "x"))
      }
      for line in Wrapping.lines(text, width: width) { #expect(line.last != "（") }
    }
  }
}
