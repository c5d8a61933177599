import Models
import Scores
import Wording

/// What a Rasch model is to be fitted to and how: values made of `RaschArguments`.
struct RaschRequest {
  enum Scales: Equatable {
    case shared
    case each(String)
  }

  var path: String
  /// How the table of scores is read.
  var reading: ScoreReadingOptions
  /// As typed; nil takes rater, unit and criterion where there is one.
  var facets: [String]?
  var roundTo: Double?
  var scales: Scales
  var method: RaschMethod
  var uncentred: String?
  var anchor: String?
  var extreme: Double
  var bias: [(String, String)] = []
  var unexpected: Double
  /// What shaped the result, for the report.
  var options: [(name: String, value: String)] = []

  /// - Parameter reading: how any file of this command is read.
  init(_ typed: RaschArguments, reading: ScoreReadingOptions, _ problems: inout Problems) {
    path = typed.scores
    self.reading = reading
    self.reading.name(typed.columns.named, &problems)
    self.reading.lay(typed.layout, &problems)
    if let list = typed.facets {
      let names = list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
      if names.contains("") || Set(names).count < names.count || names.count < 2 {
        problems.add(
          "--facets \(list): name two or more different facets, separated by commas.", zh: "--facets \(list)：请列出两个以上互不相同的侧面，用逗号分隔。")
      }
      facets = names
    }
    roundTo = problems.number(typed.roundTo, option: "--round-to", above: 0)
    let model = problems.choice(
      typed.model, option: "--model", default: Scales.shared,
      ["rating-scale": .shared, "partial-credit": .each("criterion"), "rater-scales": .each("rater")])
    if let by = typed.by {
      if typed.model == "rating-scale" {
        problems.add("--by goes with --model partial-credit.", zh: "--by 须与 --model partial-credit 同用。")
      }
      scales = .each(by)
    } else {
      scales = model
    }
    let marginal = problems.choice(typed.method, option: "--method", default: false, ["jml": false, "mml": true])
    if marginal, typed.biasCorrection {
      problems.add(
        "--bias-correction is for --method jml; marginal estimation needs none.", zh: "--bias-correction 用于 --method jml；边际估计无需校正。")
    }
    if typed.anchor != nil, typed.biasCorrection {
      problems.add(
        "--bias-correction would move everything but the anchors; leave one of the two out.",
        zh: "--bias-correction 会移动固定值以外的一切，与 --anchor 不能同用。")
    }
    method = marginal ? .marginal : .joint(typed.biasCorrection ? .lengthFactor : .none)
    uncentred = typed.uncentred
    anchor = typed.anchor
    extreme = problems.number(typed.extreme, option: "--extreme", above: 0) ?? 0.3
    unexpected = problems.number(typed.unexpected, option: "--unexpected", above: 0) ?? 2
    for pair in typed.bias {
      let ends = pair.split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmed }
      if ends.count == 2, ends[0] != ends[1], !ends.contains("") {
        bias.append((ends[0], ends[1]))
      } else {
        problems.add("--bias \(pair): name two facets, as rater:unit.", zh: "--bias \(pair)：请写两个侧面，如 rater:unit。")
      }
    }
    if isWide, let facet = facets?.first(where: { !["rater", "unit", "criterion"].contains($0) }) {
      problems.add(
        "--facets \(facet): a wide table has rater, unit and criterion only.", zh: "--facets \(facet)：宽表只有 rater、unit 和 criterion。")
    }
    note(typed)
  }

  /// Whether scores are said to stand side by side.
  var isWide: Bool { reading.scoreColumns != nil || reading.layout == .wideRaters || reading.layout == .wideCriteria }

  private mutating func note(_ typed: RaschArguments) {
    func add(_ name: String, _ value: String?) { if let value { options.append((name, value)) } }
    add("facets", typed.facets)
    for (role, column) in typed.columns.named { add(role.rawValue, column) }
    add("layout", typed.layout.layout)
    add("score-columns", reading.scoreColumns?.joined(separator: ","))
    add("round-to", typed.roundTo)
    add("model", typed.model ?? (typed.by == nil ? "rating-scale" : nil))
    add("by", typed.by)
    add("method", typed.method ?? "jml")
    if typed.biasCorrection { add("bias-correction", "true") }
    add("uncentred", typed.uncentred)
    add("anchor", typed.anchor)
    add("extreme", typed.extreme)
    add("bias", typed.bias.isEmpty ? nil : typed.bias.joined(separator: ","))
    add("unexpected", typed.unexpected)
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while let first = text.first, first == " " { text.removeFirst() }
    while let last = text.last, last == " " { text.removeLast() }
    return String(text)
  }
}
