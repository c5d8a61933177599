import Models
import Wording

/// What marking centres watch: self-consistency, agreement with the expert, pairs of raters, and the indicators of each rater.
struct MonitoringTables {
  let groups: [AgreementSubjects]
  let setting: AgreementSetting
  private var options: AgreementOptions { setting.options }

  /// With more raters there are too many pairs to list.
  static let pairLimit = 60

  func parts() -> [AnalysisReport.Part] {
    var parts: [AnalysisReport.Part] = []
    if options.expert != nil { parts.append(.table(experts())) }
    if options.retest { parts.append(retests()) }
    if setting.scale == .nominal || setting.scale == .circular || options.labels != nil { return parts }
    parts.append(.table(indicators()))
    let pairs = pairs()
    if !pairs.rows.isEmpty { parts.append(.table(pairs)) }
    return parts
  }

  private func experts() -> AnalysisTable {
    // Names can only be the same or differ.
    let areNames = options.labels != nil
    var rows: [[AnalysisValue]] = []
    for group in groups {
      guard let expert = group.raters.firstIndex(where: { $0 == options.expert }) else { continue }
      let tolerance = areNames ? 0 : setting.tolerance
      for found in ExpertAgreement.all(group.ratings, expert: expert, tolerance: tolerance, level: options.level) {
        let cells = areNames ? labelCells(found) : pointCells(found)
        rows.append(group.prefix + [.name(group.raters[found.rater]), .count(found.units)] + cells)
      }
    }
    let name = options.expert ?? ""
    return AnalysisTable(
      id: "expert", title: Text("Against the expert \(name)", zh: "与专家 \(name) 比较"),
      columns: groups.prefixColumns + [
        AnalysisTable.Column("rater", Text("rater", zh: "考评员")), AnalysisTable.Column("subjects", Text("subjects", zh: "对象数")),
      ] + (areNames ? Self.labelColumns : pointColumns), rows: rows)
  }

  private static let labelColumns = [
    AnalysisTable.Column("exact", Text("same", zh: "相同"), .percent),
    AnalysisTable.Column("kappa", Text("Cohen's κ", zh: "Cohen κ"), .fixed(3)),
  ]

  private func labelCells(_ found: ExpertAgreement) -> [AnalysisValue] {
    [.number(Double(found.exact) / Double(found.units)), .number(found.kappa)]
  }

  private var pointColumns: [AnalysisTable.Column] {
    [
      AnalysisTable.Column("bias", Text("bias", zh: "偏差"), .significant(3)),
      AnalysisTable.Column("low", Text("low", zh: "下限"), .significant(3)),
      AnalysisTable.Column("high", Text("high", zh: "上限"), .significant(3)),
      AnalysisTable.Column("exact", Text("same", zh: "相同"), .percent),
      AnalysisTable.Column("within", Text("within \(setting.toleranceText)", zh: "相差 \(setting.toleranceText) 以内"), .percent),
      AnalysisTable.Column("concordance", Text("Lin ρ_c", zh: "Lin ρ_c"), .fixed(3)),
      AnalysisTable.Column("kappa", Text("κ quadratic", zh: "二次加权 κ"), .fixed(3)),
    ]
  }

  private func pointCells(_ found: ExpertAgreement) -> [AnalysisValue] {
    [
      .number(found.bias), .number(found.biasLow), .number(found.biasHigh), .number(Double(found.exact) / Double(found.units)),
      .number(Double(found.withinTolerance) / Double(found.units)), .number(found.concordance), .number(found.quadraticKappa),
    ]
  }

  private func retests() -> AnalysisReport.Part {
    var rows: [[AnalysisValue]] = []
    for group in groups {
      var pairs: [Int: (first: [Double], second: [Double])] = [:]
      for pair in group.repeats {
        pairs[pair.rater, default: ([], [])].first.append(pair.first)
        pairs[pair.rater, default: ([], [])].second.append(pair.second)
      }
      for rater in pairs.keys.sorted() {
        guard let pair = pairs[rater],
          let found = try? SelfConsistency(
            first: pair.first, second: pair.second, tolerance: options.labels == nil ? setting.tolerance : 0)
        else { continue }
        let (low, high) = found.interval(level: options.level)
        let share: [AnalysisValue] = [
          .name(group.raters[rater]), .count(found.pairs), .number(found.shareWithin), .number(low), .number(high),
        ]
        let points: [AnalysisValue] = [
          .number(found.shift), .number(found.withinDeviation), .number(found.repeatability), .number(found.concordance),
        ]
        rows.append(group.prefix + share + (options.labels == nil ? points : []))
      }
    }
    if rows.isEmpty {
      return .remarks([
        Text(
          "Self-consistency: no rater scored a unit twice on the same criterion (in two rounds, or in two rows).",
          zh: "前后评分一致性（重评信度）：没有考评员对同一单位同一指标评过两次（两个轮次或两行）。")
      ])
    }
    return .table(
      AnalysisTable(
        id: "retest", title: Text("Self-consistency: the same rater on the same unit again", zh: "前后评分一致性（重评信度）：同一考评员再次评同一单位"),
        columns: groups.prefixColumns + [
          AnalysisTable.Column("rater", Text("rater", zh: "考评员")), AnalysisTable.Column("pairs", Text("pairs", zh: "对数")),
          AnalysisTable.Column(
            "within",
            options.labels == nil
              ? Text("within \(setting.toleranceText)", zh: "相差 \(setting.toleranceText) 以内") : Text("same", zh: "相同"), .percent),
          AnalysisTable.Column("low", Text("low", zh: "下限"), .percent), AnalysisTable.Column("high", Text("high", zh: "上限"), .percent),
        ]
          + (options.labels != nil
            ? []
            : [
              AnalysisTable.Column("shift", Text("shift", zh: "前后差"), .significant(3)),
              AnalysisTable.Column("withinDeviation", Text("own SD", zh: "自身标准差"), .significant(3)),
              AnalysisTable.Column("repeatability", Text("repeatability", zh: "重复性限"), .significant(3)),
              AnalysisTable.Column("concordance", Text("Lin ρ_c", zh: "Lin ρ_c"), .fixed(3)),
            ]),
        rows: rows, note: groups.contains { $0.repeats.contains(where: \.goesByLine) } ? Self.orderOfLines : nil))
  }

