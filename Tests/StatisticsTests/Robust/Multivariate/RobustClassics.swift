import Foundation
import LinearAlgebra

/// The classical outlier data sets beside the package, when they are there.
enum RobustClassics {
  static let root = Oracle.url.deletingLastPathComponent().deletingLastPathComponent().appending(path: "datasets/robust_classics")
  static let isPresent = FileManager.default.fileExists(atPath: root.appending(path: "expected.json").path)

  /// The named columns of a wide file.
  static func matrix(_ set: String, _ names: [String]) throws -> Matrix {
    let text = try String(contentsOf: root.appending(path: "\(set).csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let places = names.map { lines[0].firstIndex(of: $0)! }
    return Matrix(rowArrays: lines.dropFirst().map { row in places.map { Double(row[$0])! } })
  }

  static let explanatory: [String: [String]] = [
    "hbk": ["X1", "X2", "X3"], "stackloss": ["Air.Flow", "Water.Temp", "Acid.Conc."], "wood": ["x1", "x2", "x3", "x4", "x5"],
    "starsCYG": ["log.Te"], "telef": ["Year"], "phosphor": ["inorg", "organic"], "education": ["X1", "X2", "X3"], "Animals": ["log_body"],
  ]
  static let response: [String: String] = [
    "hbk": "Y", "stackloss": "stack.loss", "wood": "y", "starsCYG": "log.light", "telef": "Calls", "phosphor": "plant", "education": "Y",
    "Animals": "log_brain",
  ]

  static func design(_ set: String) throws -> Matrix { try matrix(set, explanatory[set]!) }
  static func response(_ set: String) throws -> [Double] { try matrix(set, [response[set]!]).column(0) }

  /// A value of `expected.json` by its path.
  static func expected<Value: Decodable>(_ path: [String], as type: Value.Type) throws -> Value {
    var value: Any = try JSONSerialization.jsonObject(with: Data(contentsOf: root.appending(path: "expected.json")))
    for name in ["campaigns"] + path { value = (value as! [String: Any])[name]! }
    return try JSONDecoder().decode(type, from: JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
  }
}
