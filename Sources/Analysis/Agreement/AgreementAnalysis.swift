public import Models
public import Scores
import Wording

/// `plumbline agreement`: how far raters agree, who pulls it down, and how many raters would be needed.
public enum AgreementAnalysis {
  public static let schema = "plumbline.agreement/1"

  /// - Throws: `AgreementError` when there is nothing to compare at all, or the named expert is not among the raters.
  public static func report(_ table: ScoreTable, _ options: AgreementOptions) throws(AgreementError) -> AnalysisReport {
    let setting = AgreementSetting(table, options)
    let criteria: [Int?] = options.byCriterion && table.criteria.count > 1 ? table.criteria.indices.map { $0 } : [nil]
    var groups: [AgreementSubjects] = []
    for criterion in criteria { groups.append(try AgreementSubjects(table, criterion: criterion, scale: setting.scale)) }
    if groups.allSatisfy({ $0.ratings.units(withAtLeast: 2).isEmpty }) { throw .nothingToCompare }
    if let expert = options.expert, !groups[0].raters.contains(expert) { throw .unknownName(expert) }
    var parts: [AnalysisReport.Part] = [
      .facts(facts(groups, setting)), .table(coefficients(groups, setting)), .remarks(remarks(groups, setting)),
    ]
    if options.labels != nil { parts += LabelTables(groups: groups, setting: setting).parts() }
    parts += InfluenceTables(groups: groups, setting: setting).parts()
    parts += DecisionTables(groups: groups, setting: setting).parts()
    parts += MonitoringTables(groups: groups, setting: setting).parts()
    var report = AnalysisReport(schema: schema, title: Text("Agreement between raters", zh: "考评员评分一致性"), parts: parts)
    report.options = [
      ("scale", setting.scale.rawValue), ("weights", setting.weightKind.rawValue), ("by", options.byCriterion ? "criterion" : "all"),
    ]
    if let labels = options.labels {
      report.options.append(("labels", options.labelsAreOrdered ? labels.joined(separator: ",") : "unordered"))
    }
    report.options += [
      ("bootstrap", String(options.bootstrap)), ("seed", String(options.seed)),
    ]
    report.options += unusual(options)
    return report
  }

  /// What changes the results and is not as usual, by the names on the command line.
  private static func unusual(_ options: AgreementOptions) -> [(String, String)] {
    let usual = AgreementOptions()
    var list: [(String, String)] = []
    func add(_ name: String, _ value: String?) { if let value { list.append((name, value)) } }
    func range(_ numbers: ClosedRange<Int>) -> String { "\(numbers.lowerBound)..\(numbers.upperBound)" }
    add("period", options.period.map(NumberText.shortest))
    add("weights-table", options.customWeights?.map { $0.map(NumberText.shortest).joined(separator: ",") }.joined(separator: ";"))
    add("coefficients", options.coefficients?.map(\.id).joined(separator: ","))
    var decide: [String] = []
    if options.raterNumbers != usual.raterNumbers { decide.append("raters=" + range(options.raterNumbers)) }
    if let numbers = options.criterionNumbers { decide.append("criteria=" + range(numbers)) }
    add("decide", decide.isEmpty ? nil : decide.joined(separator: ","))
    add("goal", options.goal == usual.goal ? nil : NumberText.shortest(options.goal))
    add("criteria", options.randomCriteria ? "random" : nil)
    add("expert", options.expert)
    add("retest", options.retest ? "true" : nil)
    add("tolerance", options.tolerance.map(NumberText.shortest))
    add("full-marks", options.fullMarks.map(NumberText.shortest))
    add("third-mark", options.thirdMark.map(NumberText.shortest))
    add("level", options.level == usual.level ? nil : NumberText.shortest(options.level))
    return list
  }

  private static func facts(_ groups: [AgreementSubjects], _ setting: AgreementSetting) -> AnalysisFacts {
    let ratings = groups.reduce(0) { $0 + $1.ratings.count }
    let subjects = groups.reduce(0) { $0 + $1.units.count }
    let pairable = groups.reduce(0) { $0 + $1.ratings.units(withAtLeast: 2).count }
    var active: Set<Int> = []
    for group in groups { active.formUnion(group.ratings.activeRaters) }
    var facts = [
      AnalysisFacts.Fact("raters", Text("raters", zh: "考评员"), .count(active.count)),
      AnalysisFacts.Fact("subjects", Text("subjects (a unit on a criterion)", zh: "被评对象（单位 × 指标）"), .count(subjects)),
      AnalysisFacts.Fact("pairable", Text("of these with two scores or more", zh: "其中有两个以上评分的"), .count(pairable)),
      AnalysisFacts.Fact("scores", Text("scores", zh: "评分"), .count(ratings)),
      AnalysisFacts.Fact("scale", Text("scale", zh: "尺度"), .words(scaleWords(setting))),
    ]
    if let labels = setting.options.labels {
      let names = labels.map { visible($0, limit: 30) }
      facts.append(
        AnalysisFacts.Fact(
          "labels", setting.hasOnlyNames ? Text("labels, in no order", zh: "类别（无次序）") : Text("labels, from the lowest up", zh: "类别（由低到高）"),
          .words(Text(names.joined(separator: ", "), zh: names.joined(separator: "、")))))
    }
    let merged = groups.reduce(0) { $0 + $1.merged }
    if merged > 0 {
      facts.append(AnalysisFacts.Fact("merged", Text("second scores of the same rater, merged", zh: "同一考评员重复评分，已合并"), .count(merged)))
    }
    return AnalysisFacts(id: "data", title: Text("What was compared", zh: "比较对象"), facts: facts)
  }

