import Wording

/// Collects all that is wrong with a command before it is refused.
struct Problems {
  private(set) var all: [Text] = []

  mutating func add(_ en: String, zh: String) { all.append(Text(en, zh: zh)) }
  mutating func add(_ problem: Text?) { if let problem { all.append(problem) } }

  /// One of a fixed set of words, or the default when nothing was typed.
  mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ typed: String?, option: String, default fallback: Value
  ) -> Value {
    guard let typed, Value(rawValue: typed) == nil else { return typed.flatMap(Value.init) ?? fallback }
    refuse(typed, option: option, Value.allCases.map(\.rawValue))
    return fallback
  }

  mutating func choice<Value>(_ typed: String?, option: String, default fallback: Value, _ choices: KeyValuePairs<String, Value>) -> Value {
    guard let typed else { return fallback }
    if let match = choices.first(where: { $0.key == typed }) { return match.value }
    refuse(typed, option: option, choices.map(\.key))
    return fallback
  }

  private mutating func refuse(_ typed: String, option: String, _ words: [String]) {
    add("\(option) \(typed): say one of \(words.joined(separator: ", ")).", zh: "\(option) \(typed)：可用的值有 \(words.joined(separator: "、"))。")
  }

  func refuse(in language: Language) throws(UsageError) {
    if !all.isEmpty { throw UsageError(problems: all.map { Text("plumbline: \($0.en)", zh: "plumbline：\($0.zh)") }, language: language) }
  }
}
