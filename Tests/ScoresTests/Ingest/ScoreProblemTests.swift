import Foundation
import Scores
import Testing

@Suite struct BadFiles {
  @Test func emptyOrWithoutRecords() {
    #expect(problems("").map(\.kind) == [.empty])
    #expect(problems("\n \n").map(\.kind) == [.empty])
    #expect(problems("rater,unit,score\n").map(\.kind) == [.headerOnly])
    #expect(problems("rater,unit,score\n\n,,\n").map(\.kind) == [.headerOnly])
    #expect(problems("rater,unit,score\nr,u,NA\n").map(\.kind) == [.noScores(missing: 1)])
  }

  @Test func folderOrNoFile() {
    #expect(throws: ScoreReadingError.self) { try ScoreReader.read(.file("/")) }
    do { _ = try ScoreReader.read(.file("/")) } catch { #expect(error.problems.map(\.kind) == [.isDirectory]) }
    do {
      _ = try ScoreReader.read(.file("/no/such/file.csv"))
      Issue.record("read")
    } catch {
      #expect(error.problems.count == 1)
      if case .unreadable = error.problems[0].kind {} else { Issue.record("\(error)") }
    }
  }

  @Test func binary() {
    #expect(problems([0x50, 0x4B, 0x03, 0x04, 0, 0, 1]).map(\.kind) == [.workbook])
    #expect(problems([0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 1, 0, 0x33]).map(\.kind) == [.binary])
    let late = Array("rater,unit,score\n".utf8) + Array(String(repeating: "r,u,1\n", count: 20_000).utf8) + [0x72, 0, 0x0A]
    let found = problems(late) { $0.chunkSize = 1000 }
    #expect(found.map(\.kind) == [.binary] && found[0].line == 20_002)
    // A zero byte behind one separator does not make it UTF-16.
    #expect(problems(Array("rater,unit,score\nr,u,".utf8) + [0, 0x0A]).map(\.kind) == [.binary])
  }

  @Test func missingColumns() {
    let found = problems("name,value x\na,1\n")
    #expect(found.map(\.kind.role) == [.rater, .unit, .score])
    #expect(found[0].remedy.en.contains("--rater HEADER"))
    #expect(found[0].line == 1)
  }

  @Test func ambiguousAndDuplicateHeaders() {
    #expect(
      problems("judge,assessor,unit,score\na,b,u,1\n").map(\.kind) == [.ambiguousColumn(role: .rater, headers: ["judge", "assessor"])])
    let twice = problems("rater,Rater,unit,score\na,b,u,1\n")
    #expect(twice.map(\.kind) == [.duplicateHeader(other: 1)])
    #expect(twice[0].column == .init(number: 2, header: "Rater"))
    #expect(problems("unit,x,x\nu,1,2\n").map(\.kind) == [.duplicateHeader(other: 2)])
    #expect(problems("rater,unit,score\nr,u,1\n") { $0.columns = [.team: "nobody"] }.map(\.kind.role) == [.team])
    #expect(
      problems("rater,unit,score\nr,u,1\n") { $0.columns = [.rater: "1", .unit: "1"] }.map(\.kind).contains(
        .columnUsedTwice(role: .unit, other: .rater)))
    // Unused columns may well be called the same.
    #expect(problems("rater,unit,score,x,x\nr,u,1,a,b\n").isEmpty)
  }

  @Test func raggedRecords() {
    let found = problems("rater,unit,score\nr,u\nr,u,1,2\nr,u,1\n")
    #expect(found.map(\.kind) == [.tooFewFields(found: 2, expected: 3), .tooManyFields(found: 4, expected: 3)])
    #expect(found.map(\.line) == [2, 3])
  }

  @Test func quotes() {
    let open = problems("rater,unit,score\nr,u,1\nr,\"u,1\nr,u,1\n")
    #expect(open.map(\.kind) == [.unterminatedQuote] && open[0].line == 3 && open[0].column?.header == "unit")
    let after = problems("rater,unit,score\nr,\"u\"x,1\nr,v,2\n")
    #expect(after.map(\.kind) == [.textAfterQuote] && after[0].line == 2 && after[0].text == "\"u\"x")
  }

  @Test func aMillionCharacters() {
    let long = String(repeating: "x", count: 1_000_000)
    let found = problems("rater,unit,score\nr,u,1\nr,\(long),1\nr,v,x\n")
    #expect(found.map(\.kind) == [.fieldTooLong(bytes: 1_000_000, limit: 65536), .notANumber])
    #expect(found[0].text?.count == 61 && found.map(\.line) == [3, 4])
    if case .fieldTooLong = problems("rater,unit,score\(long)\n").first?.kind {} else { Issue.record("no limit in the header") }
    // Without any line end, and in a quotation that is never closed.
    func limited(_ text: String) -> [ScoreProblem] {
      problems(text) {
        $0.chunkSize = 5000
        $0.recordLimit = 100_000
      }
    }
    let cut = limited("rater,unit,score\nr,u,1\n\(long)\n\"\n\(long)\"\nr,u,x\n")
    #expect(cut.map(\.kind) == [.recordTooLong(limit: 100_000), .recordTooLong(limit: 100_000), .notANumber])
    #expect(cut.map(\.line) == [3, 4, 6])
    #expect(limited("rater,unit,score\nr,\"\(long)").map(\.kind) == [.unterminatedQuote])
  }

  @Test func invalidUTF8() {
    let found = problems(Array("考评员,单位,得分\n甲,乙县,1\n丙".utf8) + [0xC3, 0x28] + Array(",乙县,2\n".utf8))
    #expect(found.map(\.kind) == [.wrongEncoding(encoding: .utf8)])
    #expect(found[0].line == 3 && found[0].column?.number == 1)
  }

  @Test func conflicts() {
    let text = "rater,unit,score,team,unit_group\nr,u,1,T1,A\ns,u,1,T1,B\nr,u,2,T2,A\nr,v,2,T2,A\ns,v,1,,\n"
    for (threads, chunk) in [(1, 1 << 20), (2, 20)] {
      let found = problems(text) {
        $0.threads = threads
        $0.chunkSize = chunk
      }
      #expect(
        found.map(\.kind) == [
          .conflict(owner: .unit, name: "u", role: .unitGroup, first: "A", firstLine: 2),
          .conflict(owner: .rater, name: "r", role: .team, first: "T1", firstLine: 2),
        ])
      #expect(found.map(\.line) == [3, 4])
    }
  }

  @Test func blankNames() {
    let found = problems("rater,unit,criterion,score\n,u,c,1\n ,\u{3000},c,2\nr,u,,3\n,,,\n")
    #expect(
      found.map(\.kind) == [.blankName(role: .rater), .blankName(role: .rater), .blankName(role: .unit), .blankName(role: .criterion)])
    #expect(found.map(\.line) == [2, 3, 3, 4])
  }

  @Test func allProblemsAreCountedAndTenThousandKept() {
    let text = "rater,unit,score\n" + String(repeating: "r,u,x\n", count: 12_000)
    for threads in [1, 2] {
      var options = ScoreReadingOptions()
      options.threads = threads
      options.chunkSize = 1000
      do {
        _ = try ScoreReader.read(.bytes(Array(text.utf8), name: "a.csv"), options: options)
        Issue.record("read")
      } catch {
        #expect(error.total == 12_000 && error.problems.count == 10_000)
        #expect(error.problems.map(\.line) == (2...10_001).map { $0 })
        #expect(error.description.hasSuffix("a.csv: 2000 more problems are not listed"))
      }
    }
  }

  /// The limit is of all kinds together and in the order of the file: no kind pushes another out.
  @Test func tenThousandOfSeveralKinds() {
    let text = "rater,unit,score\n" + String(repeating: "r,u,x\n,u,1\nr,u,inf\n", count: 4_000)
    var options = ScoreReadingOptions()
    options.chunkSize = 1000
    do {
      _ = try ScoreReader.read(.bytes(Array(text.utf8), name: "a.csv"), options: options)
      Issue.record("read")
    } catch {
      #expect(error.total == 12_000 && error.problems.map(\.line) == (2...10_001).map { $0 })
      let kinds: [ScoreProblem.Kind] = [.notANumber, .blankName(role: .rater), .notFinite]
      #expect(error.problems.indices.allSatisfy { error.problems[$0].kind == kinds[$0 % 3] })
      let lines = error.description.split(separator: "\n")
      #expect(lines.count == 10_001 && lines.last == "a.csv: 2000 more problems are not listed")
    }
  }

  @Test func messagesShowPlaceTextAndRemedyInBothLanguages() {
    let found = problems("rater,unit,score\nr,u,\u{1B}[31m9\n")
    let error = ScoreReadingError(source: "a.csv", problems: found)
    #expect(
      error.description(in: .en)
        == "a.csv: line 2, column 3 “score”: “\\u{1b}[31m9” is not a number. Write digits with a decimal point; leave it blank where no score was given."
    )
    #expect(error.description(in: .zhHans) == "a.csv：第 2 行，第 3 列“score”：“\\u{1b}[31m9”不是数字。请用数字和小数点书写；没有评分的请留空。")
  }

  @Test func foreignTextIsMadeVisible() {
    #expect(visible("a\nb\u{202E}c") == "a\\nb\\u{202e}c")
    #expect(visible(String(repeating: "字", count: 80), limit: 3) == "字字字…")
  }

  @Test func rolesHaveHeadersOfTheirOwn() {
    for role in ColumnRole.allCases { #expect(ColumnRole(written: role.rawValue.uppercased()) == role) }
    #expect(ColumnRole(written: "rater-group") == .raterGroup)
  }
}

extension ScoreProblem.Kind {
  fileprivate var role: ColumnRole? {
    switch self {
    case .missingColumn(let role, _), .unknownColumn(let role, _): role
    default: nil
    }
  }
}
