import Foundation
import Testing

/// The Statistical Reference Datasets of NIST: those typed into `Benchmarks/accuracy/data`, and those of the folder beside the package.
enum CertifiedData {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let shared = package.deletingLastPathComponent().appending(path: "shared/datasets")

  static let isPresent = FileManager.default.fileExists(atPath: shared.appending(path: "nist_anova/data.csv").path)
  static let absence: Comment = "../shared/datasets/nist_anova is not beside the package"

  struct Regression: Decodable {
    struct Certified: Decodable {
      let coefficients: [Double]
      let standardErrors: [Double]
      let residualSD: Double
      let rSquared: Double
      let f: Double?
      enum CodingKeys: String, CodingKey {
        case coefficients
        case standardErrors = "standard_errors"
        case residualSD = "residual_sd"
        case rSquared = "r_squared"
        case f = "F"
      }
    }
    let kind: String
    let degree: Int?
    let y: [Double]
    let x: [[Double]]
    let certified: Certified
  }

  static func regressions() throws -> [String: Regression] {
    let url = package.appending(path: "Benchmarks/accuracy/data/linear_regression.json")
    return try JSONDecoder().decode([String: Regression].self, from: Data(contentsOf: url))
  }

  /// Values and group codes of each set; the groups are numbered in the order of their first appearance.
  static func samples(_ folder: String) throws -> [String: (values: [Double], groups: [Int])] {
    let text = try String(contentsOf: shared.appending(path: folder + "/data.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let header = lines[0].split(separator: ",")
    let score = try #require(header.firstIndex(of: "score"))
    let group = header.firstIndex(of: "rater")
    var samples: [String: (values: [Double], groups: [Int])] = [:]
    var codes: [Substring: Int] = [:]
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let name = String(fields[0].dropFirst("NIST ".count))
      let code = group.map { column in codes[fields[column], default: codes.count] } ?? 0
      if let group { codes[fields[group]] = code }
      samples[name, default: ([], [])].values.append(try #require(Double(fields[score])))
      samples[name]?.groups.append(code)
    }
    return samples
  }

  static func published(_ folder: String) throws -> [String: [String: Double]] {
    struct File: Decodable {
      struct Set: Decodable { let published: [String: Double] }
      let campaigns: [String: Set]
    }
    let data = try Data(contentsOf: shared.appending(path: folder + "/expected.json"))
    return try JSONDecoder().decode(File.self, from: data).campaigns.mapValues(\.published)
  }
}

/// −log₁₀ of the relative error (of the value itself where 0 is certified), at most 15: the certified values have no more digits.
func logRelativeError(_ value: Double, _ certified: Double) -> Double {
  if value == certified { return 15 }
  let error = certified == 0 ? abs(value) : abs(value - certified) / abs(certified)
  return min(15, max(0, -log10(error)))
}
