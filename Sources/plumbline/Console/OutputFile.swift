import Foundation
import Synchronization
import Wording

/// A file that is there whole or not at all: written under another name in the same folder, then put in place.
///
/// What is not an ordinary file (a pipe, a device such as /dev/null) is written directly.
final class OutputFile {
  private let path: String
  private let temporary: String?
  private let handle: FileHandle
  private let language: Language

  init(path typed: String, language: Language) throws {
    self.language = language
    path = URL(fileURLWithPath: typed).resolvingSymlinksInPath().path
    let manager = FileManager.default
    let kind = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    if kind == .typeDirectory {
      throw OutputError(message: Text("cannot write \(typed): it is a folder", zh: "无法写入 \(typed)：这是文件夹"), language: language)
    }
    if let kind, kind != .typeRegular {
      temporary = nil
    } else {
      let url = URL(fileURLWithPath: path)
      let name = ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part"
      temporary = url.deletingLastPathComponent().appendingPathComponent(name).path
    }
    if let temporary {
      Self.unfinished.withLock { _ = $0.insert(temporary) }
      guard manager.createFile(atPath: temporary, contents: nil) else {
        Self.unfinished.withLock { _ = $0.remove(temporary) }
        throw OutputError(
          message: Text(
            "cannot write \(typed): its folder does not exist or may not be written to", zh: "无法写入 \(typed)：所在文件夹不存在或没有写入权限"),
          language: language)
      }
    }
    do {
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary ?? path))
    } catch {
      throw Self.refusal(typed, error, language)
    }
  }

  func write(_ bytes: [UInt8]) throws {
    do { try handle.write(contentsOf: Data(bytes)) } catch { throw failure(error) }
  }

  /// Puts the file in its place. Until then, whatever stood there stays.
  func commit() throws {
    do {
      try handle.close()
      guard let temporary else { return }
      // Under the lock, so that an interrupt comes before or after the change and not in the middle.
      try Self.unfinished.withLock { unfinished in
        if FileManager.default.fileExists(atPath: path) {
          // Foundation has no rename over a file that works on Linux; its atomic write is one. The source is mapped, not read.
          try Data(contentsOf: URL(fileURLWithPath: temporary), options: .alwaysMapped).write(
            to: URL(fileURLWithPath: path), options: .atomic)
          try FileManager.default.removeItem(atPath: temporary)
        } else {
          try FileManager.default.moveItem(atPath: temporary, toPath: path)
        }
        unfinished.remove(temporary)
      }
    } catch { throw failure(error) }
  }

  /// Puts a text into a file at once, or prints it where there is no path.
  static func deliver(_ text: String, to path: String?, _ console: Console, language: Language) throws {
    guard let path else { return console.print(text) }
    let file = try OutputFile(path: path, language: language)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  deinit { discard() }

  /// Removes what was written unless it was committed.
  private func discard() {
    guard let temporary else { return }
    Self.unfinished.withLock { unfinished in
      if unfinished.remove(temporary) != nil { try? FileManager.default.removeItem(atPath: temporary) }
    }
  }

  private func failure(_ error: any Error) -> OutputError {
    discard()
    return Self.refusal(path, error, language)
  }

  private static func refusal(_ path: String, _ error: any Error, _ language: Language) -> OutputError {
    let reason = SystemErrorText.reason(of: error)
    return OutputError(message: Text("cannot write \(path): \(reason.en)", zh: "无法写入 \(path)：\(reason.zh)"), language: language)
  }

  private static let unfinished = Mutex<Set<String>>([])

  /// For interrupts: removes every file that is not in its place yet. The program ends afterwards.
  static func discardUnfinished() {
    unfinished.withLock { paths in
      for path in paths { try? FileManager.default.removeItem(atPath: path) }
      paths = []
    }
  }
}
