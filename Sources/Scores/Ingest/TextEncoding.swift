import Foundation

/// The encodings of score files.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case gb18030

  public var name: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16LittleEndian: "UTF-16LE"
    case .utf16BigEndian: "UTF-16BE"
    case .gb18030: "GB18030"
    }
  }

  /// The encoding told by the first bytes of a file, and the length of the byte order mark. Nil: a text in bytes, UTF-8 or GB18030; which of
  /// the two is seen from the names in it.
  ///
  /// Without a mark UTF-16 is recognised by its separators and line ends: ASCII characters with a zero byte always on the same side, as nearly all of
  /// them must have.
  static func detect(_ bytes: ArraySlice<UInt8>) -> (encoding: TextEncoding, mark: Int)? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    // Zero bytes on the other side are no proof to the contrary: 一 is U+4E00.
    var low = 0
    var high = 0
    var plain = 0
    let marks: [UInt8] = [0x2C, 0x09, 0x3B, 0x0A, 0x0D]
    let sample = bytes.prefix(4096)
    for i in stride(from: sample.startIndex, to: sample.endIndex - 1, by: 2) {
      if sample[i + 1] == 0 && marks.contains(sample[i]) { low += 1 }
      if sample[i] == 0 && marks.contains(sample[i + 1]) { high += 1 }
      if sample[i] != 0 && sample[i + 1] != 0 && (marks.contains(sample[i]) || marks.contains(sample[i + 1])) { plain += 1 }
    }
    if low > 4 * high && low > plain { return (.utf16LittleEndian, 0) }
    if high > 4 * low && high > plain { return (.utf16BigEndian, 0) }
    return nil
  }

  /// UTF-8, or GB18030 when that is what the names in a file are.
  ///
  /// A name in GB18030 is now and then valid UTF-8 by chance (about one two-character name in fifty); Chinese UTF-8 text is nearly always
  /// valid GB18030 too. So the file is GB18030 when most of its names beyond ASCII are not UTF-8, and all of those are GB18030.
  static func seen(in interners: [Interner], headers: [String]) -> TextEncoding {
    if headers.contains(where: { !$0.utf8.allSatisfy { $0 < 0x80 } }) { return .utf8 }
    var valid = 0
    var invalid = 0
    for interner in interners {
      for code in 0..<interner.count {
        let name = interner.name(code)
        if name.allSatisfy({ $0 < 0x80 }) { continue }
        if TextEncoding.utf8.decode(name) != nil {
          valid += 1
        } else if TextEncoding.gb18030.decode(name) != nil {
          invalid += 1
        } else {
          return .utf8
        }
      }
    }
    return invalid > valid ? .gb18030 : .utf8
  }

  /// The text of bytes in UTF-8 or GB18030, or nil when they are not valid.
  func decode(_ bytes: ArraySlice<UInt8>) -> String? {
    switch self {
    case .gb18030:
      // kCFStringEncodingGB_18030_2000 with the bit that marks a CoreFoundation encoding.
      String(data: Data(bytes), encoding: String.Encoding(rawValue: 0x8000_0632))
    default: String(validating: bytes, as: UTF8.self)
    }
  }
}

/// Turns a stream of UTF-16 bytes into UTF-8, whatever the borders of its chunks.
struct UTF16Transcoder: Sendable {
  let bigEndian: Bool
  /// Code units that are half of a pair without the other half; each became a replacement character.
  private(set) var invalid = 0
  private var half: UInt8?
  private var highSurrogate: UInt32?

  init(bigEndian: Bool) { self.bigEndian = bigEndian }

  mutating func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    text.reserveCapacity(text.count + bytes.count)
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      unit(bigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first), to: &text)
    }
  }

  /// Ends the stream: what is left over is invalid.
  mutating func finish(to text: inout [UInt8]) {
    if half != nil || highSurrogate != nil { replace(&text) }
    half = nil
    highSurrogate = nil
  }

  private mutating func unit(_ value: UInt32, to text: inout [UInt8]) {
    if let high = highSurrogate {
      highSurrogate = nil
      if (0xDC00...0xDFFF).contains(value) {
        let scalar = 0x10000 + (high - 0xD800) << 10 + (value - 0xDC00)
        text.append(UInt8(0xF0 | scalar >> 18))
        text.append(UInt8(0x80 | scalar >> 12 & 0x3F))
        text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        text.append(UInt8(0x80 | scalar & 0x3F))
        return
      }
      replace(&text)
    }
    switch value {
    case 0..<0x80: text.append(UInt8(value))
    case 0x80..<0x800:
      text.append(UInt8(0xC0 | value >> 6))
      text.append(UInt8(0x80 | value & 0x3F))
    case 0xD800...0xDBFF: highSurrogate = value
    case 0xDC00...0xDFFF: replace(&text)
    default:
      text.append(UInt8(0xE0 | value >> 12))
      text.append(UInt8(0x80 | value >> 6 & 0x3F))
      text.append(UInt8(0x80 | value & 0x3F))
    }
  }

  private mutating func replace(_ text: inout [UInt8]) {
    invalid += 1
    text += [0xEF, 0xBF, 0xBD]
  }
}
