import Foundation
import Scores
import Synchronization
import Testing

private let sample = """
  rater,unit,criterion,score,team,rater_group,unit_group,category
  B,County A,style,7.5,T1,Finance,Finance,county
  A,County B,style,8,T1,Health,Health,county
  A,County A,style,6,T1,Health,Finance,county
  A,County A,form,9.25,T1,Health,Finance,county

  """

@Suite struct LongTables {
  @Test func isReadInCanonicalOrder() throws {
    let reading = try read(sample)
    let table = reading.table
    #expect(table.raters == [Rater(name: "A", group: "Health", team: "T1"), Rater(name: "B", group: "Finance", team: "T1")])
    #expect(
      table.units == [
        Unit(name: "County A", group: "Finance", category: "county"), Unit(name: "County B", group: "Health", category: "county"),
      ])
    #expect(table.criteria == ["form", "style"])
    #expect(table.unitStart == [0, 3, 4])
    #expect(table.rater == [0, 0, 1, 0])
    #expect(table.criterion == [0, 1, 1, 1])
    #expect(table.score == [9.25, 6, 7.5, 8])
    #expect(table.line == [5, 4, 2, 3])
    #expect(reading.layout == .long && reading.encoding == .utf8 && reading.separator == "," && reading.missingCount == 0)
  }

  @Test func onlyRaterUnitAndScoreAreNeeded() throws {
    #expect(try read("Judge,Candidate,Mark\nx,u,1\n").table.criteria == ["score"])
    #expect(try read("评委,考生,得分\n甲,乙县,1\n").table.criteria == ["总分"])
  }

  @Test(arguments: ["评委,被考评单位,考核项目,评分,考评组,所属单位,主管部门,类别,轮次", "Ｊｕｄｇｅ, UNIT ,Item,Points,panel,home_department,unit-group,Class,session"])
  func headersAreRecognised(_ header: String) throws {
    let reading = try read(header + "\nr,u,c,3,t,g,h,k,1\n")
    #expect(
      reading.columns.map(\.role) == [.rater, .unit, .criterion, .score, .team, .raterGroup, .unitGroup, .category, .round])
    #expect(reading.table.units == [Unit(name: "u", round: "1", group: "h", category: "k")])
  }

  @Test func anExactHeaderBeatsASynonym() throws {
    let reading = try read("rater,unit,score,points\nr,u,3,30\n")
    #expect(reading.table.score == [3])
    #expect(reading.columns[3].role == nil)
    #expect(reading.notes.contains { $0.en.contains("points") })
    let other = try read("rater,unit,score,points\nr,u,3,30\n") { $0.columns[.score] = "points" }
    #expect(other.table.score == [30])
  }

  @Test func optionsNameColumnsByHeaderOrNumber() throws {
    let reading = try read("a,b,c,unit\nr,u,4,x\n") {
      $0.columns = [.rater: "1", .unit: "B", .score: "c"]
    }
    #expect(rows(reading.table) == [Row(unit: "u", rater: "r", criterion: "score", score: 4)])
  }

  @Test func theCampaignNamesColumnsUnlessAnOptionDoes() throws {
    var campaign = Campaign()
    campaign.columns = ["rater": "a", "unit": "b", "score": "d"]
    let reading = try read("a,b,c,d\nr,u,4,5\n") {
      $0.columns[.score] = "c"
      $0.takeColumns(of: campaign)
    }
    #expect(rows(reading.table) == [Row(unit: "u", rater: "r", criterion: "score", score: 4)])
  }

  @Test func aRoundSeparatesTheAppearancesOfAUnit() throws {
    let reading = try read("rater,unit,round,score\nr,u,2,1\nr,u,1,2\ns,u,2,3\nr,v,,4\n")
    #expect(reading.table.units == [Unit(name: "u", round: "1"), Unit(name: "u", round: "2"), Unit(name: "v")])
    #expect(reading.table.unitStart == [0, 1, 3, 4])
  }

  @Test func scoresGivenTwiceStay() throws {
    let reading = try read("rater,unit,score\nr,u,5\nr,u,3\nr,u,5\n")
    #expect(reading.table.score == [3, 5, 5])
    #expect(reading.table.line == [3, 2, 4])
  }

  @Test func oneOfEachIsATable() throws {
    let reading = try read("rater,unit,score\nr,u,5")
    #expect(reading.table.count == 1)
    #expect(try read("rater,unit,score\nr,u,5\ns,u,5\nr,v,5\ns,v,5\n").table.score == [5, 5, 5, 5])
  }

  @Test func missingScoresAreCountedAndListed() throws {
    let reading = try read("rater,unit,score\nr,u,\nr,v,缺考\n,,NA\ns,u,Absent\ns,v,3\n\n , ,\n") { $0.listedMissing = 3 }
    #expect(reading.table.count == 1)
    #expect(reading.missingCount == 4)
    #expect(
      reading.missing == [
        .init(line: 2, text: ""), .init(line: 3, text: "缺考"), .init(line: 4, text: "NA"),
      ])
  }

  @Test func namesAreTrimmedAlsoOfWideBlanks() throws {
    let table = try read("rater,unit,score\n甲　,\u{A0}u ,1\n　甲,u,2\n").table
    #expect(table.raters.map(\.name) == ["甲"])
    #expect(table.units.map(\.name) == ["u"])
  }

  @Test func resultsDependNeitherOnThreadsNorOnOrderNorOnChunks() throws {
    var random = TestRandom(state: 7)
    var lines: [String] = []
    for k in 0..<4000 {
      let rater = Int.random(in: 0..<40, using: &random)
      let unit = Int.random(in: 0..<90, using: &random)
      lines.append("考评员\(rater),u\(unit),\(k % 3 == 0 ? "\"c, \"\"1\"\"\"" : "c2"),\(Double(k % 200) / 2),T\(rater % 5),\(unit % 7)")
    }
    func text(_ lines: [String]) -> String { "rater,unit,criterion,score,team,unit_group\n" + lines.joined(separator: "\r\n") }
    let expected = try read(text(lines)) { $0.threads = 1 }.table
    #expect(expected.count == 4000 && expected.criteria == ["c, \"1\"", "c2"])
    // A naive reader: split, sort, compare.
    let naive = lines.map { line -> Row in
      let parts = line.replacing("c, \"\"1\"\"", with: "c; \"1\"").split(separator: ",").map(String.init)
      let criterion = parts[2].replacing("\"c; \"1\"\"", with: "c, \"1\"")
      return Row(unit: parts[1], rater: parts[0], criterion: criterion, score: Double(parts[3]) ?? .nan)
    }
    #expect(rows(expected) == naive.sorted())
    for (threads, chunk) in [(1, 100), (2, 97), (3, 1000), (2, 1 << 20)] {
      let table = try read(text(lines)) {
        $0.threads = threads
        $0.chunkSize = chunk
      }.table
      #expect(table.score == expected.score && table.rater == expected.rater && table.criterion == expected.criterion)
      #expect(table.line == expected.line && table.units == expected.units && table.raters == expected.raters)
    }
    let shuffled = try read(text(lines.shuffled(using: &random))).table
    #expect(shuffled.score == expected.score && shuffled.rater == expected.rater && shuffled.criterion == expected.criterion)
    #expect(shuffled.units == expected.units && shuffled.raters == expected.raters && shuffled.unitStart == expected.unitStart)
  }

  @Test func theHookHearsEveryByteInOrder() throws {
    final class Heard: Sendable { let bytes = Mutex<[UInt8]>([]) }
    let heard = Heard()
    let text = "rater,unit,score\n" + (0..<50_000).map { "r\($0 % 10),u\($0 / 10),\($0 % 5)\n" }.joined()
    _ = try read(text) { $0.onChunk = { data in heard.bytes.withLock { $0 += data } } }
    #expect(heard.bytes.withLock { $0 } == Array(text.utf8))
  }

  @Test func aHundredThousandCriteriaAreRead() throws {
    let text = "rater,unit,criterion,score\n" + (0..<100_000).map { "r,u,c\($0),1\n" }.joined()
    let table = try read(text).table
    #expect(table.criteria.count == 100_000)
    #expect(Array(table.criterion) == (0..<100_000).map { UInt32($0) })
  }
}

