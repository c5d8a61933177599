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
  /// How the columns were understood.
  var notes: [Text]

  /// Most problems shown of one file; all are counted.
  static let shownProblems = 10_000

  /// - Parameter printsNotes: whether the notes are told at once, for reports that have no room for them.
  init(_ request: InputRequest, display: DisplayRequest, printsNotes: Bool, _ console: Console, progress: Progress) throws {
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
    let times = reading.table.unreadTimes.map(\.note)
    notes = reading.notes.filter { !times.contains($0) }
    if let path = request.campaignPath {
      let problems = Self.unmatched(campaign, table).map { language == .en ? "\(path): \($0.en)" : "\(path)：\($0.zh)" }
      if !problems.isEmpty { throw InputError(lines: problems) }
    }
    progress.pause()
    if !display.quiet { console.complain(Self.remarks(reading, source: request.source.name, notes: printsNotes, language)) }
  }

  /// Names of the campaign file that the scores do not have, and that would be passed over in silence: awards of a category without units, and
  /// criteria without scores where the scores have criteria that the file does not name. A campaign file may well name criteria that are not scored yet.
  private static func unmatched(_ campaign: Campaign, _ table: ScoreTable) -> [Text] {
    var problems: [Text] = []
    let categories = Set(table.units.compactMap(\.category))
    for award in campaign.awards {
      guard let category = award.category, !categories.contains(category) else { continue }
      let known = categories.sorted().prefix(10)
      problems.append(
        Text(
          "the award “\(award.name)” is for category “\(category)”, and no unit has it; categories in the scores: \(known.isEmpty ? "none" : known.joined(separator: ", ")). Correct the name or the scores.",
          zh: "奖惩项“\(award.name)”针对类别“\(category)”，但没有被考评单位属于该类别；得分表中的类别：\(known.isEmpty ? "无" : known.joined(separator: "、"))。请更正类别名称或得分表。"
        ))
    }
    let scored = Set(table.criteria)
    let strange = scored.subtracting(campaign.criteria.keys).sorted()
    let missing = campaign.criteria.keys.filter { !scored.contains($0) }.sorted()
    if !campaign.criteria.isEmpty, !strange.isEmpty, !missing.isEmpty {
      func list(_ names: [String], _ separator: String) -> String {
        names.prefix(10).joined(separator: separator) + (names.count > 10 ? " …" : "")
      }
      problems.append(
        Text(
          "these criteria have no scores: \(list(missing, ", ")); and the scores have criteria that are not named here: \(list(strange, ", ")). Correct the names, or name all criteria of the scores.",
          zh: "以下指标没有得分：\(list(missing, "、"))；而得分表中有此处未列出的指标：\(list(strange, "、"))。请更正名称，或列出得分表中的全部指标。"))
    }
    return problems
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
  static func remarks(_ reading: ScoreReading, source: String, notes: Bool = true, _ language: Language) -> [String] {
    var lines = (notes ? reading.notes : []).map { "\(source)\(language == .en ? ": " : "：")\($0(language))" }
    guard reading.missingCount > 0 else { return lines }
    // A line once, however many of its cells are blank.
    var listed: [String] = []
    var told = 0
    for missing in reading.missing {
      let place =
        missing.text.isEmpty
        ? "\(missing.line)" : language == .en ? "\(missing.line) (“\(missing.text)”)" : "\(missing.line)（“\(missing.text)”）"
      if listed.last != place {
        if listed.count == 10 { break }
        listed.append(place)
      }
      told += 1
    }
    let more = reading.missingCount - told
    lines.append(
      Text(
        "\(source): \(reading.missingCount) \(reading.missingCount == 1 ? "score is" : "scores are") blank or said to be absent and left out, lines \(listed.joined(separator: ", "))"
          + (more > 0 ? " and \(more) more." : "."),
        zh: "\(source)：\(reading.missingCount) 个得分空缺，未计入，行号 \(listed.joined(separator: "、"))" + (more > 0 ? "，另有 \(more) 个。" : "。"))(
          language))
    return lines
  }
}
