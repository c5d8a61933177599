import Foundation
import Scores
import Testing

/// The same table in every dress.
@Suite struct Formats {
  let text = "考评员,单位,指标,得分\n张,\"甲县, 城区\",作风,9.5\n李,一县,作风,8\n李,\"多行\n名\",作风,7\n"

  private func expectSame(_ bytes: [UInt8], _ encoding: TextEncoding, _ comment: Comment) throws {
    let reading = try read(bytes) { $0.chunkSize = 40 }
    #expect(reading.encoding == encoding, comment)
    #expect(
      rows(reading.table) == [
        Row(unit: "一县", rater: "李", criterion: "作风", score: 8), Row(unit: "多行\n名", rater: "李", criterion: "作风", score: 7),
        Row(unit: "甲县, 城区", rater: "张", criterion: "作风", score: 9.5),
      ], comment)
  }

  @Test func encodings() throws {
    let utf8 = Array(text.utf8)
    try expectSame(utf8, .utf8, "UTF-8")
    try expectSame([0xEF, 0xBB, 0xBF] + utf8, .utf8, "UTF-8 with mark")
    let little = Array(try #require(text.data(using: .utf16LittleEndian)))
    let big = Array(try #require(text.data(using: .utf16BigEndian)))
    try expectSame([0xFF, 0xFE] + little, .utf16LittleEndian, "UTF-16LE with mark")
    try expectSame([0xFE, 0xFF] + big, .utf16BigEndian, "UTF-16BE with mark")
    try expectSame(little, .utf16LittleEndian, "UTF-16LE")
    try expectSame(big, .utf16BigEndian, "UTF-16BE")
    try expectSame(Array(try #require(text.data(using: gb18030))), .gb18030, "GB18030")
  }

  @Test func characterBeyondTheBasicPlane() throws {
    let data = try #require("rater,unit,score\n𠮷,u,1\n".data(using: .utf16LittleEndian))
    #expect(try read([0xFF, 0xFE] + data).table.raters.map(\.name) == ["𠮷"])
    let gb = try #require("rater,unit,score\n𠮷,u,1\n".data(using: gb18030))
    #expect(try read(Array(gb)).table.raters.map(\.name) == ["𠮷"])
  }

  @Test func namesInGB18030UnderAnASCIIHeader() throws {
    let data = try #require("rater,unit,score\n甲,乙县,１２．５\n丙,乙县,缺考\n".data(using: gb18030))
    let reading = try read(Array(data)) { $0.encoding = .gb18030 }
    #expect(reading.table.score == [12.5] && reading.missingCount == 1)
    let seen = try #require("rater,unit,score\n甲,乙县,1\n丙,丁县,2\n".data(using: gb18030))
    #expect(try read(Array(seen)).encoding == .gb18030)
    #expect(try read(Array(seen)).table.raters.map(\.name) == ["丙", "甲"])
  }

  @Test(arguments: ["\n", "\r\n", "\r"]) func lineEnds(_ end: String) throws {
    let reading = try read(["rater,unit,score", "r,u,1", "", "s,u,2"].joined(separator: end))
    #expect(reading.table.score == [1, 2])
    #expect(reading.table.line == [2, 4])
  }

  @Test(arguments: [",", "\t", ";", "|"]) func separators(_ separator: String) throws {
    let text = ["rater,unit,score", "r,u,1", "s,u,2,"].joined(separator: "\n").replacing(",", with: separator)
    let reading = try read(text)
    #expect(String(reading.separator) == separator)
    #expect(reading.table.score == [1, 2])
  }

  @Test func pointsWhereADecimalCommaIsExpected() throws {
    let text = "rater;unit;score\nr;u;7.25\n"
    let found = problems(text)
    #expect(found.map(\.kind) == [.decimalPoint])
    #expect(found[0].remedy.en == "Write a comma, or say --no-decimal-comma.")
    #expect(try read(text) { $0.decimalComma = false }.table.score == [7.25])
    #expect(problems("rater;unit;score\nr;u;1.234,5\n").map(\.kind) == [.notANumber])
  }

  @Test(arguments: ["1000000000001", "99999999999999", "-1e13", "1e300", "1e309"]) func numbersThatNobodyScores(_ text: String) {
    #expect(problems("rater,unit,score\nr,u,\(text)\n").map(\.kind) == [.notFinite])
  }

  @Test func decimalCommasWhereTheSeparatorIsASemicolon() throws {
    #expect(try read("rater;unit;score\nr;u;7,25\n").table.score == [7.25])
    #expect(problems("rater\tunit\tscore\nr\tu\t7,25\n").map(\.kind) == [.decimalComma])
    #expect(try read("rater\tunit\tscore\nr\tu\t7,25\n") { $0.decimalComma = true }.table.score == [7.25])
  }

  @Test func trailingSeparatorsAndQuotedHeaders() throws {
    #expect(try read("\"rater\",\"unit\",\"score\",\nr,u,1,\n").table.score == [1])
  }
}

@Suite struct Numbers {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("5.", 5), (".5", 0.5), ("+3", 3), ("-2.50", -2.5), ("0.1", 0.1), ("80.5", 80.5), ("1e2", 100),
      ("1.5E-3", 0.0015),
      ("1234567890.12345", 1_234_567_890.12345), ("0.30000000000000004", 0.30000000000000004), ("900719925.4740993", 900719925.4740993),
      ("1000000000000", 1e12),
      ("１２．５", 12.5), ("−3", -3), ("5.e1", 50),
    ] as [(String, Double)])
  func areExact(_ text: String, _ value: Double) throws {
    let score = try read("rater,unit,score\nr,u,\(text)\n").table.score
    #expect(score == [value])
    #expect(score[0].sign == value.sign)
  }

  @Test func agreeWithTheStandardLibrary() throws {
    var random = TestRandom(state: 3)
    let texts = (0..<5000).map { _ in
      let digits = String(UInt64.random(in: 0..<10_000_000_000_000_000_000, using: &random)).prefix(Int.random(in: 1...18, using: &random))
      let point = Int.random(in: 0...min(12, digits.count), using: &random)
      return digits.prefix(point) + "." + digits.dropFirst(point)
    }
    let table = try read("rater,unit,score\n" + texts.enumerated().map { "r,u\($0),\($1)\n" }.joined()).table
    var expected: [String: Double] = [:]
    for (k, text) in texts.enumerated() { expected["u\(k)"] = Double("0" + text + "0") }
    for u in table.units.indices { #expect(table.score[u] == expected[table.units[u].name]) }
  }

  @Test(arguments: ["NaN", "inf", "-Infinity", "1e999"]) func thatAreNotFiniteAreRefused(_ text: String) {
    #expect(problems("rater,unit,score\nr,u,\(text)\n").map(\.kind) == [.notFinite])
  }

  @Test(arguments: ["0x10", "5 points", "1.2.3", "1e", "--1", "five", "90%", "=1+1", "1e5e5", "+-1", "1_000"])
  func thatAreNoneAreRefused(_ text: String) {
    #expect(problems("rater,unit,score\nr,u,\(text)\n").map(\.kind) == [.notANumber])
  }
}
