import Models
import Testing

/// Small published data with the values that MixedModels.jl's tests assert (ML).
@Suite struct PublishedExamplesTests {
  /// Davies and Goldsmith (1972), Statistical Methods in Research and Production, 4th ed., table 6.2: yield of dyestuff, five samples from six batches.
  @Test func dyestuff() throws {
    let yield: [Double] = [
      1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495, 1595, 1550, 1605, 1510, 1560,
      1445, 1440, 1595, 1465, 1545, 1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445,
    ]
    let batch = GroupingFactor("batch", codes: (0..<30).map { Int32($0 / 5) }, levels: 6)
    let fit = try CrossedModel(response: yield, factors: [batch]).fit(.ml)
    #expect(abs(fit.criterion - 327.3271) < 5e-5)
    #expect(abs(fit.components[0].variance - 1388.3332) < 1e-3)
    #expect(abs(fit.components[1].variance - 2451.2500) < 1e-3)
    // Balanced one-way: REML is the analysis of variance. (11271.5 − 2451.25)/5 and 2451.25.
    let reml = try CrossedModel(response: yield, factors: [batch]).fit()
    #expect(relativeError(reml.components[0].variance, 1764.05) < 1e-8)
    #expect(relativeError(reml.components[1].variance, 2451.25) < 1e-8)
  }

  /// The same book, table 6.5: strength of a chemical paste, two assays of three casks from each of ten batches. Casks are nested in batches.
  @Test func pastes() throws {
    let strength: [Double] = [
      62.8, 62.6, 60.1, 62.3, 62.7, 63.1, 60.0, 61.4, 57.5, 56.9, 61.1, 58.9, 58.7, 57.5, 63.9, 63.1, 65.4, 63.7, 57.1, 56.4,
      56.9, 58.6, 64.7, 64.5, 55.1, 55.1, 54.7, 54.2, 58.8, 57.5, 63.4, 64.9, 59.3, 58.1, 60.5, 60.0, 62.5, 62.6, 61.0, 58.7,
      56.9, 57.7, 59.2, 59.4, 65.2, 66.0, 64.8, 64.1, 54.8, 54.8, 64.0, 64.0, 57.7, 56.8, 58.3, 59.3, 59.2, 59.2, 58.9, 56.6,
    ]
    let cask = GroupingFactor("cask", codes: (0..<60).map { Int32($0 / 2) }, levels: 30)
    let batch = GroupingFactor("batch", codes: (0..<60).map { Int32($0 / 6) }, levels: 10)
    let fit = try CrossedModel(response: strength, factors: [cask, batch]).fit(.ml)
    #expect(abs(fit.criterion - 247.9944658624955) < 1e-8)
    #expect(abs(fit.fixedEffects[0].estimate - 60.05333) < 1e-5)
    #expect(abs(fit.fixedEffects[0].standardError - 0.6421356) < 1e-5)
    let sigma = fit.components[2].standardDeviation
    #expect(abs(fit.components[0].standardDeviation / sigma - 3.5269029) < 1e-4)
    #expect(abs(fit.components[1].standardDeviation / sigma - 1.3299137) < 1e-4)
  }
}
