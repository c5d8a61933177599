import Foundation

/// The bytes of a source, a chunk at a time.
struct ByteStream: Sendable {
  private enum Origin: Sendable {
    case handle(FileHandle)
    case memory([UInt8])
  }

  private var origin: Origin
  private var offset = 0
  private let chunkSize: Int
  private let onChunk: (@Sendable (Data) -> Void)?

  init(_ source: ScoreSource, chunkSize: Int, onChunk: (@Sendable (Data) -> Void)?) throws(ScoreReadingError) {
    self.chunkSize = max(chunkSize, 1)
    self.onChunk = onChunk
    switch source {
    case .bytes(let bytes, _): origin = .memory(bytes)
    case .standardInput: origin = .handle(.standardInput)
    case .file(let path):
      let url = URL(fileURLWithPath: path)
      if let values = try? url.resourceValues(forKeys: [.isDirectoryKey]), values.isDirectory == true {
        throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.isDirectory)])
      }
      do {
        origin = .handle(try FileHandle(forReadingFrom: url))
      } catch {
        throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.unreadable(reason: ByteStream.reason(error)))])
      }
    }
  }

  /// Appends the next bytes to `buffer`; returns false at the end.
  mutating func read(into buffer: inout [UInt8]) throws(ScoreProblem.Unreadable) -> Bool {
    switch origin {
    case .handle(let handle):
      do {
        guard let data = try handle.read(upToCount: chunkSize), !data.isEmpty else { return false }
        onChunk?(data)
        buffer.append(contentsOf: data)
        return true
      } catch {
        throw ScoreProblem.Unreadable(reason: ByteStream.reason(error))
      }
    case .memory(let bytes):
      guard offset < bytes.count else { return false }
      let end = min(offset + chunkSize, bytes.count)
      onChunk?(Data(bytes[offset..<end]))
      buffer.append(contentsOf: bytes[offset..<end])
      offset = end
      return true
    }
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError { return underlying.localizedDescription }
    return error.localizedDescription
  }
}

extension ScoreProblem {
  /// Reading stopped half-way: the disk, the pipe, the network.
  struct Unreadable: Error {
    var reason: String
  }
}
