import ArgumentParser
import Foundation
import Wording

/// Help in the user's language, which is known before anything is parsed: `--lang` wherever it stands, else the locale.
let helpLanguage: Language = {
  let arguments = CommandLine.arguments
  for (i, argument) in arguments.enumerated() {
    if argument.hasPrefix("--lang=") { return Language(rawValue: String(argument.dropFirst(7))) ?? .en }
    if argument == "--lang", i + 1 < arguments.count { return Language(rawValue: arguments[i + 1]) ?? .en }
  }
  return Surroundings.language(of: ProcessInfo.processInfo.environment)
}()

func say(_ en: String, zh: String) -> String { Text(en, zh: zh)(helpLanguage) }

func help(_ en: String, zh: String, _ value: String? = nil) -> ArgumentHelp {
  ArgumentHelp(stringLiteral: say(en, zh: zh)).naming(value)
}

extension ArgumentHelp {
  fileprivate func naming(_ value: String?) -> ArgumentHelp {
    var help = self
    help.valueName = value
    return help
  }
}
