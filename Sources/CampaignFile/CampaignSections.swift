import Scores
import Wording
import Yams

extension CampaignReader {
  static func campaign(_ root: Node, _ reader: inout NodeReader) -> Campaign {
    var campaign = Campaign()
    let keys = [
      "name", "columns", "scale", "criteria", "result", "awards", "roster", "panel_size", "complete_sheets", "error_budget",
    ]
    let entries = reader.entries(root, of: Text("the file", zh: "文件"), known: keys)
    campaign.name = reader.string(entries["name"], of: place("name"))
    campaign.columns = entries["columns"].map { columns($0, &reader) } ?? [:]
    campaign.scale = entries["scale"].flatMap { node in
      let parts = reader.entries(node, of: place("scale"), known: ["min", "max", "step"])
      return scale(parts, of: place("scale"), node, inherited: nil, &reader)
    }
    campaign.criteria = entries["criteria"].map { criteria($0, campaign.scale, &reader) } ?? [:]
    campaign.result = entries["result"].map { result($0, &reader) } ?? ResultRule()
    campaign.awards = entries["awards"].map { awards($0, &reader) } ?? []
    campaign.roster = entries["roster"].map { roster($0, &reader) } ?? []
    campaign.panelSize = reader.count(entries["panel_size"], of: place("panel_size"), from: 1)
    campaign.completeSheets = reader.flag(entries["complete_sheets"], of: place("complete_sheets"))
    let budget = Text("Write a number above 0 and below 1, such as 0.05.", zh: "请写大于 0、小于 1 的数，如 0.05。")
    if let share = reader.number(entries["error_budget"], of: place("error_budget"), where: { $0 > 0 && $0 < 1 }, range: budget) {
      campaign.errorBudget = share
    }
    return campaign
  }

  private static func place(_ key: String) -> Text { Text("“\(key)”", zh: "“\(key)”") }

  private static func columns(_ node: Node, _ reader: inout NodeReader) -> [String: String] {
    var columns: [String: String] = [:]
    for (key, name, value) in reader.pairs(node, of: place("columns")) ?? [] {
      guard let role = ColumnRole(written: name) else {
        let known = ColumnRole.allCases.map(\.rawValue)
        let remedy =
          Suggestion.closest(to: name, among: known).map { Text("Did you mean “\($0)”?", zh: "是否应为“\($0)”？") }
          ?? Text("Known roles: \(known.joined(separator: ", ")).", zh: "可用的角色：\(known.joined(separator: "、"))。")
        reader.report(key, Text("unknown column role “\(name)”", zh: "未知的列角色“\(name)”"), remedy)
        continue
      }
      if reader.isNull(value) { continue }
      columns[role.rawValue] = reader.string(value, of: place(name))
    }
    return columns
  }

  /// `inherited` gives what is not written. The bounds and the step must fit each other.
  private static func scale(_ parts: [String: Node], of place: Text, _ node: Node, inherited: Scale?, _ reader: inout NodeReader) -> Scale?
  {
    let positive = Text("Write a number above 0.", zh: "请写大于 0 的数。")
    let scale = Scale(
      minimum: reader.number(parts["min"], of: place + " min") ?? inherited?.minimum,
      maximum: reader.number(parts["max"], of: place + " max") ?? inherited?.maximum,
      step: reader.number(parts["step"], of: place + " step", where: { $0 > 0 }, range: positive) ?? inherited?.step)
    if let low = scale.minimum, let high = scale.maximum {
      if low >= high {
        reader.report(
          parts["max"] ?? parts["min"] ?? node,
          Text("in \(place.en) the minimum is not below the maximum", zh: "\(place.zh)的最小值不小于最大值"),
          Text("Correct one of them.", zh: "请改正其中之一。"))
      } else if let step = scale.step, abs((high - low) / step - ((high - low) / step).rounded()) > 1e-9 {
        reader.report(
          parts["step"] ?? node,
          Text("in \(place.en) the range is not a whole number of steps", zh: "\(place.zh)的范围不是步长的整数倍"),
          Text("Correct the step or the bounds.", zh: "请改正步长或上下限。"))
      }
    }
    return scale == Scale() ? nil : scale
  }

  private static func criteria(_ node: Node, _ common: Scale?, _ reader: inout NodeReader) -> [String: CriterionSettings] {
    var criteria: [String: CriterionSettings] = [:]
    for (_, name, value) in reader.pairs(node, of: place("criteria")) ?? [] {
      if reader.isNull(value) {
        criteria[name] = CriterionSettings()
        continue
      }
      let parts = reader.entries(value, of: place(name), known: ["min", "max", "step", "full", "weight"])
      var settings = CriterionSettings()
      if parts["min"] != nil || parts["max"] != nil || parts["step"] != nil {
        settings.scale = scale(parts, of: place(name), value, inherited: common, &reader)
      }
      let positive = Text("Write a number above 0.", zh: "请写大于 0 的数。")
      settings.fullMarks = reader.number(parts["full"], of: place(name) + " full", where: { $0 > 0 }, range: positive)
      let weight = Text("Write a number from 0.", zh: "请写不小于 0 的数。")
      settings.weight = reader.number(parts["weight"], of: place(name) + " weight", where: { $0 >= 0 }, range: weight) ?? 1
      criteria[name] = settings
    }
    if !criteria.isEmpty && criteria.values.allSatisfy({ $0.weight == 0 }) {
      reader.report(
        node, Text("all weights are 0", zh: "所有权重都是 0"), Text("Give at least one criterion a weight.", zh: "请至少给一个指标设权重。"))
    }
    return criteria
  }

