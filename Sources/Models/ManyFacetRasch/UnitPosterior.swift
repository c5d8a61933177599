internal import Foundation

/// The posterior distribution of one unit's measure on equally spaced points around its mode.
///
/// For a smooth density that falls to nothing on both sides the trapezoidal rule converges faster than any power of the spacing: at 0.9 posterior
/// standard deviations its relative error is about 2 exp(−2π²/0.81) = 5e-11 for a normal density. The responses' probabilities have poles at a
/// distance d from the real line; there the density is larger by up to exp(d²/2s²), s being its standard deviation, and at spacing h it costs
/// exp(d²/2s² − 2πd/h). On the line at height t the probabilities' denominator is that on the real line times the characteristic function of the score
/// at t, and |E exp(itX)| ≥ cos(t σ) for t σ ≤ π/2 (the tangents of cos √u lie below it; Jensen). So no pole is nearer than d = π/(2σ) where no
/// score has a standard deviation above σ: π for two adjacent categories, π/g for two that lie g apart, and less than π too where thresholds lie
/// close together or in disorder. The points are as close as makes this cost 5e-11 too. They are added on either side until the density
/// has fallen by e^−20. (A fixed grid has no such bound: with TAM's default of 21 points from −6 to 6 the deviance of a campaign with 24
/// responses a unit is off by 5.)
struct UnitPosterior {
  let active: ActiveResponses
  let map: ParameterMap
  let values: RaschValues
  let table: CategoryTable
  /// Distance of the points in posterior standard deviations, points to begin with (in eights), and the fall of the log density at both ends.
  let spacing: Double
  let firstBlocks: Int
  let fall: Double
  /// Fixed points instead, filled up to eights.
  private let grid: [Double]?

  var range = 0..<0
  var severity: [Double] = []
  var inverseOdds: [Double] = []
  var points: [SIMD8<Double>] = []
  /// Weights of the points, summing to one.
  var weights: [SIMD8<Double>] = []
  /// P(category k of response o at the points of block b): `[(b * responses + o) * width + k]`.
  var probabilities: [SIMD8<Double>] = []
  var mode = 0.0
  /// Standard deviation by the curvature at the mode, or less where the points have to be closer.
  var spread = 0.0
  /// log of the unit's marginal likelihood.
  var logLikelihood = 0.0

  /// The distance from the real line within which there is no pole, and the longest step to the mode, in logits.
  private let poles: Double
  private let longest: Double
  /// Far more than any unit needs, so that no search can hang here.
  private static let mostBlocks = 1000

  init(_ active: ActiveResponses, _ map: ParameterMap, _ values: RaschValues, _ table: CategoryTable, coarse: Bool, grid: [Double]? = nil) {
    self.active = active
    self.map = map
    self.values = values
    self.table = table
    spacing = coarse ? 1.2 : 0.9
    firstBlocks = coarse ? 1 : 2
    fall = coarse ? 5 : 20
    poles = Double.pi / 2 / table.greatestDeviation
    longest = min(2, 2 / table.greatestDeviation)
    self.grid = grid
  }

  /// - Parameters:
  ///   - start: where to look for the mode.
  ///   - held: the standard deviation found before, to take mode and spacing as they are. With the points held, the gradient is exactly that of the sum,
  ///     and a search can end at any precision.
  mutating func prepare(_ unit: Int, start: Double, held: Double? = nil) {
    range = active.unitStart[unit]..<active.unitStart[unit + 1]
    severity.removeAll(keepingCapacity: true)
    inverseOdds.removeAll(keepingCapacity: true)
    var slope = 0.0
    var constant = 0.0
    for o in range {
      var sum = 0.0
      for f in map.keptFacets { sum += values.measures[f][Int(active.levels[f][o])] }
      severity.append(sum)
      inverseOdds.append(exp(-sum))
      let distance = Double(Int(active.category[o]) - table.middle)
      slope += distance
      constant += distance * sum + values.cumulative[Int(active.scale[o]) * table.width + Int(active.category[o])]
    }
    let precision = exp(-2 * values.logDeviation)
    points.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    probabilities.removeAll(keepingCapacity: true)
    mode = start
    var step = 1.0
    if let grid {
      step = grid[1] - grid[0]
      useGrid(grid, slope, constant, precision)
    } else {
      // What is held has been narrowed already, wherever thresholds go from there.
      spread = held ?? narrowed(findMode(precision))
      step = spacing * spread
      placePoints(step, slope, constant, precision)
    }
    // The normal density's constant and the spacing.
    logLikelihood = normalise() + log(step) - values.logDeviation - 0.91893853320467274178
  }

