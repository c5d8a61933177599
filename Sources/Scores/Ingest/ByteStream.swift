import Foundation
import Wording

/// The bytes of a source, a piece at a time.
///
/// Pieces are small, so that the memory of one is used again for the next instead of being asked for from the system each time.
struct ByteStream: Sendable {
  static let pieceSize = 96 << 10

  private enum Origin: Sendable {
    case handle(FileHandle)
    case memory([UInt8])
  }

  private var origin: Origin
  private var offset = 0
  private(set) var size: Int?
  private let onChunk: (@Sendable (Data) -> Void)?

  init(_ source: ScoreSource, onChunk: (@Sendable (Data) -> Void)?) throws(ScoreReadingError) {
    self.onChunk = onChunk
    switch source {
    case .bytes(let bytes, _):
      origin = .memory(bytes)
      size = bytes.count
    case .standardInput: origin = .handle(.standardInput)
    case .file(let path):
      let url = URL(fileURLWithPath: path)
      if let values = try? url.resourceValues(forKeys: [.isDirectoryKey]), values.isDirectory == true {
        throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.isDirectory)])
      }
      do {
        origin = .handle(try FileHandle(forReadingFrom: url))
        size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize
      } catch {
        throw ScoreReadingError(source: source.name, problems: [ScoreProblem(.unreadable(reason: SystemErrorText.reason(of: error)))])
      }
    }
  }

  /// Appends bytes to `buffer` until it has at least `size` of them; returns false when there were no more at all.
  mutating func fill(_ buffer: inout [UInt8], to size: Int) throws(ScoreProblem.Unreadable) -> Bool {
    var any = false
    repeat {
      guard try read(into: &buffer) else { return any }
      any = true
    } while buffer.count < size
    return true
  }

  /// Appends the next piece to `buffer`; returns false at the end.
  private mutating func read(into buffer: inout [UInt8]) throws(ScoreProblem.Unreadable) -> Bool {
    switch origin {
    case .handle(let handle):
      do {
        guard let data = try handle.read(upToCount: ByteStream.pieceSize), !data.isEmpty else { return false }
        onChunk?(data)
        buffer.append(contentsOf: data)
        return true
      } catch {
        throw ScoreProblem.Unreadable(reason: SystemErrorText.reason(of: error))
      }
    case .memory(let bytes):
      guard offset < bytes.count else { return false }
      let end = min(offset + ByteStream.pieceSize, bytes.count)
      onChunk?(Data(bytes[offset..<end]))
      buffer.append(contentsOf: bytes[offset..<end])
      offset = end
      return true
    }
  }
}

extension ScoreProblem {
  /// Reading stopped half-way: the disk, the pipe, the network.
  struct Unreadable: Error {
    var reason: Text
  }
}
