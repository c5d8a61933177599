import Wording
import Yams

/// Takes values out of a YAML tree by type, and notes every problem with its line instead of stopping at the first.
struct NodeReader {
  private(set) var problems: [CampaignProblem] = []

  mutating func report(_ node: Node?, _ message: Text, _ remedy: Text) {
    problems.append(CampaignProblem(line: node?.mark?.line, message: message, remedy: remedy))
  }

  /// The entries of a mapping whose keys are all known. Unknown ones are reported, with the known key that is meant.
  mutating func entries(_ node: Node, of place: Text, known: [String]) -> [String: Node] {
    guard let pairs = pairs(node, of: place) else { return [:] }
    var found: [String: Node] = [:]
    for (key, name, value) in pairs {
      guard known.contains(name) else {
        let remedy =
          Suggestion.closest(to: name, among: known).map { Text("Did you mean “\($0)”?", zh: "是否应为“\($0)”？") }
          ?? Text("Known keys: \(known.joined(separator: ", ")).", zh: "可用的键：\(known.joined(separator: "、"))。")
        report(key, Text("unknown key “\(name)” in \(place.en)", zh: "\(place.zh)中有未知的键“\(name)”"), remedy)
        continue
      }
      if !isNull(value) { found[name] = value }
    }
    return found
  }

  /// The entries of a mapping with keys of the user's own, in the order of the file.
  mutating func pairs(_ node: Node, of place: Text) -> [(key: Node, name: String, value: Node)]? {
    guard let mapping = node.mapping else {
      report(
        node, Text("\(place.en) is not a mapping", zh: "\(place.zh)不是键值表"),
        Text("Write “key: value” lines below it.", zh: "请在其下写“键: 值”。"))
      return nil
    }
    return mapping.compactMap { key, value in key.scalar.map { (key, $0.string, value) } }
  }

  mutating func items(_ node: Node, of place: Text) -> [Node] {
    guard let sequence = node.sequence else {
      report(
        node, Text("\(place.en) is not a list", zh: "\(place.zh)不是列表"),
        Text("Write one item a line, each after “- ”.", zh: "请每行一项，以“- ”开头。"))
      return []
    }
    return Array(sequence)
  }

  mutating func string(_ node: Node?, of place: Text) -> String? {
    guard let node else { return nil }
    guard let scalar = node.scalar, !scalar.string.isEmpty else {
      report(node, Text("\(place.en) is not a text", zh: "\(place.zh)不是文字"), Text("Write a single value.", zh: "请写单个值。"))
      return nil
    }
    return scalar.string
  }

  mutating func number(_ node: Node?, of place: Text, where isAllowed: (Double) -> Bool = { _ in true }, range: Text? = nil) -> Double? {
    guard let node else { return nil }
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any, let value = Double(scalar.string), value.isFinite,
      !scalar.string.lowercased().contains("x")
    else {
      report(
        node, Text("\(place.en) is not a number: “\(shown(node))”", zh: "\(place.zh)不是数字：“\(shown(node))”"),
        Text("Write digits with a decimal point.", zh: "请用数字和小数点书写。"))
      return nil
    }
    guard isAllowed(value) else {
      report(
        node, Text("\(place.en) cannot be \(scalar.string)", zh: "\(place.zh) 不能是 \(scalar.string)"),
        range ?? Text("Correct it.", zh: "请改正。"))
      return nil
    }
    return value
  }

  mutating func count(_ node: Node?, of place: Text, from least: Int) -> Int? {
    let range = Text("Write a whole number from \(least).", zh: "请写不小于 \(least) 的整数。")
    return number(node, of: place, where: { $0 == $0.rounded() && $0 >= Double(least) && $0 < 1e9 }, range: range).map { Int($0) }
  }

  mutating func flag(_ node: Node?, of place: Text) -> Bool? {
    guard let node else { return nil }
    switch node.scalar?.string.lowercased() {
    case "true", "yes", "是": return true
    case "false", "no", "否": return false
    default:
      report(
        node, Text("\(place.en) is neither true nor false: “\(shown(node))”", zh: "\(place.zh)既不是 true 也不是 false：“\(shown(node))”"),
        Text("Write true or false.", zh: "请写 true 或 false。"))
      return nil
    }
  }

  func shown(_ node: Node) -> String {
    guard let text = node.scalar?.string else { return "…" }
    return text.count > 40 ? text.prefix(40) + "…" : text
  }

  func isNull(_ node: Node) -> Bool {
    guard let scalar = node.scalar else { return false }
    return (scalar.style == .plain || scalar.style == .any) && ["", "~", "null"].contains(scalar.string)
  }
}
