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
  private let timer: any DispatchSourceTimer

  static let patience = 2.0

  init(console: Console, quiet: Bool) {
    live = console.surroundings.errorIsTerminal
    self.quiet = quiet
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "progress"))
    guard !quiet else { return }
    let interval = live ? 0.2 : Self.patience
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { [weak self] in self?.tick() }
    timer.resume()
  }

  /// A stage has begun, or has come as far as `share`.
  func stage(_ name: String, _ share: Double) {
    guard !quiet else { return }
    state.withLock { state in
      state.stage = name
      state.share = share
      if !state.patient { show(&state) }
    }
  }

  func finish() {
    guard !quiet else { return }
    state.withLock { state in
      if live && !state.shown.isEmpty { Self.eraseLine() }
      state.finished = true
    }
    timer.cancel()
  }

  private func tick() {
    state.withLock { state in
      state.patient = false
      show(&state)
    }
  }

  private func show(_ state: inout State) {
    guard !state.finished, !state.stage.isEmpty else { return }
    let stage = VisibleText.of(state.stage)
    let text = live ? "\(stage) … \(Int((min(max(state.share, 0), 1) * 100).rounded()))%" : stage
    guard text != state.shown else { return }
    state.shown = text
    try? FileHandle.standardError.write(contentsOf: Data((live ? "\r\u{1B}[K\(text)" : "\(text) …\n").utf8))
  }

  static func eraseLine() { try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
}