  private static let orderOfLines = Text(
    "Where neither a round nor a time says which score came first, scores are taken in the order of the lines of the file. Shift and Lin ρ_c depend on it, and with three or more scores of one unit the other figures too. --round names a column of rounds; columns headed time or sequence are recognised.",
    zh:
      "没有轮次和时间可分先后的评分，按文件中的行序处理；前后差和 Lin ρ_c 取决于行序，同一单位评过三次及以上的，其他数值也受影响。可用 --round 指定轮次列；表头为“时间”或“顺序”的列会自动识别。"
  )

  private func indicators() -> AnalysisTable {
    var rows: [[AnalysisValue]] = []
    for group in groups {
      for found in MarkingIndicators.all(group.ratings, fullMarks: setting.fullMarks, threshold: setting.thirdMark) {
        rows.append(
          group.prefix + [
            .name(group.raters[found.rater]), .count(found.marks), .number(found.mean), .number(found.standardDeviation),
            .number(found.lowest),
            .number(found.highest), .number(Double(found.safe) / Double(found.marks)),
            found.compared > 0 ? .number(Double(found.third) / Double(found.compared)) : .none, .number(found.consistency),
          ])
      }
    }
    return AnalysisTable(
      id: "indicators", title: Text("Indicators of each rater", zh: "各考评员的评分指标"),
      columns: groups.prefixColumns + [
        AnalysisTable.Column("rater", Text("rater", zh: "考评员")), AnalysisTable.Column("scores", Text("scores", zh: "评分数")),
        AnalysisTable.Column("mean", Text("mean", zh: "均值"), .significant(4)),
        AnalysisTable.Column("sd", Text("SD", zh: "标准差"), .significant(3)),
        AnalysisTable.Column("lowest", Text("lowest", zh: "最低"), .significant(4)),
        AnalysisTable.Column("highest", Text("highest", zh: "最高"), .significant(4)),
        AnalysisTable.Column("safe", Text("safe scores", zh: "保险分"), .percent),
        AnalysisTable.Column("third", Text("third mark", zh: "三评率"), .percent),
        AnalysisTable.Column("consistency", Text("with others", zh: "与他人相关"), .fixed(3)),
      ], rows: rows,
      note: Text(
        "Safe scores lie at 71% ± 3% of full marks (\(setting.fullMarksText); --full-marks), the band of one maker of marking software, which no option changes; a third mark is called for at \(setting.thirdMarkText) points or more from the others' mean.",
        zh: "保险分：满分（\(setting.fullMarksText)，可用 --full-marks 指定）的 71% ± 3%，取自一家阅卷软件的指标，固定不变；与他人平均分相差 \(setting.thirdMarkText) 分及以上的，应当三评。"),
      shownRows: 12)
  }

  private func pairs() -> AnalysisTable {
    var rows: [[AnalysisValue]] = []
    for group in groups {
      let active = group.ratings.activeRaters
      if active.count > Self.pairLimit { continue }
      for (i, a) in active.enumerated() {
        for b in active[(i + 1)...] {
          let (x, y) = group.ratings.sharedRatings(a, b)
          guard let limits = try? BlandAltman(x, y) else { continue }
          let (low, high) = limits.limits()
          let lin = try? LinConcordance(x, y)
          let interval = lin?.interval(level: options.level)
          rows.append(
            group.prefix + [
              .name(group.raters[a]), .name(group.raters[b]), .count(x.count), .number(limits.bias), .number(low), .number(high),
              .optional(lin?.value), .optional(interval?.low), .optional(interval?.high),
            ])
        }
      }
    }
    return AnalysisTable(
      id: "pairs",
      title: Text("Pairs of raters: differences (Bland–Altman) and concordance (Lin)", zh: "两两比较：差值界限（Bland–Altman）与一致性相关（Lin）"),
      columns: groups.prefixColumns + [
        AnalysisTable.Column("first", Text("rater", zh: "考评员")), AnalysisTable.Column("second", Text("and", zh: "与")),
        AnalysisTable.Column("subjects", Text("subjects", zh: "对象数")),
        AnalysisTable.Column("bias", Text("bias", zh: "平均差"), .significant(3)),
        AnalysisTable.Column("low", Text("95% of differences from", zh: "95% 的差值从"), .significant(3)),
        AnalysisTable.Column("high", Text("to", zh: "到"), .significant(3)),
        AnalysisTable.Column("lin", Text("Lin ρ_c", zh: "Lin ρ_c"), .fixed(3)),
        AnalysisTable.Column("linLow", Text("low", zh: "下限"), .fixed(3)),
        AnalysisTable.Column("linHigh", Text("high", zh: "上限"), .fixed(3)),
      ], rows: rows, shownRows: 10)
  }
}

extension AgreementSetting {
  var toleranceText: String { Self.text(tolerance) }
  var fullMarksText: String { Self.text(fullMarks) }
  var thirdMarkText: String { Self.text(thirdMark) }
}
