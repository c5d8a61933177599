import Analysis
import Wording

/// The values of an analysis as text for people.
enum AnalysisFigures {
  static func text(_ value: AnalysisValue, _ format: AnalysisFormat, _ language: Language) -> String {
    switch value {
    case .name(let name): VisibleText.of(name)
    case .words(let words): words(language)
    case .count(let n): Figures.count(n)
    case .none: "–"
    case .number(let x): number(x, format)
    }
  }

  private static func number(_ x: Double, _ format: AnalysisFormat) -> String {
    guard x.isFinite else { return "–" }
    switch format {
    case .significant(let digits): return NumberText.significant(x, digits: digits) ?? "–"
    case .fixed(let places): return NumberText.fixed(x, places: places) ?? "–"
    case .percent: return (NumberText.fixed(100 * x, places: 1) ?? "–") + "%"
    case .probability: return x > 0 ? NumberText.significant(x, digits: 2) ?? "–" : "< 1e-300"
    }
  }

  /// Whether a column is set flush right.
  static func isNumeric(_ table: AnalysisTable, column: Int) -> Bool {
    !table.rows.contains { row in
      switch row[column] {
      case .name, .words: true
      case .number, .count, .none: false
      }
    }
  }
}
