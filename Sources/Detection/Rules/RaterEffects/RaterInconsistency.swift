internal import Foundation
internal import Statistics
internal import Wording

/// Raters whose scores follow neither the units nor the rest of the panel.
struct RaterInconsistency: Rule {
  static let card = RuleCard(
    id: "rater-inconsistency", kind: .claim,
    title: Text("Erratic scores", zh: "评分忽高忽低"),
    question: Text(
      "Do this rater's scores scatter around what the rest of the panel gives more than other raters' scores do?",
      zh: "扣除宽严差异后，该考评员的评分与同组其他人评分的偏离是否明显大于其他考评员？"),
    statistic: Text(
      "log of the rater's mean squared standardised residual (sheet means and profiles over the criteria, each square capped so that a single odd sheet does not decide), against the robust centre and spread of all raters' logs",
      zh: "该考评员标准化残差平方均值的对数（含评分表均值与指标间差异，单项设上限以免个别评分表左右结论），与全体考评员的稳健中心和离散度比较"),
    null: Text(
      "raters differ in precision as the bulk of this campaign's raters do",
      zh: "考评员的评分精度差异与本次考评多数考评员之间的差异相当"),
    explanations: [
      Text("The rater saw evidence that the others did not see.", zh: "该考评员可能掌握了其他人没有看到的材料。"),
      Text("Scores were entered against the wrong units or in the wrong columns.", zh: "录入时可能错行、错列，把分数记到了别的单位或指标上。"),
      Text("The rater was assigned units outside the field they know.", zh: "分配给该考评员的单位可能超出其熟悉的业务范围。"),
    ],
    checks: [
      Text("Compare the entered scores with the rater's paper sheets.", zh: "将录入分数与该考评员的纸质评分表逐项核对。"),
      Text("Have the rater score two units again without seeing the first scores.", zh: "请该考评员在不看原评分的情况下重评两个单位。"),
    ],
    references: ["Wolfe and Myford 2004, rater effects: randomness"])

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let noise = RaterNoise(study.layout, fit)
    guard noise.raters.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(noise.raters.count) raters have enough sheets to compare their precision; at least 6 are needed",
          zh: "只有 \(noise.raters.count) 名考评员的评分表足以比较精度，至少需要 6 名"))
    }
    let points = RaterPoints(study)
    let tail = StudentT(degreesOfFreedom: robustFreedom(noise.raters.count))
    let typicalError = median(noise.standardError)
    let centre = noise.centre
    let spread = noise.spread
    return .tests(
      TestFamily(
        statistics: noise.z, pValues: noise.z.map { tail.upperTail($0) },
        effects: noise.log.map { exp(0.5 * ($0 - centre)) },
        detectable: { p in
          MinimumDetectableEffect(
            value: exp(0.5 * (tail.quantile(upperTail: p) + MinimumDetectableEffect.powerQuantile) * spread * typicalError), unit: "ratio")
        },
        subjects: { i in Subjects(raters: [study.table.raters[noise.raters[i]].name]) },
        claim: { i in
          let r = noise.raters[i]
          let name = study.table.raters[r].name
          let effect = Effect.ratio(logVariances: noise.log[i] - centre, standardError: noise.standardError[i])
          let sheets = points.sheets(of: r)
          return Claim(
            level: .warning, subjects: Subjects(raters: [name]),
            effect: effect,
            evidence: [Evidence("sheets", .count(sheets.count)), Evidence("z", .number(noise.z[i]))],
            message: Text(
              "Over \(sheets.count) sheets, \(name)'s scores scatter around those of the rest of the panel \(Figures.times(effect.value)) times as widely as other raters' scores do; being strict or lenient throughout is already allowed for.",
              zh: "扣除宽严差异后，\(name)在 \(sheets.count) 张评分表上与同组评分的离散程度是其他考评员的 \(Figures.times(effect.value)) 倍。"),
            explanations: UnequalScale.explanations(rater: r, study),
            scores: sheets.flatMap { study.rows(ofSheet: $0) })
        }))
  }
}

/// How widely each rater's scores scatter, on a log scale.
struct RaterNoise: Sendable {
  let raters: [Int]
  let log: [Double]
  /// Standard error of `log` from the degrees of freedom behind it.
  let standardError: [Double]
  let centre: Double
  /// Robust spread of (log − centre) / standardError; at least 1.
  let spread: Double
  let z: [Double]
  /// Standard deviation of honest raters' log noise variance beyond chance.
  let honestSD: Double
  /// What the typical rater's variance is worth beside a rater's own, in degrees of freedom: log variances that differ by τ between honest raters are worth 2/τ².
  var priorFreedom: Double { min(2 / max(squared(honestSD), 1e-9), 1000) }

  /// Squares above these are another rule's business: single odd sheets and scores. With heavy honest tails one of them would decide otherwise.
  static let levelCap = 9.0
  static let profileCap = 4.0

  init(_ layout: Layout, _ fit: HonestFit) {
    var sum = [Double](repeating: 0, count: layout.raterCount)
    var freedom = sum
    var sheets = [Int](repeating: 0, count: layout.raterCount)
    for s in 0..<layout.sheetCount where layout.comparable[s] > 0 {
      let r = Int(layout.sheetRater[s])
      sum[r] += min(fit.plainSquare[s], RaterNoise.levelCap)
      freedom[r] += 1
      sheets[r] += 1
      if layout.comparable[s] > 1 {
        let n = Double(layout.comparable[s] - 1)
        sum[r] += min(fit.profile[s], RaterNoise.profileCap) * n
        freedom[r] += n
      }
    }
    let raters = (0..<layout.raterCount).filter { sheets[$0] >= 3 && freedom[$0] >= 5 }
    // A rater of exact agreement would have log 0; half a squared residual more keeps it finite.
    let log = raters.map { Foundation.log((sum[$0] + 0.5) / (freedom[$0] + 0.5)) }
    let error = raters.map { (2 / freedom[$0]).squareRoot() }
    let centre = raters.isEmpty ? 0 : median(log)
    let u = raters.indices.map { (log[$0] - centre) / error[$0] }
    let spread = max(1, bulkSpread(u))
    self.raters = raters
    self.log = log
    standardError = error
    self.centre = centre
    self.spread = spread
    z = u.map { $0 / spread }
    honestSD = (spread * spread - 1).squareRoot() * (error.isEmpty ? 0 : median(error))
  }
}
