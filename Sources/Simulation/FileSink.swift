import Foundation

/// A file that appears under its name only when it is complete: bytes go to a hidden file beside it, which is renamed at the end.
///
/// Whoever abandons a file half-way (an error, or an interruption noticed between two chunks) calls `discard`.
struct FileSink {
  let url: URL
  let temporary: URL
  private let handle: FileHandle

  init(_ url: URL) throws {
    self.url = url
    temporary = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).part")
    try Data().write(to: temporary)
    handle = try FileHandle(forWritingTo: temporary)
  }

  func write(_ buffer: ByteBuffer) throws { try handle.write(contentsOf: Data(buffer.bytes)) }

  func finish() throws {
    try handle.close()
    if FileManager.default.fileExists(atPath: url.path) {
      _ = try FileManager.default.replaceItemAt(url, withItemAt: temporary)
    } else {
      try FileManager.default.moveItem(at: temporary, to: url)
    }
  }

  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(at: temporary)
  }
}
