internal import Foundation
internal import Statistics

/// Two raters, and how their sheets of the units they share lie to each other and to the rest of the panels.
struct RaterPair: Sendable {
  /// Numbers of raters, the smaller first.
  var first: Int
  var second: Int
  var units: Int
  /// Degrees of freedom behind `closeness`: criteria compared, summed over the units.
  var cells: Double
  /// Squared differences of the two raters' sheets over their honest variance, and the variance of the logarithm of that.
  var closeness: Double
  var noiseVariance: Double
  /// Whether one of the two scatters more than the typical rater.
  var isNoisy: Bool
  /// Normal deviates: of the lower tail of `closeness`, and of how far the two lie from the rest of their panels on the same side.
  var closenessZ: Double
  var companyZ: Double
  /// Where sheets are judged by their level alone.
  var departure: JointDeparture?
  /// Twice the smaller of the two tails; 1 until it is known (`tested`).
  var p = 1.0

  /// The correlation of two raters' departures from the rest of their panels.
  struct JointDeparture: Sendable {
    /// Beyond what comes of their common comparison.
    var correlation: Double
    var freedom: Double
  }

  /// The normal deviate of the lower tail of a ratio to an honest variance that is known with an error: by the cube root (Wilson and Hilferty 1931), to
  /// whose variance that of the honest variance is added.
  static func closenessZ(_ closeness: Double, freedom: Double, noiseVariance: Double) -> Double {
    let t = 2 / (9 * freedom)
    return (1 - t - cbrt(closeness)) / (t + noiseVariance / 9).squareRoot()
  }

  /// The pairs with deviates over their robust spread, and p-values: raters who were briefed alike agree a little better, and are no ring for it. Pairs that
  /// are remarkable anyway (`isRemarkable`) and raters who are noisy as a whole are not asked for the spread, as long as that leaves half of the pairs.
  static func tested(_ pairs: [RaterPair]) -> [RaterPair] {
    var pairs = pairs
    var tail: @Sendable (Double) -> Double = { Normal.upperTail($0) }
    if pairs.count >= 20 {
      let plain = pairs.filter { !$0.isNoisy && !isRemarkable($0, among: pairs.count) }
      let honest = 2 * plain.count >= pairs.count ? plain : pairs
      let (closeness, company) = (honest.map(\.closenessZ), honest.map(\.companyZ))
      let (centre, spread, companySpread) = (max(0, median(closeness)), max(1, robustSpread(closeness)), max(1, robustSpread(company)))
      for i in pairs.indices {
        pairs[i].closenessZ = (pairs[i].closenessZ - centre) / spread
        pairs[i].companyZ /= companySpread
      }
      let student = StudentT(degreesOfFreedom: robustFreedom(honest.count))
      tail = { student.upperTail($0) }
    }
    for i in pairs.indices { pairs[i].p = min(1, 2 * min(tail(pairs[i].closenessZ), tail(pairs[i].companyZ))) }
    return pairs
  }

  /// Whether chance at its plain spread would bring about one such pair among `count` with a probability of 1 % or less.
  static func isRemarkable(_ pair: RaterPair, among count: Int) -> Bool {
    2 * Normal.upperTail(max(pair.closenessZ, pair.companyZ)) <= 0.01 / Double(count)
  }
}
