internal import Foundation

/// What a run of units contributes to log-likelihood, gradient and information; each unit's share over the parameters it touches.
struct UnitBlock: Sendable {
  let units: Range<Int>
  var logLikelihood = 0.0
  /// As `ParameterMap.local`, for these units.
  var gradient: [Double]
  /// One square after the other, row by row.
  var information: [Double]
  /// The unit's measure (joint estimation) or the mode of its posterior (marginal).
  var centres: [Double]
  /// In marginal estimation: the posterior standard deviation by the curvature at the mode.
  var unitSpreads: [Double]

  init(_ units: Range<Int>, _ map: ParameterMap) {
    self.units = units
    gradient = [Double](repeating: 0, count: map.localStart[units.upperBound] - map.localStart[units.lowerBound])
    var squares = 0
    for u in units {
      let p = map.localStart[u + 1] - map.localStart[u]
      squares += p * p
    }
    information = [Double](repeating: 0, count: squares)
    centres = [Double](repeating: 0, count: units.count)
    unitSpreads = centres
  }

  /// Runs of units of about equal work. They depend on the data only, so sums do not depend on the number of threads.
  static func runs(_ active: ActiveResponses, _ map: ParameterMap) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var begin = 0
    var work = 0
    let units = active.unitStart.count - 1
    for u in 0..<units {
      let p = map.localStart[u + 1] - map.localStart[u]
      work += 20 * (active.unitStart[u + 1] - active.unitStart[u]) + p * p / 4 + 10
      if work > 20_000 || u == units - 1 {
        runs.append(begin..<(u + 1))
        begin = u + 1
        work = 0
      }
    }
    return runs
  }
}

/// exp(−κ) by scale and category, and the category from which powers are counted.
///
/// A category's probability is c[k] e^{(k − middle) η} / Σ: one exponential a response, then multiplications outwards from the middle.
struct CategoryTable: Sendable {
  let width: Int
  let middle: Int
  let weights: [Double]
  /// |η| beyond this changes no probability in double precision and could overflow.
  let limit: Double
  /// The greatest standard deviation of a score, over all scales and η. A scale of two categories g apart has g/2.
  private(set) var greatestDeviation = 0.5

  init(_ cumulative: [Double], width: Int) {
    self.width = width
    middle = (width - 1) / 2
    weights = cumulative.map { exp(-$0) }
    limit = min(300 / Double(width - 1 - middle), 150)
    var greatest = 0.25
    for g in 0..<(cumulative.count / width) {
      let places = CategoryTable.likelyPlaces(cumulative[(g * width)..<((g + 1) * width)])
      for eta in places { greatest = max(greatest, moments(eta, g).variance) }
    }
    greatestDeviation = greatest.squareRoot()
  }

  /// Where one scale's variance may be greatest: where the likeliest category changes, and halfway between such places.
  private static func likelyPlaces(_ cumulative: ArraySlice<Double>) -> [Double] {
    // Category k is the likeliest at some η when (k, κ[k]) is a corner of the lower convex hull; the hull's slopes are the places of change.
    var hull: [Int] = []
    func slope(_ a: Int, _ b: Int) -> Double { (cumulative[b] - cumulative[a]) / Double(b - a) }
    for k in cumulative.indices where cumulative[k].isFinite {
      while hull.count > 1, slope(hull[hull.count - 2], hull[hull.count - 1]) >= slope(hull[hull.count - 1], k) { hull.removeLast() }
      hull.append(k)
    }
    let changes = zip(hull, hull.dropFirst()).map { slope($0, $1) }
    return changes + zip(changes, changes.dropFirst()).map { ($0 + $1) / 2 }
  }

  /// log Σ of the weights relative to the middle, mean and variance of the category at η on scale g.
  func moments(_ eta: Double, _ g: Int) -> (logSum: Double, mean: Double, variance: Double) {
    let x = exp(min(max(eta, -limit), limit))
    let base = g * width + middle
    var s0 = weights[base]
    var s1 = 0.0
    var s2 = 0.0
    var power = x
    var distance = 1.0
    for j in (base + 1)..<(g * width + width) {
      let t = weights[j] * power
      s0 += t
      s1 += distance * t
      s2 += distance * distance * t
      power *= x
      distance += 1
    }
    let inverse = 1 / x
    power = inverse
    distance = -1
    var j = base - 1
    while j >= g * width {
      let t = weights[j] * power
      s0 += t
      s1 += distance * t
      s2 += distance * distance * t
      power *= inverse
      distance -= 1
      j -= 1
    }
    let mean = s1 / s0
    return (log(s0), Double(middle) + mean, max(s2 / s0 - mean * mean, 1e-300))
  }

  /// Probabilities of all categories at η on scale g.
  func probabilities(_ eta: Double, _ g: Int, into p: inout [Double]) {
    let x = exp(min(max(eta, -limit), limit))
    let base = g * width
    var power = 1.0
    var sum = 0.0
    for k in middle..<width {
      p[k] = weights[base + k] * power
      sum += p[k]
      power *= x
    }
    let inverse = 1 / x
    power = inverse
    var k = middle - 1
    while k >= 0 {
      p[k] = weights[base + k] * power
      sum += p[k]
      power *= inverse
      k -= 1
    }
    for k in 0..<width { p[k] /= sum }
  }
}
