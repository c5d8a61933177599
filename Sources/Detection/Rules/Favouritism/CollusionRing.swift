internal import Foundation
internal import Scores
internal import Statistics
internal import Wording

/// Raters who move the same units together beyond merit.
struct CollusionRing: Rule {
  static let card = RuleCard(
    id: "collusion-ring", kind: .claim,
    title: Text("Raters whose scores move together", zh: "数名考评员评分异常一致"),
    question: Text(
      "Do some raters of a panel agree with each other far more closely than raters who judge each for themselves do, or depart together from the rest?",
      zh: "同组部分考评员彼此之间的一致程度是否远高于各自独立评分的水平，或者是否总是一致偏离其他考评员？"),
    statistic: Text(
      "by pair of raters over the units they share (at least 4, with at least 4 criteria), the smaller of two p-values, times two: (1) the squared differences of level and profile between their sheets over their honest variance (the raters' noise taken from the sheets they do not share), χ² by Wilson and Hilferty, lower tail; (2) how much farther the two lie from the others of their panels than from each other. Where sheets have 1 to 3 marks (at least 8 units, beside a third rater, marks at the ends of the scale left out): (1) from the differences of level, (2) the correlation of the two raters' departures from the others of their panels, beyond what comes of the common comparison, by Student's t; what a rater gives to a group of units, rounds, and a wide or narrow use of the scale are taken out. Both over the robust spread of all pairs, with Student-t tails. Pairs with p below 0.05 over the number of pairs are joined into rings, each tested by its smallest p. Pairs whose marks are equal, or apart by one amount, are left to copied-sheets",
      zh:
        "对每对考评员，在其共同评过的单位（至少 4 个，每个至少 4 项指标）上取以下两个 p 值中较小者的两倍：（1）两人评分表在总体水平和指标间走势上的差异平方和与公正评分下方差之比（考评员自身波动取自两人不共同的评分表），按 Wilson–Hilferty 变换取 χ² 下尾；（2）两人与同组其他人的距离超出两人之间距离的程度。评分表只有 1 至 3 项得分时（至少 8 个共同单位，且另有第三人评分，剔除满分和最低分）：（1）只取总体水平的差异；（2）两人各自偏离同组其他人的程度之间的相关系数，扣除因比较对象相同而产生的部分，按 t 分布计算，并事先扣除对某类归属单位的偏向、轮次差异和分值使用范围宽窄的影响。两者均除以全体考评员对的稳健离散度，按 t 分布计算。p 值小于 0.05 除以总对数的各对连成一组，以组内最小 p 值检验；得分完全相同或总是相差同一分值的，由 copied-sheets 判断"
    ),
    null: Text(
      "given the unit's merit and the raters' severities, raters' scores are independent, and as precise as the raters' other sheets",
      zh: "给定单位水平和考评员宽严度，各考评员的评分相互独立，其精度与各自其他评分表相当"),
    explanations: [
      Text("They conferred and settled their scores together, as the rules may allow.", zh: "规则允许的话，他们可能是商议后统一给分。"),
      Text("They share a training or a field, and see the same things in a unit.", zh: "他们可能专业背景相同或接受过同样的培训，关注点一致。"),
      Text("They had the same notes before them, or visited these units together.", zh: "他们可能依据同一份材料，或一同实地查看了这些单位。"),
      Text(
        "They are of one school, and value one kind of unit alike; a shared view is no agreement to score together.",
        zh: "他们可能师承或流派相同，对某一类单位看法相近；看法相近不等于事先串通。"),
    ],
    checks: [
      Text(
        "Ask each of them separately for the reasons behind two scores on which they agree and differ from the rest.",
        zh: "分别请各人说明两项“彼此一致而与其他人不同”的评分的理由。"),
      Text("Have these units scored again by raters outside the group.", zh: "由这几名考评员以外的人员对有关单位重新评分。"),
    ],
    references: [
      "Linacre 2002, Rasch Meas. Trans. 16:857, raters who agree more than expected",
      "Wilson and Hilferty 1931, PNAS 17:684",
      "Pitman 1939, Biometrika 31:9, and Morgan 1939, Biometrika 31:13, sum and difference of correlated variables",
    ])

