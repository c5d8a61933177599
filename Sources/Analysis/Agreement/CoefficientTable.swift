internal import Foundation
import Models
internal import Statistics
import Wording

/// One coefficient with its interval, ready for a row.
struct CoefficientRow {
  var id: CoefficientID
  var value = Double.nan
  var standardError = Double.nan
  var low = Double.nan
  var high = Double.nan
  var label: BenchmarkScale.Membership?
  var observed = Double.nan
  var expected = Double.nan
  var pValue = Double.nan
  /// What the interval rests on, or why there is no figure.
  var method: Text
}

/// Every coefficient asked for, of one group of subjects.
struct CoefficientTable {
  let subjects: AgreementSubjects
  let setting: AgreementSetting
  private var options: AgreementOptions { setting.options }
  private var ratings: RatingsTable { subjects.ratings }

  func rows() -> [CoefficientRow] {
    let patterns = RatingPatterns(ratings)
    let agreement = Result { () throws(AgreementError) in
      try ChanceCorrectedAgreement(patterns, weights: setting.weights(ratings.categories))
    }
    let complete = Result { () throws(AgreementError) in try TwoWaySums(ratings) }
    let needsComponents = !setting.hasOnlyNames && setting.coefficients.contains { $0.intraclassForm != nil }
    var components: Result<IntraclassComponents, AgreementError>?
    if needsComponents, case .failure(.incomplete) = complete {
      components = Result { () throws(AgreementError) in try IntraclassComponents(ratings) }
    }
    let within = setting.hasOnlyNames ? nil : try? WithinGroupAgreement(ratings, scale: (setting.lowest, scaleTop, setting.step))
    return setting.coefficients.map { id in
      if setting.hasOnlyNames, id.needsOrder {
        return CoefficientRow(id: id, method: Text("(names have no order; see --order)", zh: "（类别无次序，见 --order）"))
      }
      do throws(AgreementError) {
        if let coefficient = id.chanceCorrected { return try chance(id, coefficient, agreement.get()) }
        if let form = id.intraclassForm { return try intraclass(id, form, complete, components) }
        switch id {
        case .alpha: return try alpha(patterns)
        case .bangdiwala: return try bangdiwala()
        case .kendall: return kendall(RankConcordance(ratings, raterLimit: 0))
        case .spearman: return spearman(RankConcordance(ratings))
        case .finn, .rwg: return panel(id, within)
        default: preconditionFailure("no computation for \(id.rawValue)")
        }
      } catch {
        return CoefficientRow(id: id, method: AgreementWords.reason(error))
      }
    }
  }

  private var scaleTop: Double { max(setting.highest, options.fullMarks ?? setting.highest) }

  private func chance(
    _ id: CoefficientID, _ coefficient: ChanceCorrected, _ agreement: ChanceCorrectedAgreement
  ) throws(AgreementError) -> CoefficientRow {
    let estimate =
      coefficient == .conger ? try CongerKappa(ratings, agreement).estimate() : try agreement.estimate(coefficient)
    let (low, high) = estimate.interval(level: options.level)
    return CoefficientRow(
      id: id, value: estimate.value, standardError: estimate.standardError, low: low, high: high,
      label: id == .percent ? nil : BenchmarkScale.landisKoch.label(estimate.value, standardError: estimate.standardError),
      observed: estimate.observed, expected: id == .percent ? .nan : estimate.expected, pValue: estimate.pValue,
      method: Text("linearised, t(\(estimate.units - 1))", zh: "线性化，t(\(estimate.units - 1))"))
  }

