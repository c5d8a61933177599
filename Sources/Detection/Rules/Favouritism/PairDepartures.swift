internal import Foundation
internal import Statistics

/// How every two raters who share units depart from the rest of their panels, where a sheet holds one to three marks and only its level can be judged.
///
/// On unit u let e be the sheets' deviations from their panel over their honest standard deviation (severity, and what a rater gives a group of units
/// beyond others, taken off; cut at 3), and ē the weighted mean of the sheets other than a's and b's. With x = e_a − ē, y = e_b − ē,
///
///     c = Σ_{o≠o'} w_o w_o' (e_a − e_o)(e_b − e_o') / Σ_{o≠o'} w_o w_o',    v = x y − c
///
/// E c = 0 for raters who judge each for themselves, whatever the noise of each rater and of the unit: v is the variance of ē, which x and y share.
/// Means by round, and in x and y what is linear in the unit's level (a wide or a narrow use of the scale), are taken out, which leaves f degrees of
/// freedom. By pair, with sums over the units they share,
///
///     departure   r = Σ x y / √(Σ x² Σ y²) and ρ = Σ v / √(Σ x² Σ y²);  (r − ρ)/(1 − r ρ) as a correlation, by Student's t on f − 1 degrees of freedom
///     closeness   Q = Σ (e_a − e_b)² / f (ν_a + ν_b),  ν from the sheets that the two do not share; a χ² over its degrees of freedom
///
/// (r − ρ)/(1 − r ρ) is the ratio of the variances of x + y and x − y over its honest value, an F, for raters alike in precision (Pitman 1939, Morgan
/// 1939). f is lowered by what units of unequal noise and the estimation of v cost. Marks at an end of the scale say no more than that they are there
/// and are left out, with whom they are compared. O(Σ panel²).
struct PairDepartures: Sendable {
  private(set) var pairs: [RaterPair] = []

  static let minimumUnits = 8
  static let minimumFreedom = 5.0
  /// Sheets beside the two, by their weights, that a joint departure is measured against: with one it may be the third rater who departs.
  static let minimumOthers = 1.2
  /// The work grows with its square.
  static let largestPanel = 300

  init(_ study: Study, _ fit: HonestFit) {
    let layout = study.layout
    let deviations = PanelDeviations(study, fit)
    guard deviations.isAny else { return }
    let noise = LevelPrecision(study, fit)
    let grouped = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    var count = [Int32](repeating: 0, count: layout.raterCount)
    var meetings: [Meeting] = []
    for r in 0..<layout.raterCount {
      deviations.forEachMeeting(of: r, grouped) { _, t in count[Int(layout.sheetRater[t])] += 1 }
      deviations.forEachMeeting(of: r, grouped) { s, t in
        if count[Int(layout.sheetRater[t])] >= PairDepartures.minimumUnits { meetings.append(deviations.meeting(s, t)) }
      }
      deviations.forEachMeeting(of: r, grouped) { _, t in count[Int(layout.sheetRater[t])] = 0 }
      meetings.sort { ($0.other, $0.round, $0.sheet) < ($1.other, $1.round, $1.sheet) }
      var start = 0
      while start < meetings.count {
        let q = meetings[start].other
        let end = meetings[start...].firstIndex { $0.other != q } ?? meetings.count
        if let pair = PairDepartures.pair(r, q, meetings[start..<end], deviations.inequality, noise, fit) { pairs.append(pair) }
        start = end
      }
      meetings.removeAll(keepingCapacity: true)
    }
  }