  /// Pairs are joined where chance joins none of all pairs with this probability or less.
  static let firm = 0.05
  /// Pairs from this deviate on are looked at for copies.
  static let suspect = 2.0
  /// The share of equal marks beyond chance from which on a pair is one of copies.
  static let copied = 0.2

  func examine(_ study: Study) -> Examination {
    guard let fit = study.fit else { return .notEvaluated(reason: Study.nothingToCompare) }
    let pairs = CollusionRing.pairs(study, fit)
    guard !pairs.isEmpty else {
      return .notEvaluated(
        reason: Text(
          "no two raters share \(PairDistances.minimumUnits) units or more with at least \(PairDistances.minimumCells) criteria in panels of up to \(PairDistances.largestPanel), or \(PairDepartures.minimumUnits) with fewer criteria, each scored by a third rater too and short of the ends of the scale",
          zh:
            "没有两名考评员共同评过 \(PairDistances.minimumUnits) 个以上单位（每个单位至少 \(PairDistances.minimumCells) 项指标，评分人数不超过 \(PairDistances.largestPanel) 人），或指标较少但有 \(PairDepartures.minimumUnits) 个以上共同单位（均另有第三人评分，且得分不在满分或最低分）"
        ))
    }
    let rings = Ring.all(pairs, raters: study.layout.raterCount)
    let typical = Typical(pairs)
    return .tests(
      TestFamily(
        statistics: rings.map(\.z), pValues: rings.map(\.p), effects: rings.map { $0.closeness.squareRoot() }, total: pairs.count,
        detectable: { p in
          MinimumDetectableEffect(value: typical.detectable(Normal.quantile(upperTail: p / 2)), unit: "ratio")
        },
        subjects: { i in Subjects(raters: rings[i].members.map { study.table.raters[$0].name }) },
        claim: { i in CollusionRing.claim(study, rings[i], RingShift(study, fit, rings[i].members)) }))
  }

  /// All pairs of raters but those whose sheets are copies.
  private static func pairs(_ study: Study, _ fit: HonestFit) -> [RaterPair] {
    let distances = PairDistances(study, fit).pairs
    let judged = Set(distances.map { [$0.first, $0.second] })
    let departures = PairDepartures(study, fit).pairs.filter { !judged.contains([$0.first, $0.second]) }
    let all = distances + departures
    let suspects = all.filter { max($0.closenessZ, $0.companyZ) > CollusionRing.suspect }
    let copies = CopiedSheets.copies(
      study, fit, among: suspects.map { ($0.first, $0.second) }, of: all.count, share: CollusionRing.copied)
    func others(_ pairs: [RaterPair]) -> [RaterPair] {
      pairs.filter { pair in !copies.contains { $0.0 == pair.first && $0.1 == pair.second } }
    }
    return RaterPair.tested(others(distances)) + RaterPair.tested(others(departures))
  }

