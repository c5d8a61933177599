import Foundation
import Reporting

/// Standard output for results, standard error for everything else.
struct Console: Sendable {
  var surroundings: Surroundings

  /// A failure here is a full disk (a closed pipe ends the program quietly): there is nobody left to tell but standard error.
  func print(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      complain(["cannot write to standard output: \(error.localizedDescription)"])
      exit(ExitStatus.wrong.rawValue)
    }
  }

  /// Lines on standard error, made safe to show. Nobody can be told when that fails.
  func complain(_ lines: [String]) {
    let text = lines.map { VisibleText.of($0) + "\n" }.joined()
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
