import Foundation
import Reporting
import Wording

/// Standard output for results, standard error for everything else.
struct Console: Sendable {
  var surroundings: Surroundings

  /// A failure here is a full disk (a closed pipe ends the program quietly): there is nobody left to tell but standard error.
  func print(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      let reason = SystemErrorText.reason(of: error)
      complain([say("cannot write to standard output: \(reason.en)", zh: "无法写到标准输出：\(reason.zh)")])
      exit(ExitStatus.wrong.rawValue)
    }
  }

  /// Lines on standard error, made safe to show. Nobody can be told when that fails.
  func complain(_ lines: [String]) {
    let text = lines.map { VisibleText.of($0) + "\n" }.joined()
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
