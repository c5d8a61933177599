import Scores
import Testing

@testable import Detection

/// Results, ranks and what a correction changes, against counting by hand.
@Suite struct ResultsTests {
  /// Four raters' scores on one criterion for each unit.
  static func study(_ units: [(name: String, scores: [Double])], _ change: (inout Campaign) -> Void = { _ in }) throws -> Study {
    var records = Records()
    for unit in units { for (r, score) in unit.scores.enumerated() { records.add("R\(r)", unit.name, "A", score) } }
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 0, maximum: 100, step: 1)
    change(&campaign)
    return try Study(table: records.table, campaign: campaign)
  }

  static let units: [(name: String, scores: [Double])] = [
    ("County A", [90, 92, 88, 94]), ("County B", [91, 91, 91, 91]), ("County C", [70, 80, 90, 100]), ("County D", [60, 60, 60, 64]),
  ]

  /// Means are 91, 91, 85, 61.
  @Test func `equal results share the better rank`() throws {
    let results = Results(try Self.study(Self.units))
    #expect(results.result == [91, 91, 85, 61])
    #expect(results.rank == [1, 1, 3, 4])
  }

  /// Trimming one on either side leaves 91, 91, 85, 60; the medians are the same.
  @Test func `trimmed means and medians`() throws {
    let trimmed = Results(try Self.study(Self.units) { $0.result.overRaters = .trimmed(low: 1, high: 1) })
    #expect(trimmed.result == [91, 91, 85, 60])
    let middle = Results(try Self.study(Self.units) { $0.result.overRaters = .median })
    #expect(middle.result == [91, 91, 85, 60])
    let low = Results(try Self.study(Self.units) { $0.result.overRaters = .trimmed(low: 3, high: 0) })
    #expect(low.result == [94, 91, 100, 64])
    #expect(low.rank == [2, 3, 1, 4])
    #expect(Results.combine([3, 4], .trimmed(low: 1, high: 1)) == 3.5, "too few to trim: the plain mean")
    #expect(Results.combine([], .mean).isNaN)
  }

  @Test func `weights and sums`() throws {
    var records = Records()
    for (r, scores) in [(10.0, 20.0), (30.0, 40.0)].enumerated() {
      records.add("R\(r)", "County A", "A", scores.0)
      records.add("R\(r)", "County A", "B", scores.1)
    }
    var campaign = Campaign()
    campaign.criteria["B"] = CriterionSettings(weight: 3)
    #expect(Results(try Study(table: records.table, campaign: campaign)).result == [(70 / 4.0 + 150 / 4.0) / 2])
    campaign.result.overCriteria = .sum
    #expect(Results(try Study(table: records.table, campaign: campaign)).result == [110])
  }

  /// Taking 8 off the first sheet of County A moves its mean to 89, behind County B and still before County C.
  @Test func `a correction changes the ranks that counting anew changes`() throws {
    let study = try Self.study(Self.units) {
      $0.awards = [AwardLine(name: "Prize", reach: .top(1)), AwardLine(name: "Pass", reach: .atLeast(90))]
    }
    let results = Results(study)
    let impact = results.impact(of: [Correction(sheet: 0, points: 8)])
    #expect(impact == Impact(rankChanges: [.init(unit: "County A", from: 1, to: 2)], awards: ["County A"]))
    #expect(results.impact(of: []) == Impact())
    // 61 + 120/4 = 91 ties with the two at the top, and all three get the prize and pass.
    let raised = results.impact(of: [Correction(sheet: 12, points: -60), Correction(sheet: 12, points: -60)])
    #expect(raised == Impact(rankChanges: [.init(unit: "County D", from: 4, to: 1)], awards: ["County D"]))
  }

  @Test func `a correction that ends in a tie within half a mark of one rater is no change of rank`() throws {
    // One mark of one rater is 0.25 on the mean: 80.15 is before 80, 79.9 as good as 80, and 79.75 behind it.
    let results = Results(try Self.study([("County A", [80, 80, 80, 81]), ("County B", [80, 80, 80, 80])]))
    #expect(results.rank == [1, 2])
    #expect(results.impact(of: [Correction(sheet: 0, points: 0.4)]).rankChanges.isEmpty)
    #expect(results.impact(of: [Correction(sheet: 0, points: 1.4)]).rankChanges.isEmpty)
    #expect(results.impact(of: [Correction(sheet: 0, points: 2)]).rankChanges == [.init(unit: "County A", from: 1, to: 2)])
  }

  /// With one high and one low sheet dropped, the wild one counts for nothing anyhow.
  @Test func `trimming may undo a favour before it is found`() throws {
    let study = try Self.study([("County A", [99, 80, 80, 80]), ("County B", [81, 81, 81, 81])]) {
      $0.result.overRaters = .trimmed(low: 1, high: 1)
    }
    #expect(!Results(study).impact(of: [Correction(sheet: 0, points: 18)]).changesResults)
    #expect(
      Results(try Self.study([("County A", [99, 80, 80, 80]), ("County B", [81, 81, 81, 81])]))
        .impact(of: [Correction(sheet: 0, points: 18)]).changesResults)
  }

  @Test func `deductions go by the bottom, prizes within their class`() throws {
    var records = Records()
    for (u, scores) in Self.units.enumerated() {
      for (r, score) in scores.scores.enumerated() {
        records.rows.append(
          .init(
            rater: Rater(name: "R\(r)"), unit: Unit(name: scores.name, category: u < 2 ? "Counties" : "Districts"), criterion: "A",
            score: score))
      }
    }
    var campaign = Campaign()
    campaign.scale = Scale(minimum: 0, maximum: 100, step: 1)
    campaign.awards = [
      AwardLine(name: "Last", reach: .bottom(1), category: "Districts"), AwardLine(name: "Poor", reach: .below(62)),
    ]
    let results = Results(try Study(table: records.table, campaign: campaign))
    #expect(results.rank == [1, 1, 1, 2])
    // 85 − 120/4 = 55 puts County C behind County D.
    let impact = results.impact(of: [Correction(sheet: 8, points: 120)])
    #expect(impact == Impact(rankChanges: [.init(unit: "County C", from: 1, to: 2)], awards: ["County C", "County D"]))
    // No award is for counties: a change of rank alone.
    let counties = results.impact(of: [Correction(sheet: 0, points: 40)])
    #expect(counties == Impact(rankChanges: [.init(unit: "County A", from: 1, to: 2)]))
  }
}