  private static func claim(_ study: Study, _ ring: Ring, _ shift: RingShift) -> Claim {
    let names = ring.members.map { study.table.raters[$0].name }
    let units = shift.units.map { study.table.units[$0] }
    let ratio = Effect.ratio(logVariances: log(ring.closeness), standardError: ring.logError)
    let listed = Names.list(names, limit: 8)
    let distance = Text(
      "their scores lie \(Figures.ratio(ratio.value)) times as far apart as is usual (\(Figures.ratio(ratio.low!)) to \(Figures.ratio(ratio.high!)))",
      zh: "彼此差距为通常水平的 \(Figures.ratio(ratio.value)) 倍（\(Figures.ratio(ratio.low!)) 至 \(Figures.ratio(ratio.high!))）")
    var message: Text
    let close = ratio.high! < 1
    if close {
      message = Text(
        "\(listed.en) agree far more closely than raters who judge each for themselves: on the \(counted(units.count, "unit")) they share, \(distance.en).",
        zh: "\(listed.zh)在共同评分的 \(units.count) 个单位上评分异常接近：\(distance.zh)。")
    } else {
      message = Text(
        "\(listed.en) depart from the rest of their panels together on the \(counted(units.count, "unit")) they share, while \(distance.en).",
        zh: "\(listed.zh)在共同评分的 \(units.count) 个单位上总是一致偏离同组其他考评员，而\(distance.zh)。")
      if let correlation = ring.correlation {
        let size = Figures.ratio(correlation)
        message = Text(
          message.en + " Their departures have a correlation of \(size), where raters who judge each for themselves have 0.",
          zh: message.zh + "各人偏离程度之间的相关系数为 \(size)，而各自独立评分时应为 0。")
      }
    }
    if shift.points > 0 {
      let size = Figures.points(shift.points)
      message = Text(
        message.en
          + " Measured against the other raters of these units they are off by about \(size) points, higher on \(shift.above) and lower on \(shift.below).",
        zh: message.zh + "与这些单位的其他考评员相比，他们一致偏离约 \(size) 分，其中 \(shift.above) 个单位偏高、\(shift.below) 个偏低。")
    }
    return Claim(
      level: .warning, subjects: Subjects(raters: Array(names.prefix(Names.subjectLimit)), units: Names.subjects(units)), effect: ratio,
      evidence: [
        Evidence("sharedUnits", .count(units.count)), Evidence("sheets", .count(shift.sheets.count)), Evidence("z", .number(ring.z)),
        Evidence("pairs", .count(ring.pairs)), Evidence("shift", .number(shift.points)),
      ] + (ring.correlation.map { [Evidence("correlation", .number($0))] } ?? []),
      message: message, scores: shift.sheets.flatMap { study.rows(ofSheet: $0) }, corrections: shift.corrections)
  }
}

/// Raters joined by pairs that are remarkable.
private struct Ring: Sendable {
  var members: [Int]
  var z: Double
  var p: Double
  /// Squared distances between the members' sheets relative to the honest ones, and the standard error of the logarithm.
  var closeness: Double
  var logError: Double
  var pairs: Int
  /// Mean correlation of the members' departures from the rest of their panels, where sheets have few marks.
  var correlation: Double?

  /// Rings, and every other pair as a ring of two.
  static func all(_ pairs: [RaterPair], raters: Int) -> [Ring] {
    let limit = CollusionRing.firm / Double(pairs.count)
    var sets = UnionFind(raters)
    for pair in pairs where pair.p <= limit { sets.join(pair.first, pair.second) }
    var ofRing: [Int: [RaterPair]] = [:]
    var others: [Ring] = []
    for pair in pairs {
      if sets.root(pair.first) == sets.root(pair.second) {
        ofRing[sets.root(pair.first), default: []].append(pair)
      } else {
        others.append(Ring([pair]))
      }
    }
    return ofRing.values.map { Ring($0) }.sorted { $0.members.lexicographicallyPrecedes($1.members) } + others
  }

  init(_ pairs: [RaterPair]) {
    members = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
    z = pairs.reduce(-.infinity) { max($0, $1.closenessZ, $1.companyZ) }
    p = pairs.reduce(1) { min($0, $1.p) }
    self.pairs = pairs.count
    let correlations = pairs.compactMap(\.departure?.correlation)
    if !correlations.isEmpty { correlation = correlations.reduce(0, +) / Double(correlations.count) }
    let cells = pairs.reduce(0) { $0 + $1.cells }
    closeness = max(1e-4, pairs.reduce(0) { $0 + $1.cells * $1.closeness } / cells)
    // Of m sheets of a unit only m − 1 differences are independent.
    let freedom = cells * 2 / Double(members.count)
    let noise = pairs.reduce(0) { $0 + $1.cells * $1.noiseVariance } / cells
    logError = (2 / freedom + noise).squareRoot()
  }
}

