import Testing
import Wording

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (3, "3"), (-2.5, "-2.5"), (0.1, "0.1"), (1e-8, "1e-08"), (123456, "123456"), (1e15, "1000000000000000"),
      (1e22, "1e+22"), (0.30000000000000004, "0.30000000000000004"),
      (.nan, "NaN"), (-.infinity, "-Infinity"),
    ] as [(Double, String)])
  func shortest(_ value: Double, _ text: String) {
    #expect(NumberText.shortest(value) == text)
  }

  @Test func shortestReadsBackAsTheSame() {
    var state: UInt64 = 1
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      if value.isFinite { #expect(Double(NumberText.shortest(value)) == value) }
    }
  }

  @Test(
    arguments: [
      (0.145, 2, "0.15"), (2.5, 0, "3"), (-2.5, 0, "-3"), (0.004, 2, "0.00"), (-0.004, 2, "0.00"), (0.005, 2, "0.01"), (9.999, 2, "10.00"),
      (99.95, 1, "100.0"),
      (0.95, 1, "1.0"), (12, 3, "12.000"), (1234.5678, 1, "1234.6"), (0, 1, "0.0"), (1e-20, 3, "0.000"), (0.5, 0, "1"), (0.49, 0, "0"),
      (100, 0, "100"), (0.06, 1, "0.1"),
      (0.04, 1, "0.0"),
    ] as [(Double, Int, String)])
  func fixed(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(NumberText.fixed(value, places: decimals) == text)
  }

  @Test func everyLanguageHasItsText() {
    let text = Text("score", zh: "得分")
    #expect(text(.en) == "score" && text(.zhHans) == "得分")
    #expect(Language(rawValue: "zh-Hans") == .zhHans)
  }
}
