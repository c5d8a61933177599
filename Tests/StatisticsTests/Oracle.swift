import Foundation
import Testing

/// Values other programs gave for the same input, in `../shared/peers/oracle.json` beside the package.
///
/// Tests that need it are skipped, with this reason, when the folder is not there.
enum Oracle {
  static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/peers/oracle.json")
  static let isPresent = FileManager.default.fileExists(atPath: url.path)
  static let absence: Comment = "../shared/peers/oracle.json is not beside the package"

  static func read<Value: Decodable>(_ section: String, _ name: String, as type: Value.Type) throws -> Value {
    let file = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let sections = try #require(file as? [String: Any])
    let group = try #require(sections[section] as? [String: Any])
    let value = try #require(group[name])
    return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
  }
}

/// |a − b| relative to |b|; 0 when they are equal, also when both are infinite or zero.
func relativeError(_ a: Double, _ b: Double) -> Double {
  a == b ? 0 : abs(a - b) / abs(b)
}
