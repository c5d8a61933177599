import ArgumentParser
import Simulation

/// What was typed about a campaign to simulate.
struct SimulationArguments: ParsableArguments {
  @Option(
    help: help("The folder to write to; it is made if need be.", zh: "写入的文件夹；不存在则新建。", "folder"), completion: .directory)
  var out: String
  @Option(
    help: help(
      "The campaign to begin with: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")). The default is case, a city's yearly assessment.",
      zh: "以哪一种考评活动为基础：\(Preset.allCases.map(\.rawValue).joined(separator: "、"))；默认 case，即一次城市年度目标考评。", "name"),
    completion: .list(Preset.allCases.map(\.rawValue)))
  var preset: String?
  @Option(
    parsing: .unconditional, help: help("Seed; the same seed gives the same files. The default is 1.", zh: "随机种子；种子相同则文件相同；默认 1。", "number")
  )
  var seed: String?
  @Flag(help: help("Plant nothing: every rater is honest.", zh: "不植入任何问题：所有考评员均公正评分。"))
  var honest = false
  @Option(
    help: help(
      "Plant this many, as severe=2, or this share, as random=5%; replaces what the preset plants; may be repeated. Kinds: \(Anomaly.allCases.map(\.rawValue).joined(separator: ", ")).",
      zh: "植入的种类和数量，如 severe=2，或比例，如 random=5%；取代原有设置；可重复。种类：\(Anomaly.allCases.map(\.rawValue).joined(separator: "、"))。", "kind=amount"))
  var plant: [String] = []
  @Option(parsing: .unconditional, help: help("Scales what is planted; 1 is full strength.", zh: "所植入问题的强度；1 为原强度。", "number"))
  var strength: String?

  @Option(parsing: .unconditional, help: help("Raters (departments not counted).", zh: "考评员人数（不含部门）。", "number"))
  var raters: String?
  @Option(parsing: .unconditional, help: help("Units.", zh: "被考评单位数。", "number"))
  var units: String?
  @Option(parsing: .unconditional, help: help("Criteria of a score sheet.", zh: "每张评分表的指标数。", "number"))
  var criteria: String?
  @Option(parsing: .unconditional, help: help("Raters in a team.", zh: "每个考评组人数。", "number"))
  var teamSize: String?
  @Option(parsing: .unconditional, help: help("Affiliations.", zh: "归属数。", "number"))
  var groups: String?
  @Option(
    parsing: .unconditional,
    help: help("Raters who score each unit (not for nested presets).", zh: "每个被考评单位由几名考评员评分（不用于 nested 类）。", "number"))
  var panel: String?
  @Option(
    help: help(
      "The scale: continuous (0 to 100 by halves), ordinal (1 to 7) or full-marks (5, 10, 15, 100 in turn).",
      zh: "分制：continuous（0–100，步长 0.5）、ordinal（1–7）或 full-marks（满分依次为 5、10、15、100）。", "scale"),
    completion: .list(["continuous", "ordinal", "full-marks"]))
  var variant: String?

  @Option(parsing: .unconditional, help: help("The level of an average score, of 100.", zh: "平均分水平（满分 100）。", "points"))
  var mean: String?
  @Option(
    parsing: .unconditional,
    help: help("Standard deviation of an error that the scores of a sheet share.", zh: "同一评分表各评分共有误差的标准差。", "points"))
  var sheetSd: String?
  @Option(
    parsing: .unconditional,
    help: help("Degrees of freedom of Student-t noise; without it noise is normal.", zh: "t 分布噪声的自由度；不写则为正态。", "number"))
  var tailDf: String?
  @Option(
    parsing: .unconditional,
    help: help("How much less noise the better units get, per standard deviation.", zh: "单位每好一个标准差，噪声减小的程度。", "number"))
  var levelNoise: String?
  @Option(
    parsing: .unconditional,
    help: help("Spread of the raters' own noise levels (standard deviation of the logarithm).", zh: "各考评员噪声水平的离散程度（对数标准差）。", "number"))
  var raterNoise: String?
  @Option(parsing: .unconditional, help: help("The share of score sheets that are missing.", zh: "缺失评分表的比例。", "share"))
  var missing: String?
  @Option(parsing: .unconditional, help: help("The highest share of full marks that is ever given.", zh: "最高得分占满分的比例。", "share"))
  var ceiling: String?
  @Option(parsing: .unconditional, help: help("The share of score sheets that an audit scores again.", zh: "由复核重新评分的评分表比例。", "share"))
  var audit: String?
}
