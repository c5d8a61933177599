import Models
import Testing

@Suite struct VarianceExplainedTests {
  /// From the matrices of lme4 1.1-31's fit: var(Xβ), mean of z'Σz, σ².
  @Test func randomSlopes() throws {
    let shares = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy").varianceExplained()
    #expect(abs(shares.marginal - 0.278652034021) < 1e-7)
    #expect(abs(shares.conditional - 0.799218907885) < 1e-7)
  }
}
