internal import Foundation
internal import Statistics

/// What a Student-t variable is multiplied by so that its quartiles are those of the standard normal, as a median absolute deviation sees them.
func quartileScale(_ degreesOfFreedom: Double) -> Double {
  upperQuartile / StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.75)
}

/// Of the standard normal.
private let upperQuartile = 0.674489750196081743

/// A Student-t law with the quartiles of the standard normal.
private struct Law: Sendable {
  let distribution: StudentT
  let scale: Double
  /// Log density at 0, which costs two log Γ.
  private let peak: Double
  /// Of laws that are asked for the tails of thousands of residuals.
  private var table: TailTable?

  var degreesOfFreedom: Double { distribution.degreesOfFreedom }

  init(_ degreesOfFreedom: Double) {
    distribution = StudentT(degreesOfFreedom: degreesOfFreedom)
    scale = degreesOfFreedom.isFinite ? quartileScale(degreesOfFreedom) : 1
    peak = distribution.logDensity(0) - log(scale)
  }

  func upperTail(_ z: Double) -> Double { table?.upperTail(z) ?? distribution.upperTail(z / scale) }

  var tabulated: Law {
    var law = self
    law.table = TailTable(
      logTail: { log(distribution.upperTail($0 / scale)) }, slope: { -exp(logDensity($0)) / distribution.upperTail($0 / scale) })
    return law
  }

  func quantile(upperTail p: Double) -> Double { distribution.quantile(upperTail: p) * scale }

  func logDensity(_ z: Double) -> Double {
    let square = squared(z / scale)
    return peak - (degreesOfFreedom.isFinite ? 0.5 * (degreesOfFreedom + 1) * log1p(square / degreesOfFreedom) : 0.5 * square)
  }
}

/// log P(Z > z) and its slope at equidistant z from 0 on, with a cubic between: right to eight digits of P, at the price of one exponential.
private struct TailTable: Sendable {
  static let perUnit = 32.0
  static let end = 16.0
  private let nodes: [(value: Double, slope: Double)]

  init(logTail: (Double) -> Double, slope: (Double) -> Double) {
    nodes = (0...Int(TailTable.end * TailTable.perUnit)).map { i in
      let z = Double(i) / TailTable.perUnit
      return (logTail(z), slope(z) / TailTable.perUnit)
    }
  }

  /// Nil beyond the table.
  func upperTail(_ z: Double) -> Double? {
    guard z >= 0, z < TailTable.end else { return nil }
    let place = z * TailTable.perUnit
    let i = Int(place)
    let (a, b) = (nodes[i], nodes[i + 1])
    let t = place - Double(i)
    let u = 1 - t
    // Hermite's cubic.
    return exp(u * u * ((1 + 2 * t) * a.value + t * a.slope) + t * t * ((1 + 2 * u) * b.value - u * b.slope))
  }
}

/// p-values of residuals standardised by a median absolute deviation: the tail of a Student-t law, or of several, averaged by their probabilities.
///
/// A few hundred residuals leave open how heavy their tails are. A tail at the best guess is too light half of the time; at the heaviest guess it finds
/// nothing. The average over the guesses, the posterior predictive tail, is governed by the heaviest law that the residuals leave any probability.
struct ResidualTail: Sendable {
  private let laws: [(law: Law, probability: Double)]

  init(_ degreesOfFreedom: Double) { self.init([(degreesOfFreedom, 1)]) }

  /// - Parameter probabilities: of the degrees of freedom, falling; they sum to 1.
  init(_ probabilities: [(degreesOfFreedom: Double, probability: Double)]) {
    laws = probabilities.map { (Law($0.degreesOfFreedom), $0.probability) }
  }

  /// - Parameter logWeights: of `laws`, up to a constant.
  fileprivate init(_ laws: [Law], logWeights: [Double]) {
    let top = logWeights.max()!
    let kept = zip(laws, logWeights).map { ($0, exp($1 - top)) }.filter { $0.1 > ResidualTail.negligible }
    let sum = kept.reduce(0) { $0 + $1.1 }
    self.laws = kept.map { ($0.0, $0.1 / sum) }
  }

  /// Laws less probable than this beside the most probable one could move no p-value that decides anything.
  private static let negligible = 1e-9

  /// From the lightest law to the heaviest.
  var probabilities: [(degreesOfFreedom: Double, probability: Double)] { laws.map { ($0.law.degreesOfFreedom, $0.probability) } }

  /// Degrees of freedom at the mean of 1/ν; infinite from 100 on, where nobody could tell.
  var degreesOfFreedom: Double {
    guard laws.count > 1 else { return laws[0].law.degreesOfFreedom }
    let weight = laws.reduce(0) { $0 + $1.probability / $1.law.degreesOfFreedom }
    return weight > 0.01 ? 1 / weight : .infinity
  }

  /// The tail of the mean of `count` independent residuals: excess kurtosis κ = 6/(ν − 4) shrinks to κ/count. For ν ≤ 4, where κ is not finite, ν
  /// grows by half a degree a residual, which is slower than any finite-kurtosis law.
  func ofMean(over count: Double) -> ResidualTail {
    guard count > 1 else { return self }
    return ResidualTail(
      probabilities.map { freedom, probability in
        (freedom > 4.5 ? 4 + count * (freedom - 4) : freedom + 0.5 * (count - 1), probability)
      })
  }

