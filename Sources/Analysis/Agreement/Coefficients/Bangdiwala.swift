import Models
internal import Statistics
import Wording

extension AgreementCoefficient {
  /// Of two raters only; `BangdiwalaB` has formula and source.
  public static let bangdiwala = AgreementCoefficient(
    "bangdiwala", needsOrder: false, name: Text("Bangdiwala's B", zh: "Bangdiwala B")
  ) { input throws(AgreementError) in
    let found = try BangdiwalaB(input.ratings)
    let half = Normal.quantile(upperTail: (1 - input.options.level) / 2) * found.standardError
    return CoefficientEstimate(
      value: found.value, low: max(0, found.value - half), high: min(1, found.value + half), method: Text("delta method", zh: "Delta 法"))
  }
}
