import Models
import Scores
import Wording

/// The file of `--anchor`: facet, element, measure, a row for each value to hold.
struct RaschAnchorFile {
  private let path: String
  private let data: RaschReading
  private let language: Language
  /// Each facet's elements by name.
  private let levels: [[String: Int]]
  private var anchors = RaschAnchors()
  private var thresholds: [Int: Double] = [:]
  private var problems: [String] = []
  private var unused: [String] = []

  static func read(
    _ path: String, _ data: RaschReading, _ request: AnalysisRequest, scales: RatingScales, _ console: Console
  ) throws -> RaschAnchors {
    let (table, _) = try AnalysisReading.columns(of: path, request, console) { _ in
      [ColumnChoice("facet", .factor), ColumnChoice("element", .factor), ColumnChoice("measure", .numbers)]
    }
    guard case .factor(let facets) = table.columns[0].values, case .factor(let elements) = table.columns[1].values,
      case .numbers(let measures) = table.columns[2].values
    else { preconditionFailure("columns are read as they were asked for") }
    var file = RaschAnchorFile(path, data, request.display.language)
    for row in 0..<table.count {
      let line = Int(table.line[row])
      guard facets.codes[row] >= 0, elements.codes[row] >= 0, measures[row].isFinite else {
        file.complain(line, "facet, element and measure are all needed.", zh: "facet、element、measure 三项均须填写。")
        continue
      }
      let facet = facets.names[Int(facets.codes[row])]
      let element = elements.names[Int(elements.codes[row])]
      if facet == "threshold" {
        file.holdThreshold(of: element, at: measures[row], line: line)
      } else {
        file.hold(element, of: facet, at: measures[row], line: line)
      }
    }
    file.placeThresholds(on: scales)
    if !file.problems.isEmpty { throw InputError(lines: file.problems) }
    if !request.display.quiet { file.tellUnused(console) }
    return file.anchors
  }

  private init(_ path: String, _ data: RaschReading, _ language: Language) {
    (self.path, self.data, self.language) = (path, data, language)
    levels = data.facets.map { facet in Dictionary(zip(facet.names, facet.names.indices)) { first, _ in first } }
  }

  private mutating func complain(_ line: Int, _ en: String, zh: String) {
    problems.append(Text("\(path), line \(line): \(en)", zh: "\(path)，第 \(line) 行：\(zh)")(language))
  }

  private mutating func holdThreshold(of score: String, at measure: Double, line: Int) {
    let steps = (Double(score) ?? .nan) / data.scores.step
    guard let category = Int(exactly: steps.rounded()), abs(steps - steps.rounded()) < 1e-6 else {
      return complain(
        line, "the element of a threshold is a score that can be given, not \(score).", zh: "阈值的 element 应为可评出的分值，而不是 \(score)。")
    }
    if thresholds[category] != nil {
      complain(line, "threshold \(score) is held a second time; keep one of the rows.", zh: "阈值 \(score) 重复固定；请只保留一行。")
    }
    thresholds[category] = measure
  }

  private mutating func hold(_ element: String, of facet: String, at measure: Double, line: Int) {
    guard let f = data.facets.firstIndex(where: { $0.id == facet }) else {
      let known = data.facets.map(\.id)
      return complain(
        line, "\(facet) is no facet here; the facets are \(known.joined(separator: ", ")), threshold.",
        zh: "没有侧面 \(facet)；可用的有 \(known.joined(separator: "、"))、threshold。")
    }
    // An element that these scores do not have is no mistake: anchor files hold whole item banks.
    guard let level = levels[f][element] else { return unused.append("\(facet) \(element)") }
    if anchors.measures[f]?[level] != nil {
      complain(line, "\(facet) \(element) is held a second time; keep one of the rows.", zh: "\(facet) \(element) 重复固定；请只保留一行。")
    }
    anchors.measures[f, default: [:]][level] = measure
  }

  private mutating func placeThresholds(on scales: RatingScales) {
    if thresholds.isEmpty { return }
    guard scales == .shared else {
      return problems.append(
        Text("\(path): thresholds can be held with --model rating-scale only.", zh: "\(path)：仅在 --model rating-scale 下可固定阈值。")(language))
    }
    let scores = data.scores.categories
    let (low, high) = (Int(scores.min() ?? 0), Int(scores.max() ?? 0))
    anchors.thresholds[0] = thresholds.sorted { $0.key < $1.key }.filter { $0.key > low && $0.key <= high }.map(\.value)
  }

  private func tellUnused(_ console: Console) {
    if unused.isEmpty { return }
    let shown = unused.prefix(10)
    let (en, zh) = (shown.joined(separator: ", "), shown.joined(separator: "、"))
    let more = unused.count - shown.count
    console.complain([
      Text(
        "\(path): not among these scores, so without effect: \(en)\(more > 0 ? " and \(more) more" : "").",
        zh: "\(path)：以下各项不在本次评分中，固定值未起作用：\(zh)\(more > 0 ? "，另有 \(more) 项" : "")。")(language)
    ])
  }
}