  private mutating func placePoints(_ step: Double, _ slope: Double, _ constant: Double, _ precision: Double) {
    let offsets = SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
    var left = mode - step * (4 * Double(firstBlocks) - 0.5)
    var right = left
    for _ in 0..<firstBlocks {
      add(right + step * offsets, slope, constant, precision)
      right += 8 * step
    }
    var highest = weights.reduce(-Double.infinity) { max($0, $1.max()) }
    while points.count < UnitPosterior.mostBlocks {
      let lowEnd = points.indices.reduce((Double.infinity, 0.0)) { points[$1][0] < $0.0 ? (points[$1][0], weights[$1][0]) : $0 }.1
      let highEnd = points.indices.reduce((-Double.infinity, 0.0)) { points[$1][7] > $0.0 ? (points[$1][7], weights[$1][7]) : $0 }.1
      if lowEnd > highest - fall {
        left -= 8 * step
        add(left + step * offsets, slope, constant, precision)
      } else if highEnd > highest - fall {
        add(right + step * offsets, slope, constant, precision)
        right += 8 * step
      } else {
        break
      }
      highest = max(highest, weights[weights.count - 1].max())
    }
  }

  private mutating func useGrid(_ grid: [Double], _ slope: Double, _ constant: Double, _ precision: Double) {
    for begin in stride(from: 0, to: grid.count, by: 8) {
      var theta = SIMD8(repeating: grid[grid.count - 1])
      let lanes = min(8, grid.count - begin)
      for lane in 0..<lanes { theta[lane] = grid[begin + lane] }
      add(theta, slope, constant, precision)
      for lane in lanes..<8 { weights[weights.count - 1][lane] = -.infinity }
    }
  }

  /// Turns log densities into weights and returns the log of their sum.
  private mutating func normalise() -> Double {
    let highest = weights.reduce(-Double.infinity) { max($0, $1.max()) }
    var total = 0.0
    for b in weights.indices {
      var w = weights[b] - highest
      for lane in 0..<8 { w[lane] = exp(w[lane]) }
      weights[b] = w
      total += w.sum()
    }
    for b in weights.indices { weights[b] /= total }
    return highest + log(total)
  }

  /// The standard deviation, made smaller where poles ask for closer points: with h = c s the normal density's cost is exp(−2π²/c²), and for 2π s > c d
  /// exp(d²/2s² − 2πd/h) must be the same.
  private func narrowed(_ deviation: Double) -> Double {
    if 2 * Double.pi * deviation <= spacing * poles { return deviation }
    let ratio = poles / deviation
    return 2 * Double.pi * poles / (2 * Double.pi * Double.pi / (spacing * spacing) + ratio * ratio / 2) / spacing
  }

  /// Newton's method to a fiftieth of a standard deviation, enough to place the points; returns the standard deviation by the curvature.
  private mutating func findMode(_ precision: Double) -> Double {
    var information = precision
    for _ in 0..<60 {
      var slope = precision * (values.mean - mode)
      information = precision
      for o in range {
        let m = table.moments(mode - severity[o - range.lowerBound], Int(active.scale[o]))
        slope += Double(active.category[o]) - m.mean
        information += m.variance
      }
      let step = slope / information
      mode += min(max(step, -longest), longest)
      if step * step * information < 4e-4 { break }
    }
    return 1 / information.squareRoot()
  }

  /// Log density, up to the constant, and category probabilities at eight points.
  private mutating func add(_ theta: SIMD8<Double>, _ slope: Double, _ constant: Double, _ precision: Double) {
    var odds = theta
    for lane in 0..<8 { odds[lane] = exp(theta[lane]) }
    let least = exp(-table.limit)
    let most = exp(table.limit)
    var logSums = SIMD8<Double>(repeating: 0)
    var product = SIMD8<Double>(repeating: 1)
    let width = table.width
    for i in severity.indices {
      let base = Int(active.scale[range.lowerBound + i]) * width
      let x = pointwiseMin(pointwiseMax(odds * inverseOdds[i], SIMD8(repeating: least)), SIMD8(repeating: most))
      let begin = probabilities.count
      var power = SIMD8<Double>(repeating: 1)
      let inverse = 1 / x
      for _ in 0..<table.middle { power *= inverse }
      var sum = SIMD8<Double>(repeating: 0)
      for k in 0..<width {
        let term = power * table.weights[base + k]
        probabilities.append(term)
        sum += term
        power *= x
      }
      let scale = 1 / sum
      for k in begin..<(begin + width) { probabilities[k] *= scale }
      product *= sum
      if product.max() > 1e100 || product.min() < 1e-100 {
        for lane in 0..<8 { logSums[lane] += log(product[lane]) }
        product = SIMD8(repeating: 1)
      }
    }
    for lane in 0..<8 { logSums[lane] += log(product[lane]) }
    let deviation = theta - values.mean
    points.append(theta)
    weights.append(theta * slope - constant - logSums - 0.5 * precision * deviation * deviation)
  }

  /// Mean and standard deviation of the measure.
  var summary: (mean: Double, deviation: Double) {
    var mean = 0.0
    for b in points.indices { mean += (weights[b] * points[b]).sum() }
    var square = 0.0
    for b in points.indices {
      let d = points[b] - mean
      square += (weights[b] * d * d).sum()
    }
    return (mean, square.squareRoot())
  }
}
