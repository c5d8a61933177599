import Analysis
import Models
import Testing
import Wording

@Suite struct ModelAnalysisTests {
  /// Davies and Goldsmith (1972), table 6.2.
  private func dyestuff() -> ModelFrame {
    var frame = ModelFrame()
    frame.add(
      "yield",
      [
        1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495, 1595, 1550, 1605, 1510, 1560,
        1445, 1440, 1595, 1465, 1545, 1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445,
      ])
    frame.add("batch", labels: (0..<30).map { ["A", "B", "C", "D", "E", "F"][$0 / 5] })
    return frame
  }

  private func number(_ value: AnalysisValue) -> Double { if case .number(let x) = value { x } else { .nan } }

  @Test func tablesCarryTheFit() throws {
    var options = ModelOptions(formula: try ModelFormula("yield ~ 1 + (1|batch)"))
    options.effects = ["batch", "batch"]
    options.comparison = try ModelFormula("yield ~ 1")
    let report = try ModelAnalysis(dyestuff(), options).report
    #expect(report.schema == "plumbline.model/1")
    #expect(report.tables.map(\.id) == ["random-effects", "fixed-effects", "comparison", "effects-batch"])
    // Analysis of variance: 1764.05 between and 2451.25 within.
    #expect(abs(number(report.tables[0].rows[0][3]) - 1764.05) < 1e-5)
    #expect(abs(number(report.tables[0].rows[1][3]) - 2451.25) < 1e-5)
    #expect(abs(number(report.tables[1].rows[0][3]) - 5) < 1e-6)
    #expect(report.tables[3].rows.count == 6)
  }

  @Test(
    arguments: [
      ("yield ~ 1 + (1|cask)", nil, "cask", "cask"), ("batch ~ 1", nil, "batch", "batch"),
      ("yield ~ log(batch) + (1|batch)", nil, "batch", "batch"), ("yield ~ 1 + (1|batch)", "cask", "--effects cask", "--effects cask"),
    ] as [(String, String?, String, String)])
  func everyProblemIsSaidInBothLanguages(_ formula: String, _ effects: String?, _ en: String, _ zh: String) throws {
    var options = ModelOptions(formula: try ModelFormula(formula))
    if let effects { options.effects = [effects] }
    do {
      _ = try ModelAnalysis(dyestuff(), options)
      Issue.record("\(formula) was fitted")
    } catch {
      #expect(error.text.en.contains(en) && error.text.zh.contains(zh) && error.text.en != error.text.zh, "\(error.text)")
      #expect(error.text.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }
  }

  /// Batches that all have the same mean: the variance between them is zero.
  @Test func aSingularFitIsSaidInWords() throws {
    var frame = ModelFrame()
    frame.add("y", [1, 2, 3, 2, 3, 1, 3, 1, 2])
    frame.add("g", labels: ["a", "a", "a", "b", "b", "b", "c", "c", "c"])
    let report = try ModelAnalysis(frame, ModelOptions(formula: ModelFormula("y ~ 1 + (1|g)"))).report
    guard case .remarks(let remarks) = report.parts[0] else {
      Issue.record("no remarks")
      return
    }
    #expect(remarks.contains { $0.en.contains("singular") && $0.zh.contains("奇异") })
  }
}
