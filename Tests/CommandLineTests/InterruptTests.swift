import Foundation
import Testing

/// Ctrl-C and `kill` leave nothing half-written. Waits block their thread: other tests keep the tasks' threads busy, and a task's sleep then
/// lasts as long as they do.
@Suite struct InterruptTests {
  private func start(_ arguments: [String], input: Pipe? = nil, errors: Pipe = Pipe()) throws -> Process {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments
    process.environment = ["LANG": "C.UTF-8"]
    if let input { process.standardInput = input } else { process.standardInput = FileHandle.nullDevice }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    return process
  }

  /// Waits until the folder holds a file that is being written.
  private func waitForPart(in scratch: Scratch) {
    for _ in 0..<600 where !scratch.names.contains(where: { $0.hasSuffix(".part") }) { Thread.sleep(forTimeInterval: 0.05) }
    #expect(scratch.names.contains { $0.hasSuffix(".part") })
  }

  @Test func `a screen that is ended with SIGTERM`() throws {
    let scratch = try Scratch()
    // Standard input stays open, so the program waits for scores with its file of tests begun.
    let input = Pipe()
    let process = try start(["screen", "-", "--tests", scratch.path("tests.csv").path], input: input)
    waitForPart(in: scratch)
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 143)
    #expect(scratch.names.isEmpty)
  }

  @Test func `a simulation that is ended with SIGINT`() throws {
    let scratch = try Scratch()
    let process = try start(["simulate", "--preset", "large", "--units", "200000", "--out", scratch.folder.path])
    Thread.sleep(forTimeInterval: 0.5)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    // Eight million scores are not made in half a second, and files are written after that.
    #expect(scratch.names.isEmpty)
  }

  @Test func `what takes longer than two seconds says so, unless it is told to be quiet`() throws {
    for (options, speaks) in [([], true), (["--quiet"], false)] as [([String], Bool)] {
      let input = Pipe()
      let errors = Pipe()
      let process = try start(["check", "-"] + options, input: input, errors: errors)
      Thread.sleep(forTimeInterval: 3)
      process.terminate()
      process.waitUntilExit()
      let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      #expect(text.contains("reading the scores") == speaks)
    }
  }
}
