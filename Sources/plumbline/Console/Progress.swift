import Dispatch
import Foundation
import Reporting
import Synchronization

/// Tells on standard error what is being done: at once on a terminal, in one line that is erased at the end; elsewhere a line a stage, and
/// only when the work takes longer than two seconds.
final class Progress: Sendable {
  private struct State {
    var stage = ""
    var share = 0.0
    var shown = ""
    var patient = true
    var finished = false
  }
  private let state = Mutex(State())
  private let live: Bool
  private let quiet: Bool
  private let queue = DispatchQueue(label: "progress")

  static let patience = 2.0

  init(console: Console, quiet: Bool) {
    live = console.surroundings.errorIsTerminal
    self.quiet = quiet
    if !quiet { wait() }
  }

  private func wait() {
    queue.asyncAfter(deadline: .now() + (live ? 0.2 : Self.patience)) { [weak self] in self?.tick() }
  }

  /// A stage has begun, or has come as far as `share`; NaN where nobody knows how far.
  func stage(_ name: String, _ share: Double = .nan) {
    guard !quiet else { return }
    state.withLock { state in
      state.stage = name
      state.share = share
      if !state.patient { show(&state) }
    }
  }

  /// Clears the line for a remark; the next stage or tick shows it again.
  func pause() {
    guard !quiet else { return }
    state.withLock { state in
      if live && !state.shown.isEmpty { Self.eraseLine() }
      state.shown = ""
    }
  }

  func finish() {
    guard !quiet else { return }
    state.withLock { state in
      if live && !state.shown.isEmpty { Self.eraseLine() }
      state.finished = true
    }
  }

  private func tick() {
    let finished = state.withLock { state in
      state.patient = false
      show(&state)
      return state.finished
    }
    if !finished { wait() }
  }

  private func show(_ state: inout State) {
    guard !state.finished, !state.stage.isEmpty else { return }
    let stage = VisibleText.of(state.stage)
    let text = live && state.share.isNaN ? "\(stage) …" : live ? "\(stage) … \(Int((min(max(state.share, 0), 1) * 100).rounded()))%" : stage
    guard text != state.shown else { return }
    state.shown = text
    try? FileHandle.standardError.write(contentsOf: Data((live ? "\r\u{1B}[K\(text)" : "\(text) …\n").utf8))
  }

  static func eraseLine() { try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
}
