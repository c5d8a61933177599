import ArgumentParser
import Foundation
import Wording

/// Where the program begins, and the only place that decides how it ends.
///
/// 0: nothing at or above `--fail-on`. 1: something. 2: the input or the command is wrong. 130 and 143: interrupted (see `Interrupts`).
@main
enum Main {
  static func main() {
    Surroundings.economise()
    let surroundings = Surroundings.current
    let console = Console(surroundings: surroundings)
    let interrupts = Interrupts.install(console: console)
    withExtendedLifetime(interrupts) {
      exit(run(Array(CommandLine.arguments.dropFirst()), console: console).rawValue)
    }
  }

  static func run(_ arguments: [String], console: Console) -> ExitStatus {
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      if let subcommand = command as? any Subcommand { return try subcommand.run(console) }
      // The package's own commands, such as help, end by throwing what they print.
      try command.run()
      return .nothing
    } catch let error as UsageError {
      console.complain(error.problems.map { $0(error.language) })
      return .wrong
    } catch let error as InputError {
      console.complain(error.lines)
      return .wrong
    } catch let error as OutputError {
      console.complain([error.message(error.language)])
      return .wrong
    } catch {
      let message = message(of: error, console)
      if RootCommand.exitCode(for: error).isSuccess {
        console.print(message + "\n")
        return .nothing
      }
      console.complain(message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      return .wrong
    }
  }

  /// What the argument parser has to say: help, the version, what is wrong with the command.
  private static func message(of error: any Error, _ console: Console) -> String {
    switch helpLanguage {
    case .en: RootCommand.fullMessage(for: error)
    case .zhHans: ParserWording.chinese(RootCommand.fullMessage(for: error, columns: 10_000), columns: console.surroundings.columns)
    }
  }
}

enum ExitStatus: Int32 {
  case nothing = 0
  case found = 1
  case wrong = 2
}

/// A subcommand: a literal record of what was typed, that can be carried out.
protocol Subcommand: ParsableCommand {
  func run(_ console: Console) throws -> ExitStatus
}

/// The command was typed wrongly. All that is wrong with it, not only the first.
struct UsageError: Error {
  var problems: [Text]
  var language: Language
}

/// What was to be read cannot be used; lines are ready to be shown.
struct InputError: Error {
  var lines: [String]
}

/// What was to be written could not be.
struct OutputError: Error {
  var message: Text
  var language: Language
}
