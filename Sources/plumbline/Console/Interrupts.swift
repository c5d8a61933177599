import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and its kin: half-written files are removed, then the program ends with 128 + the signal's number, as shells expect.
///
/// SIGHUP keeps what it was set to, so that nohup works. A dispatch source runs on a thread of its own, where files may be removed and locks taken; in a signal handler neither is allowed.
enum Interrupts {
  private struct State {
    var waiting = false
    var received: Int32?
  }
  private static let state = Mutex(State())

  /// Returns the sources; one that nobody holds is cancelled.
  static func install(console: Console) -> [any DispatchSourceSignal] {
    let queue = DispatchQueue(label: "interrupts", qos: .userInteractive)
    return [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        let isWaiting = state.withLock { state in
          state.received = state.received ?? number
          return state.waiting
        }
        if !isWaiting { end(number, eraseLine: console.surroundings.errorIsTerminal) }
      }
      source.resume()
      return source
    }
  }

  /// Runs work that removes its own half-written files when it is told to stop; the program ends when it has.
  static func waiting<Result>(_ work: (_ isInterrupted: () -> Bool) throws -> Result) throws -> Result {
    state.withLock { $0.waiting = true }
    defer {
      let received = state.withLock { state in
        state.waiting = false
        return state.received
      }
      if let received { end(received, eraseLine: isatty(2) != 0) }
    }
    return try work { state.withLock { $0.received != nil } }
  }

  private static func end(_ number: Int32, eraseLine: Bool) -> Never {
    OutputFile.discardUnfinished()
    if eraseLine { Progress.eraseLine() }
    _exit(128 + number)
  }
}
