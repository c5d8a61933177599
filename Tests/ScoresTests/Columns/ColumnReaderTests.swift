import Scores
import Testing

@Suite struct ColumnReaderTests {
  static let text = "y,group,level,note\n3.5,b,10,x\n1,a,2,\nNA,a,10,y\n2,b,2,缺考\n"

  private func read(_ text: String, _ choices: [ColumnChoice], _ change: (inout ScoreReadingOptions) -> Void = { _ in }) throws
    -> ColumnReader.Reading
  {
    var options = ScoreReadingOptions()
    change(&options)
    return try ColumnReader.read(.bytes(Array(text.utf8), name: "test.csv"), options: options) { _ in choices }
  }

  private func numbers(_ table: ColumnTable, _ header: String) -> [Double] {
    if case .numbers(let values)? = table[header]?.values { values } else { [] }
  }

  private func names(_ table: ColumnTable, _ header: String) -> [String?] {
    guard case .factor(let factor)? = table[header]?.values else { return [] }
    return factor.codes.map { $0 < 0 ? nil : factor.names[Int($0)] }
  }

  @Test func numbersAndNames() throws {
    let table = try read(Self.text, [ColumnChoice("y", .numbers), ColumnChoice("group"), ColumnChoice("level")]).table
    #expect(names(table, "group") == ["a", "a", "b", "b"])
    #expect(numbers(table, "level") == [2, 10, 2, 10])
    #expect(numbers(table, "y").map { $0.isNaN ? -1 : $0 } == [1, -1, 2, 3.5])
    #expect(table.line == [3, 4, 5, 2] && table["y"]?.missing == 1)
    let (whole, dropped) = table.complete()
    #expect(dropped == 1 && numbers(whole, "y") == [1, 2, 3.5] && whole.line == [3, 5, 2])
  }

  @Test func factorsOfNumbersAreInNumericOrder() throws {
    let table = try read("g,y\n10,1\n9,2\n2,3\n", [ColumnChoice("g", .factor), ColumnChoice("y", .numbers)]).table
    #expect(names(table, "g") == ["2", "9", "10"] && numbers(table, "y") == [3, 2, 1])
  }

  @Test func rowOrderDoesNotMatter() throws {
    let header = "y,a,b\n"
    var random = TestRandom(state: 7)
    var rows = (0..<300).map { "\(($0 * 7) % 11),\(["x", "y", "z"][$0 % 3]),\($0 % 7)\n" }
    let choices = [ColumnChoice("y", .numbers), ColumnChoice("a"), ColumnChoice("b", .factor)]
    let first = try read(header + rows.joined(), choices).table
    rows.shuffle(using: &random)
    let second = try read(header + rows.joined(), choices) { $0.chunkSize = 64 }.table
    #expect(first.columns == second.columns && first.count == 300)
  }

  @Test func everythingWrongAtOnce() throws {
    do {
      _ = try read("y,g\nx,a\n1,b\n\"2,5\",c\nNaN,d\n3\n", [ColumnChoice("y", .numbers), ColumnChoice("g")])
      Issue.record("read")
    } catch let error as ScoreReadingError {
      #expect(error.problems.map(\.kind) == [.notANumber, .decimalComma, .notFinite, .tooFewFields(found: 1, expected: 2)])
      #expect(error.problems.map(\.line) == [2, 4, 5, 6])
      #expect(error.problems.map(\.text) == ["x", "2,5", "NaN", "3"])
      #expect(error.description.contains("line 6: the record has 1 fields, the header 2: “3”"))
    }
  }

  @Test func unknownColumnsAreNamed() throws {
    do {
      _ = try read(Self.text, [ColumnChoice("z"), ColumnChoice("w")])
      Issue.record("read")
    } catch let error as ScoreReadingError {
      #expect(error.problems.map(\.text) == ["z", "w"])
      #expect(error.description.contains("y, group, level, note"))
    }
  }

  @Test func mixedColumnsAreNamesAndSaySo() throws {
    let reading = try read("y,g\n1,1\n2,x\n", [ColumnChoice("y"), ColumnChoice("g")])
    #expect(names(reading.table, "g") == ["1", "x"])
    #expect(reading.notes.map(\.en) == ["column “g” is read as names, because “x” in line 3 is no number"])
  }

  @Test func rolesAreRecognisedOrNamed() throws {
    var seen: [String?] = []
    _ = try ColumnReader.read(.bytes(Array("评委,单位,得分,extra\na,b,1,2\n".utf8), name: "t")) { header in
      seen = [header.header(of: .rater), header.header(of: .unit), header.header(of: .score), header.header(of: .team)]
      return [ColumnChoice("4")]
    }
    #expect(seen == ["评委", "单位", "得分", nil])
  }
}

@Suite struct EndlessFiles {
  /// A device of zeros has no end, and no line end either.
  @Test func zerosAreToldAtOnce() {
    let found = problems([UInt8](repeating: 0, count: 5000)) {
      $0.recordLimit = 1024
      $0.chunkSize = 256
    }
    #expect(found.map(\.kind) == [.binary])
  }

  @Test func aHeaderWithoutEnd() {
    let found = problems([UInt8](repeating: 0x61, count: 300_000)) {
      $0.recordLimit = 2048
      $0.chunkSize = 256
    }
    #expect(found.map(\.kind) == [.recordTooLong(limit: 2048)] && found[0].text?.hasPrefix("aaaa") == true)
  }
}