/// Published data beside the repository, where it is there. Counts are those of the data set's own description.
@Suite struct PublishedTables {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared/datasets")
    .standardized
  static let isThere = FileManager.default.fileExists(atPath: folder.path)

  @Test(.enabled(if: isThere, "the data sets are not beside the repository")) func figureSkating() throws {
    let source = ScoreSource.file(PublishedTables.folder.appending(path: "figure_skating_2016_17/data.csv").path)
    var options = ScoreReadingOptions()
    options.columns[.score] = "points"
    let reading = try ScoreReader.read(source, options: options)
    #expect(reading.table.count + reading.missingCount == 203_254 && reading.missingCount == 40)
    #expect(reading.table.raters.count == 214 && reading.table.criteria.count == 20)
    // With the marks as scores, the marks of the judge who was not there have no rater: an error for each.
    do {
      _ = try ScoreReader.read(source)
      Issue.record("read")
    } catch {
      #expect(error.total == 40 && error.problems.allSatisfy { $0.kind == .blankName(role: .rater) })
    }
  }
}

@Suite struct WideTables {
  @Test func ratersAcross() throws {
    let reading = try read("单位,评委1,评委2,平均分\n甲县,90,85.5,87.75\n乙县,80,缺考,80\n")
    #expect(reading.layout == .wideRaters)
    #expect(
      rows(reading.table) == [
        Row(unit: "乙县", rater: "评委1", criterion: "总分", score: 80), Row(unit: "甲县", rater: "评委1", criterion: "总分", score: 90),
        Row(unit: "甲县", rater: "评委2", criterion: "总分", score: 85.5),
      ])
    #expect(reading.missingCount == 1)
  }

  @Test func criteriaAcross() throws {
    let reading = try read("judge,candidate,style,form,total\nr,u,1,2,3\ns,u,4,,4\n")
    #expect(reading.layout == .wideCriteria)
    #expect(
      rows(reading.table) == [
        Row(unit: "u", rater: "r", criterion: "form", score: 2), Row(unit: "u", rater: "r", criterion: "style", score: 1),
        Row(unit: "u", rater: "s", criterion: "style", score: 4),
      ])
  }

  @Test func theColumnsAcrossCanBeNamed() throws {
    let reading = try read("unit,x,y,z\nu,1,2,3\n") { $0.scoreColumns = ["x", "4"] }
    #expect(reading.table.raters.map(\.name) == ["x", "z"])
    #expect(problems("unit,x,y\nu,1,word\n") { $0.scoreColumns = ["x", "y"] }.map(\.kind) == [.notNumericColumn])
  }

  @Test(arguments: ["88分", "88%", "\"85,5\"", "8O.5", "#DIV/0!", "好"], [0, 3, 7, 150, 250])
  func `a slip in a cell is told where it is, and takes no rater away`(cell: String, row: Int) {
    var text = "被考评单位,张三,李四,王五\n"
    for i in 0..<max(8, row + 3) { text += "县\(i),81,\(i == row ? cell : "80.5"),79\n" }
    let found = problems(text)
    #expect(found.count == 1 && found[0].line == row + 2 && found[0].column == .init(number: 3, header: "李四"))
    #expect(found == problems(text) { $0.scoreColumns = ["张三", "李四", "王五"] })
  }

  @Test func `columns of words stay out of a wide table, and a column named as scores needs one`() throws {
    let text = "被考评单位,张三,李四,意见\n甲县,81,80,好\n乙县,82,缺考,1\n丙县,79,83,一般\n"
    let reading = try read(text)
    #expect(reading.table.raters.map(\.name) == ["张三", "李四"])
    #expect(reading.notes.map(\.zh) == ["宽表：2 列为考评员", "未使用的列：意见"])
    #expect(problems("unit,a,b\nu,1,x\nv,2,y\n") { $0.scoreColumns = ["a", "b"] }.map(\.kind) == [.notNumericColumn])
  }

  @Test func `rows of totals are refused`() {
    let wide = problems("被考评单位,张三,李四\n甲县,81,80\n乙县,82,83\n合计,163,163\n平均分,81.5,81.5\n")
    #expect(wide.map(\.kind) == [.summary(role: .unit), .summary(role: .unit)] && wide.map(\.line) == [4, 5])
    let long = problems("rater,unit,score\nA,Total Energies,1\nA,Grand total,1\nAverage,Leeds,1\n")
    #expect(long.map(\.kind) == [.summary(role: .unit), .summary(role: .rater)] && long.map(\.text) == ["Grand total", "Average"])
  }

  @Test func `a title above the header, and a wide table without a header for its units`() {
    #expect(problems("某市得分汇总表\n\n考评员,被考评单位,得分\n甲一,甲县,88\n").map(\.kind) == [.headerBelow(line: 3)])
    #expect(problems("部门,张三,李四\n甲县,81,80\n").map(\.kind) == [.wideWithoutUnit(columns: 2, headers: ["部门", "张三", "李四"])])
  }

  @Test func headersInGB18030NameRaters() throws {
    let bytes = try #require("单位,评委甲,评委乙\n甲县,1,2\n".data(using: gb18030))
    let reading = try read(Array(bytes))
    #expect(reading.encoding == .gb18030)
    #expect(reading.table.raters.map(\.name) == ["评委乙", "评委甲"])
    #expect(reading.table.units.map(\.name) == ["甲县"])
  }
}

let gb18030 = String.Encoding(rawValue: 0x8000_0632)
