import Reporting
import Wording

/// How results are shown: values made of `DisplayArguments`.
struct DisplayRequest {
  var language: Language
  var colour: Bool
  var quiet: Bool
  var width: Int

  init(_ typed: DisplayArguments, _ surroundings: Surroundings, toFile: Bool = false, _ problems: inout Problems) {
    language = problems.choice(typed.lang, option: "--lang", default: surroundings.language, ["en": .en, "zh-Hans": .zhHans])
    let automatic = surroundings.outputIsTerminal && surroundings.allowsColour && !toFile
    colour = problems.choice(typed.color, option: "--color", default: automatic, ["auto": automatic, "always": true, "never": false])
    quiet = typed.quiet
    width = toFile ? 80 : surroundings.columns
  }
}
