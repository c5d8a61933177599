import Analysis
import Foundation
import Models
import Scores
import Testing
import Wording

@Suite struct AgreementAnalysisTests {
  /// Shrout and Fleiss (1979), table 2.
  static let shroutFleiss: [[Double]] = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

  static func text(_ rows: [(unit: String, round: String, criterion: String, rater: String, score: Double)]) -> String {
    "unit,round,criterion,rater,score\n" + rows.map { "\($0.unit),\($0.round),\($0.criterion),\($0.rater),\($0.score)\n" }.joined()
  }

  static func table(_ text: String) throws -> ScoreTable {
    try ScoreReader.read(.bytes(Array(text.utf8), name: "scores.csv")).table
  }

  static var shroutFleissRows: [(unit: String, round: String, criterion: String, rater: String, score: Double)] {
    shroutFleiss.enumerated().flatMap { u, row in
      row.enumerated().map { r, score in (unit: "S\(u)", round: "1", criterion: "c", rater: "J\(r)", score: score) }
    }
  }

  func number(_ report: AnalysisReport, _ table: String, _ column: String, where isRow: ([AnalysisValue]) -> Bool) throws -> Double {
    let table = try #require(report.tables.first { $0.id == table })
    let place = try #require(table.columns.firstIndex { $0.id == column })
    let row = table.rows.first(where: isRow)
    guard case .number(let value) = try #require(row)[place] else { return .nan }
    return value
  }

  func isWords(_ value: AnalysisValue, _ start: String) -> Bool {
    if case .words(let text) = value { text.en.hasPrefix(start) } else { false }
  }

  /// As text, in which figures that there are not are equal.
  func written(_ tables: [[[AnalysisValue]]]) -> String { String(describing: tables) }

  /// Printed in the paper: .17, .29, .71, .44, .62, .91; the decision study says the same of one and of four raters.
  @Test func shroutFleiss1979() throws {
    var options = AgreementOptions()
    options.scale = .interval
    let report = try AgreementAnalysis.report(Self.table(Self.text(Self.shroutFleissRows)), options)
    for (name, printed) in [
      ("ICC(1)", 0.17), ("ICC(A,1)", 0.29), ("ICC(C,1)", 0.71), ("ICC(k)", 0.44), ("ICC(A,k)", 0.62), ("ICC(C,k)", 0.91),
    ] {
      let value = try number(report, "coefficients", "estimate") { isWords($0[0], name) }
      #expect(abs(value - printed) < 0.005, "\(name) \(value)")
    }
    #expect(abs(try number(report, "decision", "phi") { $0[0] == .count(4) } - 0.62) < 0.005)
    #expect(abs(try number(report, "decision", "g") { $0[0] == .count(1) } - 0.71) < 0.005)
  }

