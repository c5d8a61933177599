import Scores
import Testing

/// Columns of time and sequence.
@Suite struct TimesTests {
  /// 2026-03-05 14:30 by the clock of the file (Python: datetime(2026, 3, 5, 14, 30, tzinfo=utc).timestamp()).
  static let halfPastTwo = 1_772_721_000.0

  private func times(_ cells: String..., header: String = "time", _ change: (inout ScoreReadingOptions) -> Void = { _ in }) throws
    -> ScoreTimes?
  {
    let lines = cells.enumerated().map { "r,u\($0),\($0),\"\($1)\"" }
    return try read("rater,unit,score,\(header)\n" + lines.joined(separator: "\n") + "\n", change).table.times
  }

  @Test(arguments: [
    "2026-03-05 14:30", "2026-03-05T14:30:00", "2026/3/5 14:30", "2026.3.5  14:30:00", "2026年3月5日 14:30", "2026年3月5日14时30分",
    "2026年03月05日　14：30",
    "2026-03-05T14:30Z", "2026-03-05T22:30:00+08:00", "2026-03-05T09:00-0530", "2026-03-05 14:30:00.000",
  ])
  func `one moment in many ways`(text: String) throws {
    #expect(try times(text) == ScoreTimes(kind: .moment, values: [Self.halfPastTwo]))
  }

  @Test func `days and numbers`() throws {
    let midnight = Self.halfPastTwo - 52_200
    for text in ["2026-03-05", "2026/3/5", "2026年3月5日", "2026.03.05"] {
      #expect(try times(text) == ScoreTimes(kind: .day, values: [midnight]), "\(text)")
    }
    #expect(try times("3", "1", "2.5", header: "sequence") == ScoreTimes(kind: .number, values: [3, 1, 2.5]))
    #expect(try times("2024-02-29", "1969-12-31")?.values == [1_709_164_800, -86_400])
  }

  @Test func `values are written as they may be read`() throws {
    for text in ["2026-03-05 14:30", "1969-12-31 23:59", "2024-02-29 00:00", "2000-12-31", "17", "2.5"] {
      let read = try #require(try times(text))
      #expect(read.text(read.values[0]) == text)
    }
  }

  @Test func `blanks and words for none are no time`() throws {
    let read = try #require(try times("5", "", "—", "7", header: "顺序"))
    #expect(read.values[0] == 5 && read.values[1].isNaN && read.values[2].isNaN && read.values[3] == 7)
  }

  @Test(arguments: [
    "5 March", "14:30", "2026-02-29", "2026-13-01", "3/5/2026", "26-03-05", "2026-03-05 25:00", "2026-03-05 2:30 PM", "2026-03/05",
  ])
  func `what is no time is reported where the column was named`(text: String) {
    for (threads, chunk) in [(1, 1 << 20), (2, 40)] {
      let found = problems("rater,unit,score,time\nr,u,1,2026-03-05 14:30\nr,v,2,\(text)\n") {
        $0.threads = threads
        $0.chunkSize = chunk
        $0.columns = [.time: "time"]
      }
      #expect(found.map(\.kind) == [.notATime(role: .time)])
      #expect(found.first?.line == 3 && found.first?.column == .init(number: 4, header: "time") && found.first?.text == text)
    }
  }

  @Test func `a column of two kinds is reported where it changes`() {
    let found = problems("考评员,单位,得分,时间\n甲,乙县,1,2026-03-05 14:30\n甲,丙县,2,2026-03-06\n甲,丁县,3,17\n") {
      $0.columns = [.time: "4"]
    }
    #expect(found.map(\.kind) == [.mixedTimes(found: .day, expected: .moment), .mixedTimes(found: .number, expected: .moment)])
    #expect(found.map(\.line) == [3, 4])
    #expect(found[0].message.zh == "“2026-03-06”是日期，而该列前面写的是日期和时刻")
  }

