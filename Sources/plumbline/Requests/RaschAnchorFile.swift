import Models
import Scores
import Wording

/// The file of `--anchor`: facet, element, measure, a row for each value to hold.
enum RaschAnchorFile {
  static func read(
    _ path: String, _ data: RaschReading, _ request: AnalysisRequest, scales: RatingScales, _ console: Console
  ) throws -> RaschAnchors {
    let (table, _) = try AnalysisReading.columns(of: path, request, console) { _ in
      [ColumnChoice("facet", .factor), ColumnChoice("element", .factor), ColumnChoice("measure", .numbers)]
    }
    guard case .factor(let facets) = table.columns[0].values, case .factor(let elements) = table.columns[1].values,
      case .numbers(let measures) = table.columns[2].values
    else { preconditionFailure("columns are read as they were asked for") }
    var anchors = RaschAnchors()
    var thresholds: [Int: Double] = [:]
    var problems: [String] = []
    var unused: [String] = []
    let language = request.display.language
    func complain(_ row: Int, _ en: String, zh: String) {
      problems.append(Text("\(path), line \(table.line[row]): \(en)", zh: "\(path)，第 \(table.line[row]) 行：\(zh)")(language))
    }
    let levels = data.facets.map { facet in Dictionary(zip(facet.names, facet.names.indices)) { first, _ in first } }
    for row in 0..<table.count {
      guard facets.codes[row] >= 0, elements.codes[row] >= 0, measures[row].isFinite else {
        complain(row, "facet, element and measure are all needed.", zh: "facet、element、measure 三项均须填写。")
        continue
      }
      let facet = facets.names[Int(facets.codes[row])]
      let element = elements.names[Int(elements.codes[row])]
      if facet == "threshold" {
        let steps = (Double(element) ?? .nan) / data.scores.step
        guard let category = Int(exactly: steps.rounded()), abs(steps - steps.rounded()) < 1e-6 else {
          complain(
            row, "the element of a threshold is a score that can be given, not \(element).",
            zh: "阈值的 element 应为可评出的分值，而不是 \(element)。")
          continue
        }
        if thresholds[category] != nil {
          complain(row, "threshold \(element) is held a second time; keep one of the rows.", zh: "阈值 \(element) 重复固定；请只保留一行。")
        }
        thresholds[category] = measures[row]
        continue
      }
      guard let f = data.facets.firstIndex(where: { $0.id == facet }) else {
        let known = data.facets.map(\.id)
        complain(
          row, "\(facet) is no facet here; the facets are \(known.joined(separator: ", ")), threshold.",
          zh: "没有侧面 \(facet)；可用的有 \(known.joined(separator: "、"))、threshold。")
        continue
      }
      // An element that these scores do not have is no mistake: anchor files hold whole item banks.
      guard let level = levels[f][element] else {
        unused.append("\(facet) \(element)")
        continue
      }
      if anchors.measures[f]?[level] != nil {
        complain(row, "\(facet) \(element) is held a second time; keep one of the rows.", zh: "\(facet) \(element) 重复固定；请只保留一行。")
      }
      anchors.measures[f, default: [:]][level] = measures[row]
    }
    if !thresholds.isEmpty {
      if scales == .shared {
        let scores = data.scores.categories
        let (low, high) = (Int(scores.min() ?? 0), Int(scores.max() ?? 0))
        anchors.thresholds[0] = thresholds.keys.sorted().filter { $0 > low && $0 <= high }.map { thresholds[$0]! }
      } else {
        problems.append(
          Text("\(path): thresholds can be held with --model rating-scale only.", zh: "\(path)：仅在 --model rating-scale 下可固定阈值。")(language))
      }
    }
    if !problems.isEmpty { throw InputError(lines: problems) }
    if !unused.isEmpty, !request.display.quiet {
      let shown = unused.prefix(10)
      let (en, zh) = (shown.joined(separator: ", "), shown.joined(separator: "、"))
      let more = unused.count - shown.count
      console.complain([
        Text(
          "\(path): not among these scores, so without effect: \(en)\(more > 0 ? " and \(more) more" : "").",
          zh: "\(path)：以下各项不在本次评分中，固定值未起作用：\(zh)\(more > 0 ? "，另有 \(more) 项" : "")。")(language)
      ])
    }
    return anchors
  }
}