  /// Whatever changes a figure is told with it; what is as usual is not.
  @Test func optionsThatChangeResults() throws {
    let table = try Self.table(Self.text(Self.shroutFleissRows))
    var options = AgreementOptions()
    let plain = try AgreementAnalysis.report(table, options).options
    #expect(plain.map(\.name) == ["scale", "weights", "by", "bootstrap", "seed"])
    options.period = 12
    options.scale = .circular
    options.coefficients = [.alpha, .iccAgreement]
    options.raterNumbers = 2...5
    options.criterionNumbers = 3...3
    options.goal = 0.9
    options.randomCriteria = true
    options.expert = "J1"
    options.retest = true
    options.tolerance = 0
    options.fullMarks = 20
    options.thirdMark = 1.5
    options.level = 0.9
    options.bootstrap = 0
    let told = try AgreementAnalysis.report(table, options).options.map { "\($0.name)=\($0.value)" }
    #expect(
      Array(told.dropFirst(5)) == [
        "period=12", "coefficients=alpha,icc-a1", "decide=raters=2..5,criteria=3..3", "goal=0.9", "criteria=random", "expert=J1",
        "retest=true", "tolerance=0", "full-marks=20", "third-mark=1.5", "level=0.9",
      ])
    #expect(told[3] == "bootstrap=0")
  }

  @Test func orderOfRowsAndThreadsChangeNothing() throws {
    let rows = Self.shroutFleissRows
    var options = AgreementOptions()
    let plain = try AgreementAnalysis.report(Self.table(Self.text(rows)), options)
    options.threads = 3
    let turned = try AgreementAnalysis.report(Self.table(Self.text(rows.reversed())), options)
    #expect(written(plain.tables.map(\.rows)) == written(turned.tables.map(\.rows)))
    #expect(
      plain.tables.map(\.id) == ["coefficients", "rater-influence", "unit-influence", "decision", "components", "indicators", "pairs"])
  }

  /// A criterion by itself gives what a table of that criterion alone gives.
  @Test func byCriterion() throws {
    let second = Self.shroutFleissRows.map { row in
      var row = row
      row.criterion = "d"
      row.score = 11 - row.score + (row.rater == "J2" ? 2 : 0)
      return row
    }
    var options = AgreementOptions()
    options.scale = .interval
    options.byCriterion = true
    let both = try AgreementAnalysis.report(Self.table(Self.text(Self.shroutFleissRows + second)), options)
    options.byCriterion = false
    let alone = try AgreementAnalysis.report(Self.table(Self.text(second)), options)
    let rows = try #require(both.tables.first { $0.id == "coefficients" }).rows.filter { $0[0] == .name("d") }
    #expect(written([rows.map { Array($0.dropFirst()) }]) == written([alone.tables[0].rows]))
    options.coefficients = [.alpha]
    let pooled = try AgreementAnalysis.report(Self.table(Self.text(Self.shroutFleissRows + second)), options)
    #expect(pooled.tables[0].rows.count == 1)
  }

  /// Two scores of the same rater for the same unit are one rating: the mean of points, the lower median of grades.
  @Test func repeatedScoresAreMergedAndCompared() throws {
    var rows = Self.shroutFleissRows
    rows.append((unit: "S0", round: "1", criterion: "c", rater: "J0", score: 7))
    rows.append((unit: "S1", round: "2", criterion: "c", rater: "J0", score: 6))
    var options = AgreementOptions()
    options.scale = .interval
    options.retest = true
    options.tolerance = 1
    let report = try AgreementAnalysis.report(Self.table(Self.text(rows)), options)
    let retest = try #require(report.tables.first { $0.id == "retest" })
    #expect(retest.rows.count == 1 && retest.rows[0][0] == .name("J0") && retest.rows[0][1] == .count(2))
    // 9 and 7 differ by 2; 6 and 6 do not differ.
    #expect(try number(report, "retest", "within") { _ in true } == 0.5)
    #expect(try number(report, "indicators", "mean") { $0[0] == .name("J0") } == (8 + 6 + 8 + 7 + 10 + 6 + 6) / 7.0)
  }

  /// Three scores of one rater, 5 then 6 then 8, by round and not by the bytes of its name; within a round by time.
  @Test(arguments: [
    ["1", "2", "10"], ["第二轮", "第三轮", "第十轮"], ["Round 9", "Round 10", "Round 11"], ["Ⅳ", "Ⅴ", "Ⅸ"], ["二十", "二十一", "三十"],
  ]) func retestsGoByRound(rounds: [String]) throws {
    let scores = zip(rounds, ["5", "6", "8"]).map { "A,J0,\($0),\($1)\n" }
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      let text = "unit,rater,round,score\nA,J1,\(rounds[0]),5\n" + order.map { scores[$0] }.joined()
      #expect(try Self.shift(text) == 1.5)
    }
    let times = ["09:00", "10:30", "14:00"].map { "2026-03-05 \($0)" }
    for order in [[0, 1, 2], [2, 0, 1]] {
      let rows = order.map { "A,J0,\(times[$0]),\([5, 6, 8][$0])\n" }
      #expect(try Self.shift("unit,rater,time,score\nA,J1,\(times[0]),5\n" + rows.joined()) == 1.5)
    }
  }

  /// Where nothing but the lines says which score came first, the table says so.
  @Test func retestsByLineSaySo() throws {
    let plain = try Self.retest("unit,rater,score\nA,J1,5\nA,J0,5\nA,J0,8\n")
    #expect(plain.note?.en.contains("order of the lines") ?? false && plain.note?.zh.contains("行序") ?? false)
    #expect(try Self.retest("unit,rater,round,score\nA,J1,1,5\nA,J0,2,8\nA,J0,1,5\n").note == nil)
  }

  private static func retest(_ text: String) throws -> AnalysisTable {
    var options = AgreementOptions()
    options.scale = .interval
    options.retest = true
    return try #require(try AgreementAnalysis.report(table(text), options).tables.first { $0.id == "retest" })
  }

  private static func shift(_ text: String) throws -> Double {
    let retest = try retest(text)
    let column = try #require(retest.columns.firstIndex { $0.id == "shift" })
    guard case .number(let shift) = try #require(retest.rows.first)[column] else { return .nan }
    return shift
  }

  @Test func expert() throws {
    var options = AgreementOptions()
    options.expert = "J1"
    options.tolerance = 0
    let report = try AgreementAnalysis.report(Self.table(Self.text(Self.shroutFleissRows)), options)
    #expect(abs(try number(report, "expert", "bias") { $0[0] == .name("J0") } - 31.0 / 6) < 1e-12)
    options.expert = "nobody"
    #expect(throws: AgreementError.unknownName("nobody")) {
      try AgreementAnalysis.report(Self.table(Self.text(Self.shroutFleissRows)), options)
    }
  }

  /// Grades of few whole numbers are ordinal, others points; names only nominal.
  @Test func scaleIsSeen() throws {
    func scale(_ rows: [(unit: String, round: String, criterion: String, rater: String, score: Double)]) throws -> String {
      try #require(AgreementAnalysis.report(Self.table(Self.text(rows)), AgreementOptions()).options.first { $0.name == "scale" }).value
    }
    #expect(try scale(Self.shroutFleissRows) == "ordinal")
    #expect(
      try scale(
        Self.shroutFleissRows.map { row in
          var row = row
          row.score /= 2
          return row
        }) == "interval")
  }

  /// Custom weights equal to the linear ones give the linear answers, and those that do not fit are told in place of a figure.
  @Test func customWeights() throws {
    let table = try Self.table("unit,rater,score\nA,1,1\nA,2,2\nB,1,3\nB,2,3\nC,1,1\nC,2,1\nD,1,2\nD,2,3\n")
    var options = AgreementOptions()
    options.scale = .ordinal
    options.coefficients = [.gwet, .conger]
    options.weights = .linear
    let linear = try AgreementAnalysis.report(table, options)
    options.customWeights = [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
    let own = try AgreementAnalysis.report(table, options)
    #expect(own.tables[0].rows.map { $0[1] } == linear.tables[0].rows.map { $0[1] })
    options.customWeights = [[1, 0], [0, 1]]
    let wrong = try AgreementAnalysis.report(table, options)
    #expect(isWords(wrong.tables[0].rows[0][6], "the weights must be 3 × 3"))
  }

  /// Brennan (2001), table 3.2: raters in tasks, each task a round of its own. Components .4731, .3252, .6475, .5596, 2.3803; Eρ² .55 and Φ .46.
  @Test func brennanTable3_2() throws {
    let columns: [[Double]] = [
      [5, 9, 3, 7, 9, 3, 7, 5, 9, 4], [6, 3, 4, 5, 2, 4, 3, 8, 9, 4], [5, 7, 3, 5, 9, 3, 7, 5, 8, 4], [5, 7, 3, 3, 7, 5, 7, 7, 8, 3],
      [5, 7, 5, 3, 7, 3, 7, 7, 6, 3], [3, 5, 3, 1, 7, 3, 5, 5, 6, 5], [4, 5, 3, 4, 3, 6, 5, 5, 6, 6], [5, 5, 5, 3, 7, 3, 7, 4, 5, 5],
      [6, 7, 6, 5, 2, 4, 5, 3, 5, 5], [7, 7, 5, 3, 7, 5, 5, 2, 8, 7], [3, 5, 1, 3, 5, 1, 5, 1, 1, 1], [3, 2, 6, 5, 3, 2, 4, 1, 1, 1],
    ]
    let rows = columns.enumerated().flatMap { j, values in
      values.enumerated().map { p, score in (unit: "P\(p)", round: "\(j / 4)", criterion: "T\(j / 4)", rater: "R\(j)", score: score) }
    }
    var options = AgreementOptions()
    options.randomCriteria = true
    options.raterNumbers = 4...4
    options.criterionNumbers = 3...3
    options.bootstrap = 0
    let report = try AgreementAnalysis.report(Self.table(Self.text(rows)), options)
    for (effect, published) in [
      ("unit", 0.4731), ("criterion", 0.3252), ("rater:criterion", 0.6475), ("unit × criterion", 0.5596),
      ("unit × rater:criterion", 2.3803),
    ] {
      let value = try number(report, "components", "variance") { $0[0] == .words(AgreementAnalysisTests.effect(effect)) }
      #expect(abs(value - published) < 1.5e-4, "\(effect) \(value)")
    }
    #expect(abs(try number(report, "decision", "g") { _ in true } - 0.55) < 0.005)
    #expect(abs(try number(report, "decision", "phi") { _ in true } - 0.46) < 0.005)
  }

  static func effect(_ name: String) -> Text {
    Text(name, zh: name.replacing("unit", with: "单位").replacing("rater", with: "考评员").replacing("criterion", with: "指标"))
  }

  @Test func nothingToCompare() throws {
    #expect(throws: AgreementError.nothingToCompare) {
      try AgreementAnalysis.report(Self.table("unit,rater,score\nA,1,1\nB,2,2\n"), AgreementOptions())
    }
  }
}
