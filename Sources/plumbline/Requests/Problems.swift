import Wording

/// Collects all that is wrong with a command before it is refused.
struct Problems {
  private(set) var all: [Text] = []

  mutating func add(_ en: String, zh: String) { all.append(Text(en, zh: zh)) }
  mutating func add(_ problem: Text?) { if let problem { all.append(problem) } }

  /// One of a fixed set of words, or the default when nothing was typed.
  mutating func choice<Value>(_ typed: String?, option: String, default fallback: Value, _ choices: KeyValuePairs<String, Value>) -> Value {
    guard let typed else { return fallback }
    if let match = choices.first(where: { $0.key == typed }) { return match.value }
    let words = choices.map(\.key)
    add("\(option) \(typed): say one of \(words.joined(separator: ", ")).", zh: "\(option) \(typed)：可用的值有 \(words.joined(separator: "、"))。")
    return fallback
  }

  func refuse(in language: Language) throws(UsageError) {
    if !all.isEmpty { throw UsageError(problems: all.map { Text("plumbline: \($0.en)", zh: "plumbline：\($0.zh)") }, language: language) }
  }
}
