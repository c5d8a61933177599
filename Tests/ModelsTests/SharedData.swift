import Foundation
import Models

/// The data sets beside the package, when they are there.
enum SharedData {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared")

  static let isPresent = FileManager.default.fileExists(atPath: root.appending(path: "peers/oracle.json").path)

  /// Columns of a plain CSV file without quotes.
  static func columns(_ path: String) throws -> [String: [String]] {
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",").map(String.init)
    var columns = [[String]](repeating: [], count: header.count)
    for line in lines.dropFirst() {
      for (i, field) in line.split(separator: ",", omittingEmptySubsequences: false).enumerated() { columns[i].append(String(field)) }
    }
    return Dictionary(uniqueKeysWithValues: zip(header, columns))
  }

  /// What `reml_polish.py` (numpy 1.26.4, dense Newton on the average information) found.
  struct Polished: Decodable {
    let varcomp: [String: Double]
    let standardErrors: [String: Double]
    let criterion: Double
    let fixef: [Double]
    let fixefErrors: [Double]
    let raters: [String: Double]

    enum CodingKeys: String, CodingKey {
      case varcomp, fixef
      case standardErrors = "varcomp_se"
      case criterion = "reml_crit"
      case fixefErrors = "fixef_se"
      case raters = "blup_rater"
    }
  }

  static func polished() throws -> [String: Polished] {
    struct Oracle: Decodable {
      let polished: [String: Polished]
      enum CodingKeys: String, CodingKey { case polished = "reml_polish" }
    }
    let data = try Data(contentsOf: root.appending(path: "peers/oracle.json"))
    return try JSONDecoder().decode(Oracle.self, from: data).polished
  }
}

/// A factor from names, levels in ascending order of name.
func factor(_ name: String, _ values: [String]) -> GroupingFactor {
  let levels = Set(values).sorted()
  let code = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
  return GroupingFactor(name, codes: values.map { code[$0]! }, levels: levels.count)
}

func relativeError(_ value: Double, _ expected: Double) -> Double { abs(value - expected) / max(abs(expected), 1e-300) }
