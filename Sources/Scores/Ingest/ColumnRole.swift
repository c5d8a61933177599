public import Wording

/// What a column of a score file holds.
public enum ColumnRole: String, Sendable, CaseIterable {
  case rater, unit, criterion, score, team
  case raterGroup = "rater_group"
  case unitGroup = "unit_group"
  case category, round, sequence, time, evidence

  /// The role as it is written in `campaign.yml` and on the command line; case, spaces, hyphens and underscores do not matter.
  public init?(written text: String) {
    let folded = Header.fold(text)
    guard let role = ColumnRole.allCases.first(where: { Header.fold($0.rawValue) == folded }) else { return nil }
    self = role
  }

  /// The option that names its column, without the hyphens in front.
  var option: String { rawValue.split(separator: "_").joined(separator: "-") }

  public var term: Text {
    switch self {
    case .rater: Text("rater", zh: "考评员")
    case .unit: Text("unit", zh: "被考评单位")
    case .criterion: Text("criterion", zh: "指标")
    case .score: Text("score", zh: "得分")
    case .team: Text("team", zh: "考评组")
    case .raterGroup: Text("rater's affiliation", zh: "考评员归属")
    case .unitGroup: Text("unit's affiliation", zh: "单位归属")
    case .category: Text("category", zh: "类别")
    case .round: Text("round", zh: "轮次")
    case .sequence: Text("sequence", zh: "顺序")
    case .time: Text("time", zh: "时间")
    case .evidence: Text("evidence", zh: "依据")
    }
  }

  /// Whether only one column can hold it. Of several that could be the time or the sequence the first that can be read is taken; evidence is
  /// recognised, so that it is not taken for something else, and not read.
  var isUnique: Bool {
    switch self {
    case .sequence, .time, .evidence: false
    default: true
    }
  }

