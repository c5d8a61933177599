import Foundation
public import Scores
import Wording
import Yams

/// Reads `campaign.yml`, the rules of a campaign. Every key may be left out; a key that is not known is an error.
///
/// ```yaml
/// name: Target assessment 2026
/// columns:                       # role: header (or number) of the column in the score file
///   rater: 考评员
///   unit: 单位
/// scale: {min: 0, max: 100, step: 0.5}
/// criteria:                      # what differs for single criteria
///   党的建设: {max: 15, step: 0.5, full: 15, weight: 2}
/// result:
///   criteria: mean               # or sum: a sheet's result from its criteria
///   raters: {trim: [1, 1]}       # or mean, or median: a unit's result from its sheets; here without the lowest and the highest
/// awards:
///   - {name: exemplary, top: 5, category: county}
///   - {name: deduction, below: 60}          # top, bottom, at_least or below
/// roster:
///   - {rater: A01, team: Team 1, group: Finance}
/// panel_size: 5                  # raters that every unit should have
/// complete_sheets: true          # every sheet must hold every criterion of its unit
/// error_budget: 0.05             # the share of false findings that is accepted
/// ```
///
/// `full` are a criterion's full marks where they are not its maximum. A criterion's `min`, `max` and `step` replace those of `scale`
/// one by one.
public enum CampaignReader {
  /// Reads the file at `path`. Throws everything that is wrong with it.
  public static func read(path: String) throws(CampaignFileError) -> Campaign {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      let problem = CampaignProblem(
        line: nil, message: Text("the file cannot be read", zh: "无法读取文件"),
        remedy: Text("Check the path and the right to read it.", zh: "请检查路径和读取权限。"))
      throw CampaignFileError(source: path, problems: [problem])
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      let problem = CampaignProblem(
        line: nil, message: Text("the text is not valid UTF-8", zh: "文字不是有效的 UTF-8 编码"),
        remedy: Text("Save the file as UTF-8.", zh: "请将文件另存为 UTF-8。"))
      throw CampaignFileError(source: path, problems: [problem])
    }
    return try parse(text, source: path)
  }

  /// Reads the text of a campaign file; `source` is its name in messages. An empty text is a campaign with nothing laid down.
  public static func parse(_ text: String, source: String = "campaign.yml") throws(CampaignFileError) -> Campaign {
    var reader = NodeReader()
    var campaign = Campaign()
    do {
      if let root = try Yams.compose(yaml: text), !reader.isNull(root) { campaign = CampaignReader.campaign(root, &reader) }
    } catch {
      throw CampaignFileError(source: source, problems: [problem(of: error)])
    }
    guard reader.problems.isEmpty else {
      throw CampaignFileError(source: source, problems: reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
    return campaign
  }

  private static func problem(of error: any Error) -> CampaignProblem {
    let remedy = Text("Check indentation, colons and quotation marks.", zh: "请检查缩进、冒号和引号。")
    func invalid(_ line: Int?, _ what: String) -> CampaignProblem {
      CampaignProblem(
        line: line, message: Text("this is not valid YAML: \(what)", zh: "不是有效的 YAML：\(YAMLWords.chinese(what))"), remedy: remedy)
    }
    switch error as? YamlError {
    case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _), .composer(_, let what, let mark, _):
      return invalid(mark.line, what)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "\($0)" }.sorted().joined(separator: ", ")
      return CampaignProblem(
        line: context.mark.line, message: Text("a key is written twice: \(keys)", zh: "键重复：\(keys)"),
        remedy: Text("Keep one of them.", zh: "请只保留一个。"))
    default: return invalid(nil, "\(error)")
    }
  }
}