/// By how much the members of a ring move the units they share, against the other raters of these units.
///
/// On unit u the difference of the two means, d_u, is the shift and the noise of both, of variance V_u. The shifts' variance is τ² = mean(d² − V), and
/// the part of d_u that is theirs τ²/(τ² + V_u).
private struct RingShift {
  /// Units that two members or more scored, and the members' sheets of these.
  var units: [Int] = []
  var sheets: [Int] = []
  /// τ in points of the result; 0 where the shifts are no larger than noise, or nobody else scored these units.
  var points = 0.0
  var above = 0
  var below = 0
  var corrections: [Correction] = []

  init(_ study: Study, _ fit: HonestFit, _ members: [Int]) {
    let layout = study.layout
    let inside = Set(members.map(Int32.init))
    var differences: [(sheets: [Int], d: Double, variance: Double)] = []
    for u in 0..<layout.unitCount {
      let panel = (layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1]).filter { layout.comparable[$0] > 0 }
      let own = panel.filter { inside.contains(layout.sheetRater[$0]) }
      guard own.count > 1 else { continue }
      units.append(u)
      sheets += own
      let others = panel.filter { !inside.contains(layout.sheetRater[$0]) }
      guard !others.isEmpty else { continue }
      let (a, b) = (RingShift.mean(own, layout, fit), RingShift.mean(others, layout, fit))
      differences.append((own, a.mean - b.mean, a.variance + b.variance))
    }
    let count = Double(max(1, differences.count))
    let tau2 = differences.reduce(0) { $0 + squared($1.d) - $1.variance } / count
    guard tau2 > 0 else { return }
    points = tau2.squareRoot() * sheets.reduce(0) { $0 + study.pointsPerCommon[$1] } / Double(sheets.count)
    for one in differences {
      if one.d > 0 { above += 1 } else { below += 1 }
      let shift = one.d * tau2 / (tau2 + one.variance)
      corrections += one.sheets.map { Correction(sheet: $0, points: shift * study.pointsPerCommon[$0]) }
    }
  }

  private static func mean(_ sheets: [Int], _ layout: Layout, _ fit: HonestFit) -> (mean: Double, variance: Double) {
    var precision = 0.0
    var sum = 0.0
    for s in sheets {
      let p = 1 / fit.ownVariance(s, layout)
      precision += p
      sum += p * (fit.level[s] - fit.raterEffect[Int(layout.sheetRater[s])])
    }
    return (sum / precision, 1 / precision)
  }
}

/// The typical pair, and how close its sheets must lie to be noticed.
private struct Typical: Sendable {
  private let cells: Double
  private let noiseVariance: Double
  /// Degrees of freedom of the correlation of departures, where most pairs are judged by it.
  private let freedom: Double?

  init(_ pairs: [RaterPair]) {
    cells = median(pairs.map(\.cells))
    noiseVariance = median(pairs.map(\.noiseVariance))
    let freedoms = pairs.compactMap(\.departure?.freedom)
    freedom = 2 * freedoms.count > pairs.count ? median(freedoms) : nil
  }

  /// The ratio of distances found with the power of all detectable effects when a pair counts from the normal deviate `z` on.
  func detectable(_ z: Double) -> Double {
    let t = 2 / (9 * cells)
    let root = 1 - t - (z + MinimumDetectableEffect.powerQuantile) * (t + noiseVariance / 9).squareRoot()
    let closeness = pow(max(0, root), 1.5)
    guard let freedom else { return closeness }
    // Raters whose departures have correlation r lie √(1 − r) times as far apart as independent ones.
    let student = StudentT(degreesOfFreedom: freedom).quantile(logUpperTail: Normal.logUpperTail(z))
    let fisher = asinh(student / freedom.squareRoot()) + MinimumDetectableEffect.powerQuantile / max(1, freedom - 1).squareRoot()
    return max(closeness, (1 - tanh(fisher)).squareRoot())
  }
}