  func upperTail(_ z: Double) -> Double { laws.reduce(0) { $0 + $1.probability * $1.law.upperTail(z) } }

  /// z with `upperTail(z)` = p; by bisection between those of the lightest and of the heaviest law.
  func quantile(upperTail p: Double) -> Double {
    let bounds = laws.map { $0.law.quantile(upperTail: p) }
    var low = bounds.min()!
    var high = bounds.max()!
    while high - low > 1e-9 * max(1, abs(high)) {
      let middle = 0.5 * (low + high)
      if upperTail(middle) > p { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  func twoSided(_ z: Double) -> Double { min(1, 2 * upperTail(abs(z))) }
}

/// What a sample of residuals says of its own tails, some of the sample being what one is looking for.
///
/// Residuals are rescaled to the quartiles of the standard normal. Their magnitudes are Student-t with ν degrees of freedom, but for a share π of outliers, of
/// which nothing is known but that they lie beyond c = 3 and are the rarer the farther out, with density c/z²:
///
///     f(z) = (1 − π) 2 t_ν(z) + π c/z² [z > c].
///
/// So a few gross outliers do not teach the tail that judges them, while the number of residuals a little farther out than a normal law would have them, and the absence of
/// others, teach it all they can. Tail weight 1/ν of a single mark has an exponential prior of mean 0.1 up to 0.4, that of a mean of m marks one of 0.1/m, as excess kurtosis
/// shrinks with m; shares of 2, 10 and 30 in a thousand are equally probable beforehand.
/// One pass, and a likelihood of some 13 laws over the filled bins.
struct TailHistogram: Sendable {
  static let width = 0.02
  static let outlierBound = 3.0
  static let outlierShares = [0.002, 0.01, 0.03]
  static let priorMean = 0.1
  /// 1/ν, closer together towards the normal law, where it matters most.
  static let tailWeights = (0...12).map { 0.4 * squared(Double($0) / 12) }
  private static let laws = tailWeights.map { Law(1 / $0).tabulated }
  /// Of each law for the piece of the axis of 1/ν it stands for, the residuals being means of so many marks.
  private static func logPriors(marks: Double) -> [Double] {
    tailWeights.indices.map { i in
      log(tailWeights[min(i + 1, tailWeights.count - 1)] - tailWeights[max(i - 1, 0)]) - tailWeights[i] * marks / priorMean
    }
  }

  /// Up to 14; what is beyond is counted only.
  private var bins = [Double](repeating: 0, count: 700)
  private var total = 0.0

  mutating func add(_ z: Double) {
    guard z.isFinite else { return }
    total += 1
    let bin = Int(min(abs(z) / TailHistogram.width, 1e6))
    if bin < bins.count { bins[bin] += 1 }
  }

  /// The tail averaged over all that the sample leaves open; without a sample, what was thought before.
  /// - Parameter marks: of which each residual is the mean.
  func tail(marks: Double = 1) -> ResidualTail {
    let magnitudes = Magnitudes(bins: bins, total: total)
    return ResidualTail(
      TailHistogram.laws,
      logWeights: zip(TailHistogram.laws, TailHistogram.logPriors(marks: marks)).map { $1 + (magnitudes?.logLikelihood($0) ?? 0) })
  }

  /// The histogram's filled bins in units of the standard normal's quartiles.
  private struct Magnitudes {
    private var centre: [(z: Double, count: Double)] = []
    private var outer: [(z: Double, count: Double)] = []
    /// Where the bins end, and how many are beyond.
    private let end: Double
    private let beyond: Double

    init?(bins: [Double], total: Double) {
      var sum = 0.0
      guard
        let middle = bins.firstIndex(where: {
          sum += $0
          return sum >= 0.5 * total
        }), bins[middle] > 0
      else { return nil }
      let median = (Double(middle) + 1 - (sum - 0.5 * total) / bins[middle]) * TailHistogram.width
      let unit = upperQuartile / median
      end = Double(bins.count) * TailHistogram.width * unit
      beyond = total - bins.reduce(0, +)
      for (i, count) in bins.enumerated() where count > 0 {
        let z = (Double(i) + 0.5) * TailHistogram.width * unit
        if z < TailHistogram.outlierBound { centre.append((z, count)) } else { outer.append((z, count)) }
      }
    }

    func logLikelihood(_ law: Law) -> Double {
      let inner = centre.reduce(0) { $0 + $1.count }
      let innerSum = centre.reduce(0) { $0 + $1.count * law.logDensity($1.z) }
      let densities = outer.map { 2 * exp(law.logDensity($0.z)) }
      let endTail = 2 * law.upperTail(end)
      let bound = TailHistogram.outlierBound
      let byShare = TailHistogram.outlierShares.map { share -> Double in
        var value = innerSum + inner * log1p(-share)
        for (bin, density) in zip(outer, densities) {
          value += bin.count * log((1 - share) * density + share * bound / squared(bin.z))
        }
        return value + beyond * log((1 - share) * endTail + share * min(1, bound / end))
      }
      let top = byShare.max()!
      return top + log(byShare.reduce(0) { $0 + exp($1 - top) } / Double(byShare.count))
    }
  }
}

/// `TailHistogram` over an array of residuals, each the mean of so many marks.
func residualTail(of standardized: [Double], marks: Double = 1) -> ResidualTail {
  var histogram = TailHistogram()
  for z in standardized { histogram.add(z) }
  return histogram.tail(marks: marks)
}
