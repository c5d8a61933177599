import Models
import Wording

extension AgreementCoefficient {
  /// `KrippendorffAlpha` has formula and source. Bootstrap limits, or the jackknife's without a bootstrap; the label by the jackknife.
  public static let alpha = AgreementCoefficient(
    "alpha", needsOrder: false,
    name: { input in
      let scale = input.setting.scale
      return Text("Krippendorff's α, \(scale.rawValue)", zh: "Krippendorff α（\(AgreementWords.scale(scale).zh)）")
    },
    compute: { input throws(AgreementError) in
      let (ratings, options) = (input.ratings, input.options)
      let measure = AgreementMeasure.krippendorff(input.setting.metric)
      let value = try KrippendorffAlpha(input.patterns, metric: input.setting.metric).value()
      if ratings.units(withAtLeast: 2).count < 2 {
        // One subject cannot tell how much another would have differed.
        return CoefficientEstimate(value: value, method: Text("(one subject: no interval)", zh: "（仅一个对象，无法计算区间）"))
      }
      var estimate = CoefficientEstimate(
        value, jackknife: try measure.valuesWithoutUnits(ratings), level: options.level, scale: .landisKoch)
      if options.bootstrap > 0 {
        let bootstrap = AgreementBootstrap(ratings, replicates: options.bootstrap, seed: options.seed, threads: options.threads)
        (estimate.low, estimate.high) = try bootstrap.interval(measure, level: options.level)
        estimate.method = Text("bootstrap (BCa)", zh: "自助法（BCa）")
      }
      return estimate
    })
}
