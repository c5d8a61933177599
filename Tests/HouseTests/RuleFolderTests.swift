import Detection
import Foundation
import Testing

/// The registry against the folder: a rule file that is not registered is a silent detector.
@Suite struct RuleFolderTests {
  static let ids = RuleRegistry.all.map { $0.card.id }

  /// Section 8 of the design: other programs read these ids.
  static let contract: Set<String> = [
    "design-disconnected", "design-confounded-team", "panel-too-small", "duplicate-score", "score-off-scale", "missing-sheet",
    "unrostered-rater", "unapproved-substitution", "outside-window", "missing-evidence", "missing-sign-off", "changed-after-sign-off",
    "rater-severity", "rater-inconsistency", "rater-central-tendency", "rater-halo", "rater-straight-lining", "rater-drift",
    "rater-digit-preference", "team-severity", "team-disagreement", "team-overagreement", "own-group-favouritism", "field-own-group-bias",
    "rater-unit-favouritism", "rater-group-favouritism", "rival-deflation", "reciprocity", "collusion-ring", "copied-sheets",
    "over-reporting",
    "under-reporting", "target-bunching", "digit-anomaly", "copied-report", "implausible-smoothness", "score-without-evidence",
    "score-outlier",
    "unit-profile-outlier", "rater-profile-outlier",
  ]

  /// Ids that are not in the contract and were added since, each on purpose.
  static let additions: Set<String> = [
    "duplicate-criteria", "own-group-criterion", "rater-repeated-sheets", "similar-names", "team-unit-favouritism",
  ]

  /// `Rules/<family>/OwnGroupFavouritism.swift` holds `own-group-favouritism`: files in a family folder that declare a rule.
  static var fileIDs: [String] {
    Tree.files(under: "Sources/Detection/Rules").compactMap { file in
      let parts = file.path.split(separator: "/")
      guard parts.count == 5, Tree.code(of: file.text).contains(/(struct|enum)\s+\w+\s*:\s*[^{]*\bRule\b/) else { return nil }
      let name = parts[4].dropLast(".swift".count)
      var id = ""
      for character in name {
        if character.isUppercase && !id.isEmpty { id += "-" }
        id += character.lowercased()
      }
      return id
    }
  }

  @Test func `every rule file is registered, and named after its id`() {
    #expect(Set(Self.fileIDs) == Set(Self.ids))
  }

  @Test func `ids are unique`() {
    #expect(Set(Self.ids).count == Self.ids.count)
  }

  @Test func `ids are spelled as in the contract`() {
    for id in Self.ids { #expect(Self.contract.contains(id) || Self.additions.contains(id), "\(id)") }
  }

  @Test func `every card speaks both languages and says what else may explain it`() {
    for rule in RuleRegistry.all {
      let card = rule.card
      let texts = [card.title, card.question, card.statistic, card.null] + card.explanations + card.checks
      for text in texts {
        #expect(!text.en.isEmpty && !text.zh.isEmpty, "\(card.id)")
        #expect(text.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(card.id): \(text.zh)")
      }
      #expect(!card.explanations.isEmpty && !card.checks.isEmpty, "\(card.id)")
    }
  }
}
