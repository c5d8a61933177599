import Foundation
import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

/// What must not matter to a screen does not: the order of rows, names, units of measurement.
@Suite struct InvarianceTests {
  static let planted: [PlantedAnomaly] = [
    .init(.severe, .number(1)), .init(.random, .number(1)), .init(.straightline, .number(1)), .init(.owngroup, .number(2)),
    .init(.copier, .number(1)), .init(.favourPair, .number(2)), .init(.dataEntry, .number(1)),
  ]
  static let records = Result { Records(try Simulated.campaign(planted, seed: 3).table()) }
  static let reference = Result { try Study(table: records.get().table, campaign: Simulated.declared) }

  /// Every rule's tests on both studies, names of the second put back by `rename`, agree: bitwise, or to a tolerance. Effects in points are `points`
  /// times as large in the second; those of other units are ratios and shares.
  private func compare(
    _ other: Study, tolerance: (statistic: Double, p: Double) = (0, 0), points: Double = 1,
    rename: (String) -> String = { $0 }, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let study = try Self.reference.get()
    for rule in ClaimTests.rules {
      let id = rule.card.id
      let a = try #require(ClaimTests(rule, study), "\(id)", sourceLocation: sourceLocation)
      let b = try #require(ClaimTests(rule, other), "\(id)", sourceLocation: sourceLocation)
      #expect(a.family.total == b.family.total, "\(id)", sourceLocation: sourceLocation)
      let left = a.bySubject()
      let right = b.bySubject(rename)
      #expect(Set(left.keys) == Set(right.keys), "\(id)", sourceLocation: sourceLocation)
      var worst = 0.0
      let isInPoints = !a.family.pValues.isEmpty && a.family.claim(0).effect?.unit == "points"
      let scale = isInPoints ? points : 1
      for (subject, values) in left {
        guard let others = right[subject] else { continue }
        let same =
          agree(values[0], others[0], tolerance.statistic) && agree(values[1], others[1], tolerance.p)
          && agree(values[2] * scale, others[2], tolerance.statistic)
        if !same { worst = max(worst, abs(values[0] - others[0]), abs(values[1] - others[1]), abs(values[2] * scale - others[2])) }
      }
      #expect(worst == 0, "\(id): off by \(worst)", sourceLocation: sourceLocation)
    }
  }

  @Test func `the order of the rows changes nothing, bit for bit`() throws {
    var records = try Self.records.get()
    var random = RandomStream(seed: 8)
    random.shuffle(&records.rows)
    var lines = ["rater,unit,criterion,score,rater_group,unit_group,team,sequence"]
    for row in records.rows {
      lines.append(
        "\(row.rater.name),\(row.unit.name),\(row.criterion),\(row.score),\(row.rater.group ?? ""),\(row.unit.group ?? ""),\(row.rater.team ?? ""),\(row.time)"
      )
    }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let reading = try ScoreReader.read(.bytes(bytes, name: "scores.csv"))
    try compare(Study(table: reading.table, campaign: Simulated.declared))
  }

  @Test func `new names in the old order change nothing, bit for bit`() throws {
    let records = try Self.records.get().changed {
      $0.rater.name = "甲" + $0.rater.name
      $0.unit.name = "甲" + $0.unit.name
      $0.criterion = "甲" + $0.criterion
    }
    try compare(Study(table: records.table, campaign: Simulated.declared), rename: { $0.replacing("甲", with: "") })
  }

  @Test func `names in another order change nothing but roundings`() throws {
    let records = try Self.records.get()
    var random = RandomStream(seed: 9)
    var back: [String: String] = [:]
    func mix(_ names: Set<String>) -> [String: String] {
      let sorted = names.sorted()
      var mixed = sorted
      random.shuffle(&mixed)
      for (old, new) in zip(sorted, mixed) { back[new] = old }
      return Dictionary(uniqueKeysWithValues: zip(sorted, mixed))
    }
    let raters = mix(Set(records.rows.map(\.rater.name)))
    let units = mix(Set(records.rows.map(\.unit.name)))
    let criteria = mix(Set(records.rows.map(\.criterion)))
    let mixed = records.changed {
      $0.rater.name = raters[$0.rater.name]!
      $0.unit.name = units[$0.unit.name]!
      $0.criterion = criteria[$0.criterion]!
    }
    try compare(Study(table: mixed.table, campaign: Simulated.declared), tolerance: (1e-9, 1e-9), rename: { back[$0] ?? $0 })
  }

  @Test func `teams by other names are the same teams`() throws {
    let records = try Self.records.get()
    let teams = Set(records.rows.compactMap(\.rater.team)).sorted()
    let other = Dictionary(uniqueKeysWithValues: zip(teams, teams.reversed()))
    let mixed = records.changed { $0.rater.team = $0.rater.team.flatMap { other[$0] } }
    try compare(Study(table: mixed.table, campaign: Simulated.declared), tolerance: (1e-9, 1e-9), rename: { other[$0] ?? $0 })
  }

  @Test(arguments: [(3.7, -20.0), (0.01, 0.0), (250.0, 1e5)])
  func `a declared scale may be any scale`(factor: Double, shift: Double) throws {
    let records = try Self.records.get().changed { $0.score = factor * $0.score + shift }
    var campaign = Campaign()
    campaign.scale = Scale(minimum: shift, maximum: 100 * factor + shift, step: 0.5 * factor)
    try compare(Study(table: records.table, campaign: campaign), tolerance: (1e-6, 1e-6), points: factor)
  }

  @Test func `tenfold scores without a declared scale mean the same`() throws {
    // The copied-sheets rule needs the ends of the scale, which are read off the scores on both sides here, and what is a round mark: it must stay one.
    let records = try Self.records.get()
    let plain = try Study(table: records.table, campaign: Campaign())
    let tenfold = try Study(table: records.changed { $0.score = 10 * $0.score + 1000 }.table, campaign: Campaign())
    for rule in ClaimTests.rules {
      let a = try #require(ClaimTests(rule, plain)).family
      let b = try #require(ClaimTests(rule, tenfold)).family
      #expect(a.statistics.count == b.statistics.count, "\(rule.card.id)")
      #expect(zip(a.statistics, b.statistics).allSatisfy { agree($0, $1, 1e-6) }, "\(rule.card.id)")
      #expect(zip(a.pValues, b.pValues).allSatisfy { agree($0, $1, 1e-6) }, "\(rule.card.id)")
    }
  }
}
