import Dispatch
import Foundation

/// Ctrl-C and its kin: half-written files are removed, then the program ends with 128 + the signal's number, as shells expect.
///
/// A dispatch source runs on a thread of its own, where files may be removed and locks taken; in a signal handler neither is allowed.
enum Interrupts {
  /// Returns the sources; one that nobody holds is cancelled.
  static func install(console: Console) -> [any DispatchSourceSignal] {
    let queue = DispatchQueue(label: "interrupts", qos: .userInteractive)
    return [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        OutputFile.discardUnfinished()
        if console.surroundings.errorIsTerminal { Progress.eraseLine() }
        _exit(128 + number)
      }
      source.resume()
      return source
    }
  }
}
