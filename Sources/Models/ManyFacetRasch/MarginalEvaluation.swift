internal import Foundation

/// The log of the marginal likelihood, its gradient and its observed information (Louis 1982): the posterior mean of the complete-data
/// information less the posterior variance of the complete-data score.
struct MarginalEvaluation: Sendable {
  let active: ActiveResponses
  let map: ParameterMap
  let values: RaschValues
  let table: CategoryTable
  /// Few points while the search is far from its end.
  let coarse: Bool
  /// The complete-data information alone: never indefinite, for steps where the observed one is.
  let completeOnly: Bool
  /// The units' posterior standard deviations, when the points are to stay where they are.
  let held: [Double]?
  let grid: [Double]?

  func block(_ units: Range<Int>, centres: [Double]) -> UnitBlock {
    var block = UnitBlock(units, map)
    var posterior = UnitPosterior(active, map, values, table, coarse: coarse, grid: grid)
    var rows: [SIMD8<Double>] = []
    var gradientBase = 0
    var squareBase = 0
    for u in units {
      let size = map.localStart[u + 1] - map.localStart[u]
      defer {
        gradientBase += size
        squareBase += size * size
      }
      if active.unitStart[u] == active.unitStart[u + 1] { continue }
      posterior.prepare(u, start: centres[u], held: held?[u])
      block.centres[u - units.lowerBound] = posterior.mode
      block.unitSpreads[u - units.lowerBound] = posterior.spread
      block.logLikelihood += posterior.logLikelihood
      let blocks = posterior.points.count
      rows.removeAll(keepingCapacity: true)
      rows.append(contentsOf: repeatElement(SIMD8(repeating: 0), count: size * blocks))
      for o in posterior.range {
        accumulate(o, posterior, &rows, &block, gradientBase: gradientBase, squareBase: squareBase, size: size)
      }
      population(posterior, &rows, &block, squareBase: squareBase, size: size)
      subtractScoreVariance(posterior, &rows, &block, gradientBase: gradientBase, squareBase: squareBase, size: size)
    }
    return block
  }

  /// The sufficient statistics' conditional means at each point go to `rows`; their posterior mean covariance to the information.
  private func accumulate(
    _ o: Int, _ posterior: UnitPosterior, _ rows: inout [SIMD8<Double>], _ block: inout UnitBlock, gradientBase: Int, squareBase: Int,
    size: Int
  ) {
    let g = Int(active.scale[o])
    let x = Int(active.category[o])
    let width = table.width
    let blocks = posterior.points.count
    let responses = posterior.range.count
    let facets = map.keptFacets.count
    let free = map.freeStart[g]..<map.freeStart[g + 1]
    let first = Int(map.scalePosition[o])
    var variance = SIMD8<Double>(repeating: 0)
    for b in 0..<blocks {
      let base = (b * responses + o - posterior.range.lowerBound) * width
      let w = posterior.weights[b]
      var mean = SIMD8<Double>(repeating: 0)
      var square = SIMD8<Double>(repeating: 0)
      var distance = -Double(table.middle)
      for k in 0..<width {
        let t = posterior.probabilities[base + k] * distance
        mean += t
        square += t * distance
        distance += 1
      }
      variance += w * (square - mean * mean)
      for j in 0..<facets {
        let a = Int(map.facetPosition[o * facets + j])
        if a >= 0 { rows[a * blocks + b] += mean }
      }
      for r in free {
        let h = Int(map.freeCategories[r])
        let a = first + r - free.lowerBound
        let p = posterior.probabilities[base + h]
        rows[a * blocks + b] += p
        let wp = w * p
        let covariance = (wp * (Double(h - table.middle) - mean)).sum()
        for j in 0..<facets {
          let c = Int(map.facetPosition[o * facets + j])
          if c >= 0 { block.information[squareBase + c * size + a] += covariance }
        }
        block.information[squareBase + a * size + a] += wp.sum()
        for s in free.lowerBound...r {
          let c = first + s - free.lowerBound
          block.information[squareBase + c * size + a] -= (wp * posterior.probabilities[base + Int(map.freeCategories[s])]).sum()
        }
      }
    }
    let total = variance.sum()
    for j in 0..<facets {
      let a = Int(map.facetPosition[o * facets + j])
      if a < 0 { continue }
      block.gradient[gradientBase + a] -= Double(x - table.middle)
      for i in 0..<facets {
        let c = Int(map.facetPosition[o * facets + i])
        if c >= a { block.information[squareBase + a * size + c] += total }
      }
    }
    for r in free where Int(map.freeCategories[r]) == x { block.gradient[gradientBase + first + r - free.lowerBound] -= 1 }
  }

  /// The score for mean and log standard deviation of the units; both stand last in every unit's list.
  private func population(
    _ posterior: UnitPosterior, _ rows: inout [SIMD8<Double>], _ block: inout UnitBlock, squareBase: Int, size: Int
  ) {
    let precision = exp(-2 * values.logDeviation)
    let blocks = posterior.points.count
    var first = 0.0
    var second = 0.0
    for b in 0..<blocks {
      let d = posterior.points[b] - values.mean
      rows[(size - 2) * blocks + b] = d * precision
      rows[(size - 1) * blocks + b] = d * d * precision
      first += (posterior.weights[b] * d).sum() * precision
      second += (posterior.weights[b] * d * d).sum() * precision
    }
    block.information[squareBase + (size - 2) * size + size - 2] += precision
    block.information[squareBase + (size - 2) * size + size - 1] += 2 * first
    block.information[squareBase + (size - 1) * size + size - 1] += 2 * second
  }

  /// Centres the rows, completes the gradient, takes the score's variance from the information and mirrors its upper triangle.
  private func subtractScoreVariance(
    _ posterior: UnitPosterior, _ rows: inout [SIMD8<Double>], _ block: inout UnitBlock, gradientBase: Int, squareBase: Int, size: Int
  ) {
    let blocks = posterior.points.count
    for a in 0..<size {
      var sum = SIMD8<Double>(repeating: 0)
      for b in 0..<blocks { sum += posterior.weights[b] * rows[a * blocks + b] }
      let mean = sum.sum()
      block.gradient[gradientBase + a] += mean
      for b in 0..<blocks { rows[a * blocks + b] -= mean }
    }
    block.gradient[gradientBase + size - 1] -= 1
    if grid != nil {
      // The mean is held: its row becomes a row of the identity.
      block.gradient[gradientBase + size - 2] = 0
      for b in 0..<blocks { rows[(size - 2) * blocks + b] = SIMD8(repeating: 0) }
      block.information[squareBase + (size - 2) * size + size - 1] = 0
    }
    if !completeOnly {
      for a in 0..<size {
        for c in a..<size {
          var sum = SIMD8<Double>(repeating: 0)
          for b in 0..<blocks { sum += posterior.weights[b] * rows[a * blocks + b] * rows[c * blocks + b] }
          block.information[squareBase + a * size + c] -= sum.sum()
        }
      }
    }
    for a in 0..<size { for c in 0..<a { block.information[squareBase + a * size + c] = block.information[squareBase + c * size + a] } }
  }
}
