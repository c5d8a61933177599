import Analysis
import Models
import Testing

@Suite struct RaschAnalysisTests {
  private func table(_ id: String, _ report: AnalysisReport) throws -> AnalysisTable { try #require(report.tables.first { $0.id == id }) }

  @Test func tablesInTheirOrder() throws {
    let report = try SmallRasch.analysis(bias: [(0, 1)]).report()
    #expect(report.schema == "plumbline.rasch/1")
    #expect(
      report.tables.map(\.id) == [
        "measures-rater", "measures-unit", "measures-criterion", "separation", "homogeneity", "agreement", "categories", "unexpected",
        "bias-rater-unit", "contrasts-rater-unit",
      ])
    for table in report.tables { #expect(Set(table.columns.map(\.id)).count == table.columns.count && !table.rows.isEmpty) }
  }

  /// The severest rater first; figures of Guilford's table (survey of the field, V1).
  @Test func ratersOfGuilford1954() throws {
    let table = try table("measures-rater", SmallRasch.analysis().report())
    #expect(table.rows.map { $0[0] } == [.name("Brahe"), .name("Avogadro"), .name("Cavendish")])
    let infit = try #require(table.columns.firstIndex { $0.id == "infit" })
    guard case .number(let value) = table.rows[0][infit] else {
      Issue.record("infit is a number")
      return
    }
    #expect(abs(value - 1.48) < 0.005)
  }

  /// Scores in steps of ten are the same categories; what is told in points is ten times as much, logits are the same.
  @Test func scoresInSteps() throws {
    let one = try table("measures-unit", SmallRasch.analysis().report())
    let ten = try table("measures-unit", SmallRasch.analysis(step: 10).report())
    for (a, b) in zip(one.rows, ten.rows) {
      for (column, (x, y)) in zip(one.columns, zip(a, b)) {
        guard case .number(let x) = x, case .number(let y) = y else { continue }
        let factor: Double = column.id == "average" || column.id == "fairAverage" ? 10 : 1
        #expect(abs(y - factor * x) < 1e-9)
      }
    }
  }

  @Test func scalesOfTheirOwn() throws {
    let report = try SmallRasch.analysis(.marginal, scales: .each(facet: 2)).report()
    let categories = try table("categories", report)
    #expect(categories.columns[0].id == "criterion" && Set(categories.rows.map { "\($0[0])" }).count == 5)
    #expect(report.parts.contains { part in if case .facts(let facts) = part { facts.id == "population" } else { false } })
  }

  /// What limits the reading is said: rows left out, extreme elements, scores that never occur.
  @Test func remarks() throws {
    let data = try SmallRasch.guilford()
    // Anne gets nothing but full marks, and nobody gets a 4.
    var scores = data.scores
    for i in scores.indices where data.factors[1].codes[i] == 0 { scores[i] = 9 }
    for i in scores.indices where scores[i] == 4 { scores[i] = 5 }
    let categories = try RaschScores(scores, lines: data.lines, roundedTo: nil)
    let fit = try ManyFacetRaschModel(scores: categories.categories, facets: data.factors, unitFacet: 1).fit()
    let report = RaschAnalysis(
      fit: fit, facets: SmallRasch.facets, scores: categories, lines: data.lines, dropped: 2, droppedLines: [7, 30]
    )
    .report()
    guard case .remarks(let remarks) = report.parts[report.parts.count - 1] else {
      Issue.record("remarks come last")
      return
    }
    #expect(remarks.count == 3)
    #expect(remarks[0].en == "2 scores with a blank field were left out: lines 7, 30." && remarks[0].zh.contains("第 7、30 行"))
    #expect(remarks[1].en.hasPrefix("One element has only lowest or only highest scores"))
    #expect(remarks[2].en.hasPrefix("One score inside a scale's range was never given"))
    let units = try table("measures-unit", report)
    #expect(units.columns.contains { $0.id == "status" } && units.rows[0][0] == .name("Anne"))
  }
}