  /// Bootstrap limits; the jackknife's error for the label, and for the limits without a bootstrap.
  private func alpha(_ patterns: RatingPatterns) throws(AgreementError) -> CoefficientRow {
    let measure = AgreementMeasure.krippendorff(setting.metric)
    let value = try KrippendorffAlpha(patterns, metric: setting.metric).value()
    if ratings.units(withAtLeast: 2).count < 2 {
      // One subject cannot tell how much another would have differed.
      return CoefficientRow(id: .alpha, value: value, method: Text("(one subject: no interval)", zh: "（仅一个对象，无法计算区间）"))
    }
    let left = try measure.valuesWithoutUnits(ratings).filter { !$0.isNaN }
    let error = jackknifeError(left)
    var row = CoefficientRow(
      id: .alpha, value: value, standardError: error, label: BenchmarkScale.landisKoch.label(value, standardError: error),
      method: Text("jackknife, t(\(left.count - 1))", zh: "刀切法，t(\(left.count - 1))"))
    if options.bootstrap > 0 {
      let bootstrap = AgreementBootstrap(ratings, replicates: options.bootstrap, seed: options.seed, threads: options.threads)
      (row.low, row.high) = try bootstrap.interval(measure, level: options.level)
      row.method = Text("bootstrap (BCa)", zh: "自助法（BCa）")
    } else if left.count > 1 {
      let half = StudentT(degreesOfFreedom: Double(left.count - 1)).quantile(upperTail: (1 - options.level) / 2) * error
      (row.low, row.high) = (value - half, min(1, value + half))
    }
    return row
  }

  private func intraclass(
    _ id: CoefficientID, _ form: IntraclassForm, _ complete: Result<TwoWaySums, AgreementError>,
    _ components: Result<IntraclassComponents, AgreementError>?
  ) throws(AgreementError) -> CoefficientRow {
    if let components = try components?.get() {
      let (low, high) = components.interval(form, level: options.level)
      let (value, error) = (components.value(form), components.standardError(form))
      return CoefficientRow(
        id: id, value: value, standardError: error, low: low, high: high, label: BenchmarkScale.kooLi.label(value, standardError: error),
        method: Text("REML, delta method", zh: "REML，Delta 法"))
    }
    let sums = try complete.get()
    let estimate = try sums.meanSquares.estimate(form, level: options.level)
    let error = jackknifeError(try AgreementMeasure.intraclass(form).valuesWithoutUnits(ratings).filter { !$0.isNaN })
    return CoefficientRow(
      id: id, value: estimate.value, standardError: error, low: estimate.low, high: estimate.high,
      label: BenchmarkScale.kooLi.label(estimate.value, standardError: error), pValue: estimate.pValue,
      method: Text("mean squares, F", zh: "均方，F 分布"))
  }

  private func bangdiwala() throws(AgreementError) -> CoefficientRow {
    let found = try BangdiwalaB(ratings)
    let half = Normal.quantile(upperTail: (1 - options.level) / 2) * found.standardError
    return CoefficientRow(
      id: .bangdiwala, value: found.value, standardError: found.standardError, low: max(0, found.value - half),
      high: min(1, found.value + half),
      method: Text("delta method", zh: "Delta 法"))
  }

  private func kendall(_ ranks: RankConcordance) -> CoefficientRow {
    CoefficientRow(
      id: .kendall, value: ranks.w, pValue: ranks.pValue,
      method: ranks.units < 2
        ? Text("(none scored by all)", zh: "（没有全体考评员均评过的对象）")
        : Text("(\(ranks.units) scored by all)", zh: "（全员评过 \(ranks.units) 个）"))
  }

  private func spearman(_ ranks: RankConcordance) -> CoefficientRow {
    CoefficientRow(
      id: .spearman, value: ranks.meanSpearman,
      method: ranks.pairs == 0
        ? Text("(no pair shares three)", zh: "（没有两人共评三个）")
        : Text("(\(ranks.pairs) pairs of raters)", zh: "（\(ranks.pairs) 对考评员）"))
  }

  private func panel(_ id: CoefficientID, _ within: WithinGroupAgreement?) -> CoefficientRow {
    guard let within else { return CoefficientRow(id: id, method: AgreementWords.reason(.nothingToCompare)) }
    let (low, high) = (AgreementSetting.text(setting.lowest), AgreementSetting.text(scaleTop))
    let against = Text("(random: \(low) to \(high))", zh: "（随机分：\(low) 至 \(high)）")
    return id == .finn
      ? CoefficientRow(id: id, value: within.finn, pValue: within.finnPValue, method: against)
      : CoefficientRow(id: id, value: within.meanRwg, method: against)
  }

  private func jackknifeError(_ values: [Double]) -> Double {
    let n = Double(values.count)
    if n < 2 { return .nan }
    let mean = values.reduce(0, +) / n
    return ((n - 1) / n * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
  }
}
