import LinearAlgebra
import Models
import Testing

/// Published tables, with the values of lme4 1.1-31 (bobyqa to 1e-10, R 4.2).
@Suite struct LinearMixedModelTests {
  /// Belenky et al. (2003), J. Sleep Res. 12, 1–12: reaction time by days of sleep deprivation.
  @Test func sleepstudyCorrelatedSlopes() throws {
    let fit = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy")
    #expect(abs(fit.criterion - 1743.6282719585) < 1e-8)
    #expect(relativeError(fit.terms[0].covariance[0, 0], 612.089995845) < 1e-6)
    #expect(relativeError(fit.terms[0].covariance[1, 1], 35.071658714) < 1e-6)
    #expect(abs(fit.terms[0].correlation(0, 1)! - 0.06555131128) < 1e-6)
    #expect(relativeError(fit.residualVariance, 654.941025175) < 1e-6)
    #expect(relativeError(fit.coefficients[0].estimate, 251.4051048485) < 1e-11)
    #expect(relativeError(fit.coefficients[1].standardError, 1.54578886382) < 1e-7)
    let ml = try PublishedTables.fit("reaction ~ days + (days | subject)", "sleepstudy", .ml)
    #expect(abs(ml.criterion - 1751.9393444632) < 1e-8)
    #expect(relativeError(ml.terms[0].covariance[0, 0], 565.51534102) < 1e-6)
    #expect(abs(ml.terms[0].correlation(0, 1)! - 0.08132003209) < 1e-6)
  }

  @Test func sleepstudyUncorrelatedSlopes() throws {
    let fit = try PublishedTables.fit("reaction ~ days + (days || subject)", "sleepstudy")
    #expect(abs(fit.criterion - 1743.6692935813) < 1e-8)
    #expect(relativeError(fit.terms[0].covariance[0, 0], 627.56908490) < 1e-6)
    #expect(relativeError(fit.terms[1].covariance[0, 0], 35.85819833) < 1e-6)
  }

  @Test func penicillin() throws {
    let fit = try PublishedTables.fit("diameter ~ 1 + (1 | plate) + (1 | sample)", "penicillin", .ml)
    // MixedModels.jl, test/pls.jl.
    #expect(abs(fit.criterion - 332.1883486700085) < 1e-8)
    #expect(abs(fit.coefficients[0].estimate - 22.97222) < 5e-6)
    // Published from a search that stopped a little early: its sample deviation is 1.7706665, lme4 run to 1e-10 gives 1.7706466, as we do.
    #expect(abs(fit.coefficients[0].standardError - 0.7446038) < 1e-5)
    #expect(abs(fit.terms[0].standardDeviation(0) - 0.8455719) < 1e-6)
    #expect(abs(fit.terms[1].standardDeviation(0) - 1.7706665) < 3e-5)
    #expect(abs(fit.residualStandardDeviation - 0.5499319) < 1e-6)
  }

  @Test func pastesNested() throws {
    let fit = try PublishedTables.fit("strength ~ 1 + (1 | batch/cask)", "pastes", .ml)
    #expect(abs(fit.criterion - 247.9944658624955) < 1e-8)
    #expect(fit.terms.map(\.name) == ["batch", "batch:cask"])
  }
}
