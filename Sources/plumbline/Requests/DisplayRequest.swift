import Reporting
import Wording

/// How results are shown: values made of `DisplayArguments`.
struct DisplayRequest {
  var language: Language
  var colour: Bool
  var quiet: Bool
  var width: Int

  init(_ typed: DisplayArguments, _ surroundings: Surroundings, toFile: Bool = false, _ problems: inout Problems) {
    // As people write it where the contract says zh-Hans.
    let lang = typed.lang.map { ["zh", "zh-CN", "zh_CN"].contains($0) ? "zh-Hans" : $0 }
    language = problems.choice(lang, option: "--lang", default: surroundings.language, ["en": .en, "zh-Hans": .zhHans])
    let automatic = surroundings.outputIsTerminal && surroundings.allowsColour && !toFile
    colour = problems.choice(typed.color, option: "--color", default: automatic, ["auto": automatic, "always": true, "never": false])
    quiet = typed.quiet
    width = toFile ? 80 : surroundings.columns
  }
}
