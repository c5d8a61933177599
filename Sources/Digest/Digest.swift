import Crypto
public import Foundation
import Synchronization

/// SHA-256 (FIPS 180-4) of a stream.
public struct SHA256Digest: Sendable {
  private var hash = SHA256()

  public init() {}

  public mutating func update(_ data: Data) { hash.update(data: data) }

  public mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

  /// The digest of everything so far, in 64 lower-case hexadecimal digits; more may follow.
  public func hexadecimal() -> String { hexadecimalText(hash.finalize()) }
}

/// A SHA-256 that may be fed from any thread, one piece at a time and in order: for a file that is hashed while it is read.
public final class SharedDigest: Sendable {
  private let digest = Mutex(SHA256Digest())

  public init() {}

  public func update(_ data: Data) { digest.withLock { $0.update(data) } }

  public func hexadecimal() -> String { digest.withLock { $0.hexadecimal() } }
}

extension SHA256Digest {
  /// The digest of all of `bytes`.
  public static func of(_ bytes: [UInt8]) -> String { hexadecimalText(SHA256.hash(data: bytes)) }
}

/// Short names for things that keep them from run to run.
public enum Fingerprint {
  /// The first 64 bits of the SHA-256 of the strings, each preceded by its length in bytes (eight bytes, big-endian), so that no two lists
  /// have the same text. 16 hexadecimal digits; among a million lists two share one with a probability below 3·10⁻⁸.
  public static func of(_ strings: [String]) -> String {
    var hash = SHA256()
    for string in strings {
      let bytes = Array(string.utf8)
      hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (56 - 8 * $0)) })
      hash.update(data: bytes)
    }
    return String(hexadecimalText(hash.finalize()).prefix(16))
  }
}

private func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
