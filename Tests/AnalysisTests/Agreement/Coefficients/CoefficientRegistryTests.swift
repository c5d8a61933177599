import Models
import Scores
import Testing

@testable import Analysis

@Suite struct CoefficientRegistryTests {
  /// Scripts name these; new ones are added at the end.
  @Test func `ids are a contract`() {
    #expect(
      CoefficientRegistry.all.map(\.id) == [
        "percent", "gwet", "alpha", "fleiss", "conger", "brennan-prediger", "bangdiwala", "icc-a1", "icc-ak", "icc-c1", "icc-ck", "icc-1",
        "icc-k", "kendall", "spearman", "finn", "rwg", "light",
      ])
  }

  /// Each has a figure on a complete table of points by two raters, and a name of its own in both languages.
  @Test func `every coefficient has a figure and a name`() throws {
    let rows = Array(AgreementAnalysisTests.shroutFleissRows.filter { $0.rater == "J0" || $0.rater == "J2" })
    let table = try AgreementAnalysisTests.table(AgreementAnalysisTests.text(rows))
    let setting = AgreementSetting(table, AgreementOptions())
    let input = try CoefficientInput(AgreementSubjects(table, criterion: nil, scale: setting.scale).ratings, setting)
    for coefficient in CoefficientRegistry.all {
      let estimate = coefficient.estimate(input)
      #expect(estimate.value.isFinite && estimate.value <= 1, "\(coefficient.id): \(estimate)")
      #expect(!(estimate.low > estimate.value) && !(estimate.high < estimate.value), "\(coefficient.id): \(estimate)")
    }
    let names = CoefficientRegistry.all.map { $0.name(input) }
    #expect(Set(names.map(\.en)).count == names.count && Set(names.map(\.zh)).count == names.count)
  }

  /// Names in no order have no figure where an order is needed, and the reason in its place.
  @Test func `what needs an order is not computed of names`() throws {
    let table = try AgreementAnalysisTests.table(AgreementAnalysisTests.text(AgreementAnalysisTests.shroutFleissRows))
    var options = AgreementOptions()
    options.labels = (1...10).map(String.init)
    let setting = AgreementSetting(table, options)
    let input = try CoefficientInput(AgreementSubjects(table, criterion: nil, scale: setting.scale).ratings, setting)
    for coefficient in CoefficientRegistry.all where coefficient.needsOrder {
      #expect(coefficient.estimate(input).value.isNaN && coefficient.estimate(input).method.en.contains("--order"), "\(coefficient.id)")
    }
  }
}
