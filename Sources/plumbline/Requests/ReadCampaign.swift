import CampaignFile
import Detection
import Digest
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
  static let shownProblems = 10_000

  init(_ request: InputRequest, display: DisplayRequest, _ console: Console, progress: Progress) throws {
    let language = display.language
    (campaign, inputs) = try Self.rules(at: request.campaignPath, language)
    if let over = request.overCriteria { campaign.result.overCriteria = over }
    var options = request.reading
    // What was typed beats what the campaign file says.
    options.takeColumns(of: campaign)
    let digest = SharedDigest()
    options.onChunk = { digest.update($0) }
    let reading: ScoreReading
    do {
      reading = try ScoreReader.read(request.source, options: options)
    } catch {
      let shown = ScoreReadingError(source: error.source, problems: Array(error.problems.prefix(Self.shownProblems)), total: error.total)
      throw InputError(lines: shown.description(in: language).split(separator: "\n").map(String.init))
    }
    inputs.insert(Input(name: request.source.name, sha256: digest.hexadecimal()), at: 0)
    table = reading.table
    missing = reading.missingCount
    progress.pause()
    if !display.quiet { console.complain(Self.remarks(reading, source: request.source.name, language)) }
  }

  /// The campaign file and its digest; the defaults and nothing when there is none.
  private static func rules(at path: String?, _ language: Language) throws -> (Campaign, [Input]) {
    guard let path else { return (Campaign(), []) }
    do {
      let campaign = try CampaignReader.read(path: path)
      // Read once more for its digest: it is small.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      return (campaign, [Input(name: path, sha256: SHA256Digest.of(Array(bytes)))])
    } catch let error as CampaignFileError {
      let shown = CampaignFileError(source: error.source, problems: Array(error.problems.prefix(shownProblems)))
      var lines = shown.description(in: language).split(separator: "\n").map(String.init)
      let more = error.problems.count - shownProblems
      if more > 0 { lines.append(Text("\(path): \(more) more problems are not listed", zh: "\(path)：另有 \(more) 个问题未列出")(language)) }
      throw InputError(lines: lines)
    } catch {
      let reason = SystemErrorText.reason(of: error)
      throw InputError(lines: [Text("\(path): \(reason.en)", zh: "\(path)：\(reason.zh)")(language)])
    }
  }

  /// How the file was understood, and which records hold no score.
  static func remarks(_ reading: ScoreReading, source: String, _ language: Language) -> [String] {
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