  /// Times serve one rule: a column that nobody named stops no screen, and nothing of it is guessed.
  @Test func `a recognised column with cells that are no times is left unused, and said so`() throws {
    let text = "rater,unit,score,time\nr,u,1,2026-03-05 14:30\n\nr,v,2,上午\nr,w,3,\nr,x,4,2026-03-06\nr,y,5,2026-03-06 09:00\n"
    for (threads, chunk) in [(1, 1 << 20), (3, 30)] {
      let reading = try read(text) {
        $0.threads = threads
        $0.chunkSize = chunk
      }
      #expect(reading.table.times == nil && reading.table.score == [1, 2, 3, 4, 5])
      #expect(reading.columns.map(\.role) == [.rater, .unit, .score, nil])
      let unread = try #require(reading.table.unreadTimes.first)
      #expect(unread.first.kind == .notATime(role: .time) && unread.first.line == 4 && unread.first.text == "上午" && unread.count == 2)
      let note = try #require(reading.notes.first { $0.en.hasPrefix("times are not used") })
      #expect(
        note.en
          == "times are not used: line 4, column 4 “time”: “上午” cannot be read as a time (the first of 2 such cells). \(unread.first.remedy.en)"
      )
      #expect(note.zh == "未使用时间列：第 4 行，第 4 列“time”：“上午”无法识别为时间（此类单元格共 2 个）。\(unread.first.remedy.zh)")
    }
    #expect(try read("rater,unit,score,time\nr,u,1,2026-03-05\n").table.unreadTimes == [])
    #expect(try read("unit,A,B,sequence\nu,1,2,7\nv,3,4,late\n").table.unreadTimes.map(\.count) == [1])
  }

  @Test func `headers that may mean anything are used only where they hold times`() throws {
    let reading = try read("rater,unit,score,position,date\nr,u,1,clerk,first day\n")
    #expect(reading.table.times == nil)
    #expect(reading.notes.contains { $0.en.contains("position, date") })
    // A time of day alone says nothing of the day: the date is the better of the two.
    let both = try read("rater,unit,score,时间,日期\nr,u,1,14:30,2026-03-05\n")
    #expect(both.table.times?.kind == .day && both.columns[4].role == .time && both.columns[3].role == nil)
    let named = problems("rater,unit,score,when\nr,u,1,noon\n") { $0.columns = [.time: "when"] }
    #expect(named.map(\.kind) == [.noTimes(role: .time)])
    #expect(try times("noon", "2") { $0.columns = [.time: ""] } == nil)
  }

  @Test func `time comes before sequence`() throws {
    let reading = try read("rater,unit,score,sequence,time\nr,u,1,9,2026-03-05\n")
    #expect(reading.table.times?.kind == .day)
    #expect(reading.notes.contains { $0.en == "columns not used: sequence" })
    #expect(try read("rater,unit,score,sequence,time\nr,u,1,9,soon\n").table.times?.values == [9])
  }

  /// Each cell's time is that of its own record, however often it is repeated and wherever a chunk ends.
  @Test func `times that are repeated, blank and come again`() throws {
    let cells = ["7", "7", " 7", "7.0", "", "", "8", "7", "—", "\"7\"", "07", "8"]
    let expected = [7, 7, 7, 7, .nan, .nan, 8, 7, .nan, 7, 7, 8]
    let records = (0..<240).map { i in "r\(i % 2),u\(1000 + i),\(i),\(i),\(cells[i / 2 % 12])" }
    let text = "rater,unit,A,B,sequence\n" + records.joined(separator: "\n") + "\n"
    for (threads, chunk) in [(1, 1 << 20), (1, 50), (3, 70)] {
      let table = try read(text) {
        $0.threads = threads
        $0.chunkSize = chunk
      }.table
      let values = try #require(table.times).values
      #expect(values.count == 480)
      for i in 0..<480 {
        let time = expected[i / 4 % 12]
        #expect(values[i] == time || values[i].isNaN && time.isNaN, "score \(i)")
      }
    }
    let repeated = try read("rater,unit,score,time\nr,t,1,2026-03-05\n" + (0..<9).map { "r,u\($0),1,late\n" }.joined())
    #expect(repeated.table.unreadTimes.map(\.count) == [9])
  }

  @Test func `a sequence serves where the recognised times cannot be read`() throws {
    let text = "rater,unit,score,time,sequence\nr,u,1,2026-03-05,7\nr,v,2,上午,8\n"
    for (threads, chunk) in [(1, 1 << 20), (3, 30)] {
      let reading = try read(text) {
        $0.threads = threads
        $0.chunkSize = chunk
      }
      #expect(reading.table.times == ScoreTimes(kind: .number, values: [7, 8]))
      #expect(reading.columns.map(\.role) == [.rater, .unit, .score, nil, .sequence])
      #expect(reading.notes.count == 1 && reading.notes[0].en.hasSuffix("The order of scoring is taken from column 5 “sequence”."))
      #expect(reading.notes[0].zh.hasSuffix("评分先后改按第 5 列“sequence”确定。"))
    }
    let neither = try read(text + "r,w,3,2026-03-06,last\n")
    #expect(neither.table.times == nil && neither.table.unreadTimes.map(\.count) == [1, 1] && neither.notes.count == 2)
    // What was named comes before what was only recognised.
    let named = try read("rater,unit,score,time,sequence\nr,u,1,2026-03-05,7\n") { $0.columns = [.sequence: "sequence"] }
    #expect(named.table.times?.values == [7])
  }

  @Test func `times stay with their scores`() throws {
    let lines = (0..<300).map { i in "r\(i % 7),u\(i * 17 % 23),c\(i),\(i),\(1000 - i)" }
    let text = "rater,unit,criterion,score,seq\n" + lines.joined(separator: "\n") + "\n"
    for (threads, chunk) in [(1, 1 << 20), (3, 100)] {
      let table = try read(text) {
        $0.threads = threads
        $0.chunkSize = chunk
      }.table
      let values = try #require(table.times).values
      #expect(zip(table.score, values).allSatisfy { $0 + $1 == 1000 })
    }
  }

  @Test func `wide tables have a time for each record`() throws {
    let table = try read("unit,A,B,sequence\nu,1,2,7\nv,3,,8\n").table
    #expect(table.score == [1, 2, 3] && table.times?.values == [7, 7, 8])
    #expect(try read("rater,unit,c,d,日期\nr,u,1,2,2026年3月5日\n").table.times?.kind == .day)
  }

  @Test func `chinese dates in GB18030`() throws {
    let utf8 = "rater,unit,score,时间\nr,u,1,2026年3月5日 14:30\n"
    // 时间 and 年, 月, 日 in GB18030.
    var bytes: [UInt8] = []
    for scalar in utf8.unicodeScalars {
      switch scalar {
      case "时": bytes += [0xCA, 0xB1]
      case "间": bytes += [0xBC, 0xE4]
      case "年": bytes += [0xC4, 0xEA]
      case "月": bytes += [0xD4, 0xC2]
      case "日": bytes += [0xC8, 0xD5]
      default: bytes.append(UInt8(scalar.value))
      }
    }
    #expect(try read(bytes).table.times == ScoreTimes(kind: .moment, values: [Self.halfPastTwo]))
  }
}
