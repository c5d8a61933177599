import Foundation
import Testing

/// The typed-in tables of `Datasets/published` give the numbers their sources print.
@Suite struct PublishedTablesTests {
  /// Rows of a table as dictionaries by header.
  static func table(_ name: String) throws -> [[String: String]] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Datasets/published/\(name).csv")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  static func score(_ row: [String: String]) -> Double { row["score"].flatMap(Double.init) ?? .nan }

  static func groups(_ rows: [[String: String]], by column: String) -> [String: [Double]] {
    Dictionary(grouping: rows, by: { $0[column] ?? "" }).mapValues { $0.map(score) }
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Sum of squares of group means about the mean of all, every group of the same size.
  static func squares(_ groups: [String: [Double]]) -> Double {
    let centre = mean(groups.values.flatMap { $0 })
    return groups.values.reduce(0) { $0 + Double($1.count) * (mean($1) - centre) * (mean($1) - centre) }
  }

  @Test func shroutAndFleiss() throws {
    let rows = try Self.table("shrout-fleiss-1979")
    let subjects = Self.squares(Self.groups(rows, by: "unit")) / 5
    let judges = Self.squares(Self.groups(rows, by: "rater")) / 3
    let all = rows.map(Self.score)
    let total = all.reduce(0) { $0 + ($1 - Self.mean(all)) * ($1 - Self.mean(all)) }
    let error = (total - 5 * subjects - 3 * judges) / 15
    let within = (3 * judges + 15 * error) / 18
    // Shrout and Fleiss 1979, tables 3 and 4.
    #expect(abs(subjects - 11.24) < 0.005 && abs(judges - 32.49) < 0.005 && abs(error - 1.02) < 0.005)
    #expect(abs((subjects - within) / (subjects + 3 * within) - 0.17) < 0.005)
    #expect(abs((subjects - error) / (subjects + 3 * error + 4 * (judges - error) / 6) - 0.29) < 0.005)
    #expect(abs((subjects - error) / (subjects + 3 * error) - 0.71) < 0.005)
  }

  @Test func guilford() throws {
    let rows = try Self.table("guilford-1954")
    let totals = Self.groups(rows, by: "rater").mapValues { $0.reduce(0, +) }
    #expect(totals == ["Avogadro": 171, "Brahe": 156, "Cavendish": 181])
    let marks = rows.map(Self.score)
    #expect((1...9).map { mark in marks.count { $0 == Double(mark) } } == [4, 4, 25, 8, 31, 6, 21, 3, 3])
    #expect(Set(rows.map { "\($0["rater"] ?? "") \($0["unit"] ?? "") \($0["criterion"] ?? "")" }).count == 105)
  }

  @Test func krippendorff() throws {
    let units = Self.groups(try Self.table("krippendorff-2011"), by: "unit").values.filter { $0.count > 1 }
    let values = units.flatMap { $0 }
    let n = Double(values.count)
    func alpha(_ distance: (Double, Double) -> Double) -> Double {
      func pairs(_ values: [Double]) -> Double { values.reduce(0) { sum, a in values.reduce(sum) { $0 + distance(a, $1) } } }
      let observed = units.reduce(0) { $0 + pairs($1) / Double($1.count - 1) } / n
      return 1 - observed / (pairs(values) / (n * (n - 1)))
    }
    // Krippendorff 2011: nominal .743, interval .849.
    #expect(abs(alpha { $0 == $1 ? 0 : 1 } - 0.743) < 0.0005)
    #expect(abs(alpha { ($0 - $1) * ($0 - $1) } - 0.849) < 0.0005)
  }

  @Test func dyestuff() throws {
    let batches = Self.groups(try Self.table("dyestuff"), by: "unit")
    let between = Self.squares(batches) / 5
    let within =
      batches.values.reduce(0) { sum, batch in batch.reduce(sum) { $0 + ($1 - Self.mean(batch)) * ($1 - Self.mean(batch)) } } / 24
    #expect(abs(within - 2451.25) < 1e-9)
    #expect(abs((between - within) / 5 - 1764.05) < 1e-9)
  }
}
