import Detection
import Wording

/// Rule ids as they are typed.
enum RuleNames {
  static var all: [String] { RuleRegistry.all.map { $0.card.id } }

  /// Ids that other documents name and that this version has no rule for.
  static let notYet: Set<String> = [
    "unapproved-substitution", "outside-window", "missing-evidence", "missing-sign-off", "changed-after-sign-off", "rater-central-tendency",
    "rater-halo",
    "team-disagreement", "team-overagreement", "rival-deflation", "over-reporting", "under-reporting", "target-bunching", "digit-anomaly",
    "copied-report",
    "implausible-smoothness", "score-without-evidence", "unit-profile-outlier",
  ]

  /// What is wrong with a typed rule id, with those that look like it; nil when nothing is.
  static func problem(_ typed: String, option: String?, known: [String] = all) -> Text? {
    guard !known.contains(typed) else { return nil }
    if notYet.contains(typed) {
      return Text(
        "\(option.map { "\($0) " } ?? "")\(typed): this version has no such rule yet.",
        zh: "\(option.map { "\($0) " } ?? "")\(typed)：本版本尚无这条规则。")
    }
    let near = nearest(to: typed, among: known)
    let prefix = option.map { "\($0) " } ?? ""
    let didYouMean =
      near.isEmpty ? Text("", zh: "") : Text(" Did you mean \(near.joined(separator: ", "))?", zh: "是否指 \(near.joined(separator: "、"))？")
    return Text(
      "\(prefix)\(typed): there is no such rule.\(didYouMean.en) `plumbline rules` lists all of them.",
      zh: "\(prefix)\(typed)：没有这条规则。\(didYouMean.zh)用 plumbline rules 可列出全部规则。")
  }

  /// At most three ids within a third of their length in edits, or that contain what was typed.
  static func nearest(to typed: String, among known: [String]) -> [String] {
    let typed = typed.lowercased()
    guard !typed.isEmpty, typed.utf8.count <= 100 else { return [] }
    return known.map { id in (id, id.contains(typed) ? 0 : edits(Array(typed.utf8), Array(id.utf8))) }
      .filter { id, distance in distance <= max(2, id.utf8.count / 3) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      .prefix(3).map(\.0)
  }

  /// Levenshtein distance.
  static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
