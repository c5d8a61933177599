import Foundation
import Models
import Testing

/// Tables of ratings that were published in print or with a program, and access to those beside the package.
enum PublishedRatings {
  /// Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C; a row an observer, NaN where a rating is missing. Also
  /// irrCAC's `cac.raw4raters`.
  static let krippendorff2011: [[Double]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, .nan, .nan, .nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, .nan, .nan],
    [.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, .nan],
  ]

  /// Shrout and Fleiss (1979), Psychological Bulletin 86:420–428, table 2; a row a target.
  static let shroutFleiss1979: [[Double]] = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

  /// A table with a row a unit and a column a rater, NaN where a rating is missing.
  static func table(byUnit rows: [[Double]], categories: [Double]? = nil) throws -> RatingsTable {
    let raters = rows[0].count
    return try RatingsTable(
      units: GroupingFactor("unit", codes: rows.indices.flatMap { [Int32](repeating: Int32($0), count: raters) }, levels: rows.count),
      raters: GroupingFactor("rater", codes: rows.flatMap { _ in (0..<Int32(raters)) }, levels: raters), values: rows.flatMap { $0 },
      categories: categories)
  }

  static func table(byRater rows: [[Double]]) throws -> RatingsTable { try table(byUnit: transposed(rows)) }

  static func transposed(_ rows: [[Double]]) -> [[Double]] { rows[0].indices.map { j in rows.map { $0[j] } } }

  /// One of the data sets beside the package; categories that are names are numbered in alphabetical order.
  static func shared(_ name: String, where keep: ([String: String]) -> Bool = { _ in true }) throws -> RatingsTable {
    let columns = try SharedData.columns("datasets/\(name)/data.csv")
    let n = columns["score"]!.count
    let kept = (0..<n).filter { i in keep(columns.mapValues { $0[i] }) }
    let scores = kept.map { columns["score"]![$0] }
    let names = Set(scores).sorted()
    let values =
      scores.allSatisfy { Double($0) != nil } ? scores.map { Double($0)! } : scores.map { Double(names.firstIndex(of: $0)!) }
    return try RatingsTable(
      units: factor("unit", kept.map { columns["unit"]![$0] }), raters: factor("rater", kept.map { columns["rater"]![$0] }), values: values)
  }
}

/// Values that other programs gave, in `../shared/peers/oracle.json`.
enum PeerValues {
  static func read<Value: Decodable>(_ name: String, section: String = "R", as type: Value.Type) throws -> Value {
    let file = try JSONSerialization.jsonObject(with: Data(contentsOf: SharedData.root.appending(path: "peers/oracle.json")))
    let group = try #require((file as? [String: Any])?[section] as? [String: Any])
    let value = try #require(group[name])
    return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
  }

  /// irrCAC's answer for one coefficient.
  struct Coefficient: Decodable {
    let value: Double
    let error: Double
    let observed: Double
    let expected: Double
    enum CodingKeys: String, CodingKey {
      case value = "coeff.val"
      case error = "coeff.se"
      case observed = "pa"
      case expected = "pe"
    }
  }

  /// A matrix of numbers or nulls, a row a unit.
  static func matrix(_ name: String) throws -> [[Double]] {
    try read(name, as: [[Double?]].self).map { $0.map { $0 ?? .nan } }
  }
}

/// Made-up ratings without any structure to speak of, from a fixed recurrence: `missing` of ten are left out.
func scrambledRatings(units: Int, raters: Int, categories: Int, missing: Int, salt: UInt64 = 1) -> [[Double]] {
  var state = salt &* 0x9E37_79B9_7F4A_7C15 | 1
  func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % bound
  }
  return (0..<units).map { _ in
    let level = next(categories)
    return (0..<raters).map { _ in
      let value = next(3) == 0 ? next(categories) : level
      return next(10) < missing ? .nan : Double(value + 1)
    }
  }
}