  private static func scaleWords(_ setting: AgreementSetting) -> Text {
    let scale = AgreementWords.scale(setting.scale)
    return setting.scaleWasSeen
      ? Text("\(scale.en) (seen from the scores; --scale says otherwise)", zh: "\(scale.zh)（按得分判断，可用 --scale 指定）") : scale
  }

  private static func coefficients(_ groups: [AgreementSubjects], _ setting: AgreementSetting) -> AnalysisTable {
    let percent = setting.options.level.percentage
    let columns = [
      AnalysisTable.Column("coefficient", Text("coefficient", zh: "系数")),
      AnalysisTable.Column("estimate", Text("estimate", zh: "估计值"), .fixed(3)),
      AnalysisTable.Column("low", Text("\(percent) low", zh: "\(percent) 下限"), .fixed(3)),
      AnalysisTable.Column("high", Text("high", zh: "上限"), .fixed(3)),
      AnalysisTable.Column("label", Text("at least", zh: "至少为")),
      AnalysisTable.Column("probability", Text("prob.", zh: "概率"), .fixed(2)),
      AnalysisTable.Column("method", Text("interval from", zh: "区间来源")),
    ]
    let rows = groups.flatMap { group in
      let input = CoefficientInput(group.ratings, setting)
      return setting.coefficients.map { coefficient in
        let estimate = coefficient.estimate(input)
        let cells: [AnalysisValue] = [
          .words(coefficient.name(input)), .number(estimate.value), .number(estimate.low), .number(estimate.high),
          estimate.label.map { .words(AgreementWords.label($0.label)) } ?? .none, .optional(estimate.label?.cumulativeProbability),
          .words(estimate.method),
        ]
        return group.prefix + cells
      }
    }
    return AnalysisTable(
      id: "coefficients", title: Text("How far do they agree?", zh: "一致程度"), columns: groups.prefixColumns + columns, rows: rows,
      note: Text(
        "“At least” is the best word that is deserved with probability 0.95 (Landis–Koch; Koo–Li for ICC); such bounds, like Krippendorff's .667 and .800 for α, are customary, not law. 1 is full agreement, 0 what chance alone would give. ICC: “level” counts severity against agreement, “order” does not, “own panels” takes every subject to have raters of its own.",
        zh:
          "“至少为”是以 0.95 的概率可达到的最高等级（Landis–Koch；ICC 用 Koo–Li）；这些界限以及 Krippendorff 对 α 提出的 .667 和 .800 都是惯例，并非定规。1 为完全一致，0 为纯属偶然。ICC“计宽严”把宽严差异算作不一致，“不计宽严”不算，“各对象考评员不同”视每个对象各有一组考评员。"
      ),
      shownRows: 200)
  }

  private static func remarks(_ groups: [AgreementSubjects], _ setting: AgreementSetting) -> [Text] {
    var remarks: [Text] = []
    if setting.hasOnlyNames {
      remarks.append(
        Text(
          "Scores are names in no order: two scores are the same or they are not. Weights, intraclass correlations and ranks need an order: --order A,B,C names it, from the lowest up.",
          zh: "得分是没有次序的类别，只分相同与不同。加权系数、组内相关系数和秩相关须有次序：可用 --order A,B,C 由低到高写明。"))
    } else if setting.options.labels != nil, setting.coefficients.contains(where: { $0.needsOrder }) {
      remarks.append(
        Text(
          "Ordered names are taken as levels 1, 2, 3…; intraclass correlations and quadratic weights take the steps between them as equal.",
          zh: "有次序的类别按 1、2、3……级处理；组内相关系数和二次加权视各级间距相等。"))
    }
    if groups.count == 1, groups[0].hasSeveralCriteria {
      remarks.append(
        Text(
          "Each unit on each criterion is one subject, so differences between criteria count as differences between subjects and raise agreement. --by criterion takes each criterion by itself.",
          zh: "每个单位的每项指标各算一个被评对象，指标之间的差别也算对象之间的差别，会抬高一致性。用 --by criterion 可逐项指标计算。"))
    } else if groups.count > 1 {
      remarks.append(Text("Each criterion is taken by itself; a subject is a unit.", zh: "逐项指标计算，被评对象即单位。"))
    }
    remarks.append(
      Text(
        "Agreement is not correctness: raters can agree on a wrong score, and the one who differs may be right.",
        zh: "一致不等于正确：考评员可能同时评错，意见不同的那一位也可能是对的。"))
    return remarks
  }
}
