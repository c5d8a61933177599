import CSystem
import Foundation
import Wording

/// What the program was started in: read once, so that nothing else looks at the environment.
struct Surroundings: Sendable {
  var language: Language
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  /// Whether the environment allows colour (`NO_COLOR`, a dumb terminal).
  var allowsColour: Bool
  /// Columns of the terminal, 80 where nothing tells.
  var columns: Int
  var processors: Int

  static var current: Surroundings {
    let environment = ProcessInfo.processInfo.environment
    let outputIsTerminal = isatty(1) != 0
    return Surroundings(
      language: language(of: environment), outputIsTerminal: outputIsTerminal, errorIsTerminal: isatty(2) != 0,
      allowsColour: allowsColour(environment),
      columns: columns(environment, terminal: outputIsTerminal ? Int(plumbline_terminal_columns(1)) : 0),
      processors: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Memory that is let go goes back to the system in pieces of this size.
  static func economise() { plumbline_return_memory_beyond(8 << 20, 2 << 20) }

  /// The first of LC_ALL, LC_MESSAGES and LANG that is set decides, as POSIX says.
  static func language(of environment: [String: String]) -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.lowercased().hasPrefix("zh") ? .zhHans : .en
  }

  /// https://no-color.org: any value but the empty one says no.
  static func allowsColour(_ environment: [String: String]) -> Bool {
    environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
  }

  /// COLUMNS is what the user wants; the terminal is what there is.
  static func columns(_ environment: [String: String], terminal: Int) -> Int {
    if let wanted = environment["COLUMNS"].flatMap(Int.init), wanted > 0 { return wanted }
    return terminal > 0 ? terminal : 80
  }
}
