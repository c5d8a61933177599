import Foundation
import Models

/// The small published tables in `Datasets/published` and its folder `models`.
enum PublishedTables {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Datasets/published")

  /// Columns whose values are all numbers become numbers, the others factors.
  static func frame(_ name: String) throws -> ModelFrame {
    let plain = folder.appending(path: name + ".csv")
    let path = FileManager.default.fileExists(atPath: plain.path) ? plain : folder.appending(path: "models/\(name).csv")
    let text = try String(contentsOf: path, encoding: .utf8)
    return frame(lines: text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) })
  }

  static func frame(lines: [[String]]) -> ModelFrame {
    var frame = ModelFrame()
    for (j, header) in lines[0].enumerated() {
      let values = lines.dropFirst().map { $0[j] }
      let numbers = values.compactMap(Double.init)
      if numbers.count == values.count { frame.add(header, numbers) } else { frame.add(header, labels: values) }
    }
    return frame
  }

  static func fit(_ formula: String, _ table: String, _ method: EstimationMethod = .reml) throws -> LinearMixedFit {
    try LinearMixedModel(ModelDesign(ModelFormula(formula), frame(table))).fit(method)
  }
}
