import Foundation
import Testing

@testable import Statistics

@Suite struct UnivariateSummaryTests {
  /// NIST Statistical Reference Datasets, univariate summaries; all values are certified exactly.
  @Test(.enabled(if: CertifiedData.isPresent, CertifiedData.absence)) func certifiedByNIST() throws {
    let published = try CertifiedData.published("nist_numacc")
    let samples = try CertifiedData.samples("nist_numacc")
    #expect(published.count == 4)
    for (name, certified) in published {
      let summary = UnivariateSummary(try #require(samples[name]).values)
      #expect(summary.mean == certified["mean"], "\(name) mean \(summary.mean)")
      #expect(logRelativeError(summary.standardDeviation, try #require(certified["sd"])) == 15, "\(name) SD \(summary.standardDeviation)")
      #expect(logRelativeError(summary.lagOneAutocorrelation, try #require(certified["lag1_autocorrelation"])) > 14.9, "\(name)")
    }
  }

  /// Read as stored, NumAcc4 is limited by the storage: the exact answer on the stored numbers has 8 digits of the certified one.
  @Test(.enabled(if: CertifiedData.isPresent, CertifiedData.absence)) func asStored() throws {
    let values = try #require(CertifiedData.samples("nist_numacc")["NumAcc4"]).values
    let error = logRelativeError(UnivariateSummary(values, reading: .binary).standardDeviation, 0.1)
    #expect(error > 7.5 && error < 9)
  }

  @Test func degenerate() {
    #expect(UnivariateSummary([]).mean.isNaN && UnivariateSummary([]).count == 0)
    let one = UnivariateSummary([0.1])
    #expect(one.mean == 0.1 && one.variance.isNaN && one.minimum == 0.1)
    let same = UnivariateSummary([0.1, 0.1, 0.1])
    #expect(same.mean == 0.1 && same.standardDeviation == 0 && same.lagOneAutocorrelation.isNaN)
    #expect(UnivariateSummary([1, .infinity]).mean.isNaN)
    let pair = UnivariateSummary([1, 4])
    #expect(pair.mean == 2.5 && pair.variance == 4.5 && pair.lagOneAutocorrelation == -0.5 && pair.maximum == 4)
  }
}