  private static func result(_ node: Node, _ reader: inout NodeReader) -> ResultRule {
    var rule = ResultRule()
    let parts = reader.entries(node, of: place("result"), known: ["criteria", "raters"])
    if let over = parts["criteria"] {
      if let known = over.scalar.flatMap({ ResultRule.OverCriteria(rawValue: $0.string) }) {
        rule.overCriteria = known
      } else {
        reader.report(
          over,
          Text("“criteria” is neither mean nor sum: “\(reader.shown(over))”", zh: "“criteria”既不是 mean 也不是 sum：“\(reader.shown(over))”"),
          Text("Write mean or sum.", zh: "请写 mean 或 sum。"))
      }
    }
    guard let over = parts["raters"] else { return rule }
    switch over.scalar?.string {
    case "mean": rule.overRaters = .mean
    case "median": rule.overRaters = .median
    case nil where over.mapping != nil:
      let trim = reader.entries(over, of: place("raters"), known: ["trim"])
      guard let list = trim["trim"] else { return rule }
      let dropped = reader.items(list, of: place("trim"))
      let counts = dropped.compactMap { reader.count($0, of: place("trim"), from: 0) }
      if counts.count == 2 {
        rule.overRaters = .trimmed(low: counts[0], high: counts[1])
      } else if counts.count == dropped.count {
        reader.report(
          list, Text("“trim” has \(counts.count) numbers, not 2", zh: "“trim”有 \(counts.count) 个数，应为 2 个"),
          Text("Write how many of the lowest and of the highest sheets are dropped: [1, 1].", zh: "请写去掉几张最低分和几张最高分：[1, 1]。"))
      }
    default:
      reader.report(
        over, Text("“raters” is not a known rule: “\(reader.shown(over))”", zh: "“raters”不是已知的规则：“\(reader.shown(over))”"),
        Text("Write mean, median or {trim: [1, 1]}.", zh: "请写 mean、median 或 {trim: [1, 1]}。"))
    }
    return rule
  }

  private static func awards(_ node: Node, _ reader: inout NodeReader) -> [AwardLine] {
    var lines: [[String?]: Int] = [:]
    return reader.items(node, of: place("awards")).compactMap { item in
      let reaches = ["top", "bottom", "at_least", "below"]
      let parts = reader.entries(item, of: place("awards"), known: ["name", "category"] + reaches)
      if parts.isEmpty { return nil }
      let name = reader.string(parts["name"], of: place("name"))
      if parts["name"] == nil {
        reader.report(item, Text("an award has no name", zh: "奖项没有名称"), Text("Add “name: …”.", zh: "请加上“name: …”。"))
      }
      let category = reader.string(parts["category"], of: place("category"))
      if let name {
        if let other = lines[[name, category]] {
          reader.report(
            item, Text("the award “\(name)” is already in line \(other)", zh: "奖惩项“\(name)”已在第 \(other) 行"),
            Text("Give one of them another name, or remove it.", zh: "请改用其他名称，或删去其一。"))
          return nil
        }
        lines[[name, category]] = item.mark?.line ?? 0
      }
      let given = reaches.filter { parts[$0] != nil }
      guard given.count == 1 else {
        reader.report(
          item,
          Text("an award has \(given.count) of top, bottom, at_least and below", zh: "奖项写了 top、bottom、at_least、below 中的 \(given.count) 个"),
          Text("Write exactly one of them.", zh: "请只写其中一个。"))
        return nil
      }
      let reach: AwardLine.Reach?
      switch given[0] {
      case "top": reach = reader.count(parts["top"], of: place("top"), from: 1).map { .top($0) }
      case "bottom": reach = reader.count(parts["bottom"], of: place("bottom"), from: 1).map { .bottom($0) }
      case "at_least": reach = reader.number(parts["at_least"], of: place("at_least")).map { .atLeast($0) }
      default: reach = reader.number(parts["below"], of: place("below")).map { .below($0) }
      }
      guard let name, let reach else { return nil }
      return AwardLine(name: name, reach: reach, category: category)
    }
  }

  private static func roster(_ node: Node, _ reader: inout NodeReader) -> [Rater] {
    var lines: [String: Int] = [:]
    return reader.items(node, of: place("roster")).compactMap { item in
      let parts = reader.entries(item, of: place("roster"), known: ["rater", "team", "group"])
      if parts.isEmpty { return nil }
      guard let name = reader.string(parts["rater"], of: place("rater")) else {
        if parts["rater"] == nil {
          reader.report(item, Text("a roster entry names no rater", zh: "名册中有一项没有考评员"), Text("Add “rater: …”.", zh: "请加上“rater: …”。"))
        }
        return nil
      }
      if let other = lines[name] {
        reader.report(
          item, Text("the rater “\(name)” is already in line \(other)", zh: "考评员“\(name)”已在第 \(other) 行"),
          Text("Keep one of the entries.", zh: "请只保留一项。"))
        return nil
      }
      lines[name] = item.mark?.line ?? 0
      return Rater(
        name: name, group: reader.string(parts["group"], of: place("group")), team: reader.string(parts["team"], of: place("team")))
    }
  }
}

private func + (text: Text, suffix: String) -> Text { Text(text.en + suffix, zh: text.zh + suffix) }
