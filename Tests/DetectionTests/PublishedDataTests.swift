import Foundation
import Scores
import Testing

@testable import Detection

enum PublishedData {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/datasets")
  static let isPresent = FileManager.default.fileExists(atPath: folder.path)
}

/// Data of known outcome, from the folder beside the package.
@Suite(.enabled(if: PublishedData.isPresent, "the folder shared beside the package is absent"))
struct PublishedDataTests {
  static func study(_ path: String) throws -> Study {
    let reading = try ScoreReader.read(.file(PublishedData.folder.appending(path: path).path))
    return try Study(table: reading.table, campaign: Campaign())
  }

  /// BuzzFeed News 2018: 3.4 points of home-country preference over all judges of 17 events; 3.39 recomputed in the folder's `expected.json`.
  @Test func `figure skating judges favour their own country by 3.4 points`() throws {
    let study = try Self.study("figure_skating_2016_17/totals.csv")
    let tests = try #require(ClaimTests(FieldOwnGroupBias.self, study))
    #expect(tests.family.pValues[0] < 1e-100, "\(tests.family.pValues[0])")
    let effect = try #require(tests.family.claim(0).effect)
    #expect(try #require(effect.low) < 3.39 && 3.39 < #require(effect.high), "\(effect)")
  }

  /// Lyngstad, Härkönen and Rønneberg 2020: 0.065 points within jumps, 0.075 after the judges' leniency, too small to change rankings.
  @Test func `ski jumping judges favour their own nation by a little that moves nobody`() throws {
    let study = try Self.study("ski_jumping_judges/data.csv")
    let tests = try #require(ClaimTests(FieldOwnGroupBias.self, study))
    let claim = tests.family.claim(0)
    let effect = try #require(claim.effect)
    #expect((0.05...0.10).contains(effect.value), "\(effect)")
    #expect(try #require(effect.low) < 0.075 && 0.075 < #require(effect.high), "\(effect)")
    #expect(tests.family.pValues[0] < 1e-6, "\(tests.family.pValues[0])")
    #expect(!claim.corrections.isEmpty)
    #expect(!Results(study).impact(of: claim.corrections).changesResults)
  }

  /// Ginsburgh and Noury 2008, Gatherer 2006: Greece and Cyprus favour each other, as do neighbours of the Balkans and the former Soviet Union. In the finals
  /// from 1975 Cyprus gave Greece 8.95 points more than the other voters did, and Greece gave Cyprus 8.51 (the folder's `expected.json`).
  @Test func `Eurovision's textbook pairs are found`() throws {
    let study = try Self.study("eurovision_1957_2019/data.csv")
    let tests = try #require(ClaimTests(RaterGroupFavouritism.self, study))
    let pValues = tests.family.pValues
    let first = pValues.indices.sorted { pValues[$0] < pValues[$1] }.prefix(10).map { i in
      let subjects = tests.family.subjects(i)
      return "\(subjects.raters[0]) to \(subjects.groups[0])"
    }
    #expect(first.first == "Cyprus to Greece")
    for pair in ["Greece to Cyprus", "Romania to Moldova", "Moldova to Romania", "Slovenia to Croatia"] {
      #expect(first.contains(pair), "\(first)")
    }
    #expect(pValues.min()! < 1e-9)
  }

  /// Four identical items as shipped with the R package immer: damage, and nothing to be said about judges.
  @Test func `damaged data are called damaged, and nobody is accused`() throws {
    let reading = try ScoreReader.read(.file(PublishedData.folder.appending(path: "skating_pairs_2002_corrupt/data.csv").path))
    let report = try Screen.run(reading.table, campaign: Campaign(), options: Screen.Options()).report
    #expect(report.findings.first?.rule == "duplicate-criteria")
    for outcome in report.rules where RuleRegistry.rule(outcome.id)?.card.kind == .claim {
      guard case .notEvaluated = outcome.status else {
        Issue.record("\(outcome.id) was evaluated")
        continue
      }
    }
    #expect(report.findings.allSatisfy { $0.pValue == nil })
    #expect(report.calibration == nil)
  }
}