  /// Header texts, best first: a header of an earlier rank beats one of a later rank, and two of the same rank are ambiguous.
  /// The words are those of the field in English, and of Chinese assessment notices and score sheets.
  var headers: [[String]] {
    switch self {
    case .rater:
      [
        ["rater", "考评员"],
        [
          "judge", "assessor", "marker", "examiner", "scorer", "evaluator", "reviewer", "referee", "grader", "juror", "inspector",
          "assessed by",
          "scored by", "rater id", "rater name", "judge id", "judge name", "assessor id", "assessor name", "reviewer id", "marker id",
          "examiner id", "评委", "评分人", "打分人", "评分员", "评审", "评审员", "评审专家", "专家", "考官", "阅卷人", "阅卷员", "考核人", "考核员", "评价人", "评估人",
          "评估员", "裁判", "裁判员", "检查人", "检查员", "考评人", "考评人员", "考评员姓名", "评委姓名", "评分者", "打分者", "评委编号", "考评员编号",
        ],
      ]
    case .unit:
      [
        ["unit", "被考评单位"],
        [
          "candidate", "ratee", "applicant", "examinee", "participant", "contestant", "competitor", "athlete", "skater", "proposal",
          "application",
          "submission", "entry", "subject", "object", "assessee", "organisation", "organization", "student", "unit id", "unit name",
          "candidate id", "candidate name", "student id", "submission id", "proposal id", "单位", "被考核单位", "被评单位", "受评单位", "被评价单位", "被检查单位",
          "考核单位", "考核对象", "考评对象", "被考评对象", "评价对象", "评分对象", "单位名称", "考生", "考生号", "考生编号", "考生姓名", "选手", "选手姓名", "候选人", "参赛者", "参评单位",
          "被评人", "被考核人", "被考评人", "被评对象", "申报单位", "项目单位", "作品", "运动员", "学生", "县区", "区县", "部门单位",
        ],
      ]
    case .criterion:
      [
        ["criterion", "指标"],
        [
          "criteria", "item", "indicator", "aspect", "component", "trait", "question", "dimension", "measure", "target", "task",
          "criterion id",
          "criterion name", "指标名称", "考核指标", "考评指标", "评分指标", "评价指标", "项目", "考核项目", "考评项目", "评分项目", "评分项", "考评内容", "考核内容", "评分内容", "评价内容",
          "题目", "题号", "维度", "要素", "评分标准", "目标任务", "目标项目",
        ],
      ]
    case .score:
      [
        ["score", "得分"],
        [
          "mark", "rating", "grade", "points", "scores", "marks", "raw score", "value", "分数", "评分", "打分", "分值", "成绩", "考评得分", "考核得分", "评分值",
          "考评分", "考核分",
        ],
        ["total", "total score", "总分", "总得分", "总评分"],
      ]
    case .team:
      [
        ["team", "考评组"],
        ["panel", "jury", "team id", "panel id", "team name", "组别", "小组", "考核组", "评审组", "检查组", "考评小组", "考核小组", "评委组", "所在组", "考评组别"],
      ]
    case .raterGroup:
      [
        ["rater group", "考评员归属"],
        [
          "rater affiliation", "judge group", "rater country", "judge country", "judge nation", "rater department", "rater home",
          "home department",
          "assessor group", "assessor department", "考评员单位", "考评员所属单位", "考评员所在单位", "评委单位", "评委所属单位", "评委归属", "所属单位", "所在单位", "派出单位", "工作单位",
          "归属",
          "原单位", "考评员部门",
        ],
      ]
    case .unitGroup:
      [
        ["unit group", "单位归属"],
        [
          "unit affiliation", "candidate group", "unit country", "candidate country", "unit department", "被考评单位归属", "单位所属", "主管部门", "主管单位",
          "所属系统", "归口部门",
          "归口单位", "被考评单位所属", "上级单位", "上级部门", "单位系统",
        ],
      ]
    case .category:
      [["category", "类别"], ["class", "division", "stratum", "单位类别", "分类", "类型", "单位分类", "序列", "考核类别", "考评类别", "组类"]]
    case .round:
      [["round", "轮次"], ["session", "stage", "phase", "wave", "轮", "场次", "阶段", "批次", "期次", "考评轮次"]]
    case .sequence:
      [["sequence", "顺序"], ["seq", "order", "position", "scoring order", "评分顺序", "打分顺序", "次序", "出场顺序"]]
    case .time:
      [["time", "时间"], ["timestamp", "date", "datetime", "scored at", "评分时间", "打分时间", "日期", "考评时间", "考评日期", "评分日期"]]
    case .evidence:
      [["evidence", "依据"], ["remark", "justification", "rationale", "评分依据", "佐证", "佐证材料", "证据", "理由", "评分理由", "扣分理由", "台帐", "台账"]]
    }
  }
}

/// Header texts as they are compared.
enum Header {
  /// Folds full-width forms and case, and drops spaces, underscores, hyphens, points, colons, brackets and asterisks.
  static func fold(_ text: String) -> String {
    var folded = ""
    for scalar in text.unicodeScalars {
      var value = scalar.value
      if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
      if value == 0x3000 || value == 0xA0 || value == 0xFEFF || value == 0x200B { continue }
      guard let plain = Unicode.Scalar(value) else { continue }
      switch plain {
      case " ", "\t", "\n", "\r", "_", "-", ".", ":", "*", "(", ")", "[", "]", "/", "'", "\"": continue
      default: folded += plain.properties.lowercaseMapping
      }
    }
    return folded
  }

  /// Rows that sum up others; refused as names of raters and units.
  static let summaryRows: Set<String> = Set(
    [
      "total", "grand total", "subtotal", "sub total", "average", "avg", "mean", "median", "合计", "总计", "共计", "小计", "总分", "总得分", "平均",
      "平均分", "平均得分", "平均值", "均分", "均值", "最高分", "最低分", "名次", "排名", "备注",
    ].map(fold))

  /// Columns that sum up others; never taken for a rater or criterion in a wide table.
  static let summaries: Set<String> = Set(
    [
      "total", "sum", "average", "mean", "median", "rank", "place", "final", "result", "no", "number", "id", "index", "row", "合计", "总计",
      "总分", "总得分", "平均", "平均分",
      "均分", "最终得分", "最后得分", "名次", "排名", "序号", "编号", "小计", "最高分", "最低分", "备注",
    ].map(fold))
}
