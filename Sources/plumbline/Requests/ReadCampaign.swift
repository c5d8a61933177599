import CampaignFile
import Detection
import Foundation
import Scores
import Wording

/// A campaign as it was read: the table, the rules, and what the report must name.
struct ReadCampaign {
  var table: ScoreTable
  var campaign: Campaign
  var inputs: [Input]
  var missing: Int

  /// Most problems shown of one file; all are counted.
  static let shownProblems = 50

  init(_ request: InputRequest, display: DisplayRequest, _ console: Console, progress: Progress) throws {
    let language = display.language
    campaign = Campaign()
    inputs = []
    if let over = request.overCriteria { campaign.result.overCriteria = over }
    let reading: ScoreReading
    do {
      reading = try ScoreReader.read(request.source, options: request.reading)
    } catch {
      let shown = ScoreReadingError(source: error.source, problems: Array(error.problems.prefix(Self.shownProblems)), total: error.total)
      throw InputError(lines: shown.description(in: language).split(separator: "\n").map(String.init))
    }
    table = reading.table
    missing = reading.missingCount
    progress.pause()
    if !display.quiet { console.complain(Self.remarks(reading, source: request.source.name, language)) }
  }

  /// How the file was understood, and which records hold no score.
  private static func remarks(_ reading: ScoreReading, source: String, _ language: Language) -> [String] {
    var lines = reading.notes.map { "\(source)\(language == .en ? ": " : "：")\($0(language))" }
    guard reading.missingCount > 0 else { return lines }
    let listed = reading.missing.prefix(10).map { missing in
      missing.text.isEmpty
        ? "\(missing.line)" : language == .en ? "\(missing.line) (“\(missing.text)”)" : "\(missing.line)（“\(missing.text)”）"
    }
    let more = reading.missingCount - listed.count
    lines.append(
      Text(
        "\(source): \(reading.missingCount) records hold no score and are left out, lines \(listed.joined(separator: ", "))"
          + (more > 0 ? " and \(more) more." : "."),
        zh: "\(source)：\(reading.missingCount) 条记录没有得分，未计入，行号 \(listed.joined(separator: "、"))" + (more > 0 ? "，另有 \(more) 条。" : "。"))(
          language))
    return lines
  }
}