  private static func pair(
    _ r: Int, _ q: Int, _ meetings: ArraySlice<Meeting>, _ inequality: Double, _ noise: LevelPrecision, _ fit: HonestFit
  ) -> RaterPair? {
    let all = Products(meetings)
    guard all.freedom >= minimumFreedom else { return nil }
    var shares = (LevelPrecision.Share(), LevelPrecision.Share())
    for meeting in meetings {
      shares.0.add(noise.sheet(meeting.sheet))
      shares.1.add(noise.sheet(meeting.otherSheet))
    }
    let (a, b) = (noise.without(shares.0, rater: r), noise.without(shares.1, rater: q))
    let honest = a.factor + b.factor
    let noiseVariance = (squared(a.factor) * a.logVariance + squared(b.factor) * b.logVariance) / squared(honest)
    let freedom = all.freedom / inequality
    let closeness = all.differences / (all.freedom * honest)
    let accompanied = meetings.filter { $0.others >= PairDepartures.minimumOthers }
    let departure = JointDeparture(Products(accompanied, level: true), inequality: inequality)
    return RaterPair(
      first: r, second: q, units: meetings.count, cells: freedom, closeness: closeness, noiseVariance: noiseVariance,
      isNoisy: max(fit.raterNoise[r], fit.raterNoise[q]) > 1,
      closenessZ: RaterPair.closenessZ(closeness, freedom: freedom, noiseVariance: noiseVariance),
      companyZ: departure?.z ?? 0, departure: departure?.told)
  }
}

/// Sums of squares and products over the units of one pair, within rounds.
private struct Products {
  var xx = 0.0
  var yy = 0.0
  var xy = 0.0
  var differences = 0.0
  /// Σ of what is expected of x y, and of its variance.
  var shared = 0.0
  var sharedVariance = 0.0
  var freedom = 0.0

  /// - Parameter level: whether what is linear in the level is taken out too.
  init(_ meetings: some RandomAccessCollection<Meeting>, level: Bool = false) {
    var (xl, yl, ll) = (0.0, 0.0, 0.0)
    var (squares, count, rounding) = (0.0, 0.0, 0.0)
    var start = meetings.startIndex
    while start < meetings.endIndex {
      let round = meetings[start].round
      let end = meetings[start...].firstIndex { $0.round != round } ?? meetings.endIndex
      let n = Double(meetings.distance(from: start, to: end))
      var mean = (x: 0.0, y: 0.0, level: 0.0)
      for m in meetings[start..<end] {
        mean.x += m.x / n
        mean.y += m.y / n
        mean.level += m.level / n
      }
      for m in meetings[start..<end] {
        let (x, y, l) = (m.x - mean.x, m.y - mean.y, m.level - mean.level)
        xx += x * x
        yy += y * y
        xy += x * y
        xl += x * l
        yl += y * l
        ll += l * l
        shared += m.shared * (n - 1) / n
        // The variance of a variance.
        sharedVariance += m.others > 1 ? 2 * m.shared * m.shared / (m.others - 1) : 0
        rounding += m.rounding * (n - 1) / n
      }
      squares += n - 1
      count += n
      start = end
    }
    freedom = squares
    differences = xx + yy - 2 * xy + rounding
    guard level, ll > 0, freedom > 1 else { return }
    xx = max(0, xx - xl * xl / ll)
    yy = max(0, yy - yl * yl / ll)
    xy -= xl * yl / ll
    shared *= (freedom - 1) / freedom
    freedom -= 1
  }
}

/// The correlation of x and y beyond what their common comparison makes of it.
private struct JointDeparture {
  let told: RaterPair.JointDeparture
  let z: Double

  /// Nil where too few units tell.
  init?(_ sums: Products, inequality: Double) {
    guard sums.freedom >= PairDepartures.minimumFreedom, sums.xx > 0, sums.yy > 0 else { return nil }
    let scale = (sums.xx * sums.yy).squareRoot()
    let r = min(max(sums.xy / scale, -0.9999), 0.9999)
    let honest = min(max(sums.shared / scale, 0), 0.95)
    let beyond = (r - honest) / (1 - r * honest)
    // The variances of Fisher's z of both add up.
    let variance = inequality / (sums.freedom - 2) + sums.sharedVariance / squared(scale * (1 - honest * honest))
    let freedom = 1 + 1 / variance
    told = .init(correlation: beyond, freedom: freedom)
    z = StudentT(degreesOfFreedom: freedom).zScore(beyond * (freedom / (1 - beyond * beyond)).squareRoot())
  }
}
