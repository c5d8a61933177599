internal import Foundation

/// The log-likelihood with each unit at its own best measure, as a function of the other parameters.
///
/// For given severities and thresholds each unit's measure solves Σ(x − E) = 0 by itself. The gradient of what remains is the ordinary one, and its
/// information is the Schur complement A − b b'/d of the unit's row, so Newton's method on the rest converges as on all parameters together.
struct JointEvaluation: Sendable {
  let active: ActiveResponses
  let map: ParameterMap
  let values: RaschValues
  let table: CategoryTable
  let unitFacet: Int

  func block(_ units: Range<Int>, centres: [Double]) -> UnitBlock {
    var block = UnitBlock(units, map)
    var eta = [Double](repeating: 0, count: 0)
    var p = [Double](repeating: 0, count: table.width)
    var cross: [Double] = []
    var gradientBase = 0
    var squareBase = 0
    for u in units {
      let range = active.unitStart[u]..<active.unitStart[u + 1]
      let size = map.localStart[u + 1] - map.localStart[u]
      defer {
        gradientBase += size
        squareBase += size * size
      }
      if range.isEmpty { continue }
      severities(range, into: &eta)
      let isFixed = active.status[unitFacet][u] == .anchored
      let theta = isFixed ? values.measures[unitFacet][u] : solve(range, eta, start: centres[u])
      block.centres[u - units.lowerBound] = theta
      cross.removeAll(keepingCapacity: true)
      cross.append(contentsOf: repeatElement(0, count: size))
      var information = 0.0
      for o in range {
        information += accumulate(
          o, eta: theta - eta[o - range.lowerBound], &p, &block, gradientBase: gradientBase, squareBase: squareBase, size: size, &cross)
      }
      if !isFixed {
        for a in 0..<size where cross[a] != 0 {
          let share = cross[a] / information
          for b in 0..<size { block.information[squareBase + a * size + b] -= share * cross[b] }
        }
      }
    }
    return block
  }

  /// Σ of the other facets' measures, by response.
  private func severities(_ range: Range<Int>, into eta: inout [Double]) {
    eta.removeAll(keepingCapacity: true)
    for o in range {
      var sum = 0.0
      for f in map.keptFacets { sum += values.measures[f][Int(active.levels[f][o])] }
      eta.append(sum)
    }
  }

  /// Newton's method for one unit, bracketed: Σ(x − E) falls in θ, so it cannot miss.
  private func solve(_ range: Range<Int>, _ severity: [Double], start: Double) -> Double {
    var theta = start
    var root = FallingRoot()
    for _ in 0..<100 {
      var excess = 0.0
      var information = 0.0
      for o in range {
        let m = table.moments(theta - severity[o - range.lowerBound], Int(active.scale[o]))
        excess += Double(active.category[o]) - m.mean
        information += m.variance
      }
      let step = excess / information
      theta = root.next(after: theta, value: excess, step: step)
      if abs(step) < 1e-11 { break }
    }
    return theta
  }

  /// One response's part; returns its variance.
  private func accumulate(
    _ o: Int, eta: Double, _ p: inout [Double], _ block: inout UnitBlock, gradientBase: Int, squareBase: Int, size: Int,
    _ cross: inout [Double]
  ) -> Double {
    let g = Int(active.scale[o])
    let x = Int(active.category[o])
    table.probabilities(eta, g, into: &p)
    block.logLikelihood += log(p[x])
    var mean = 0.0
    var square = 0.0
    for k in 0..<table.width {
      let d = Double(k - table.middle)
      mean += d * p[k]
      square += d * d * p[k]
    }
    let variance = max(square - mean * mean, 1e-300)
    let residual = Double(x - table.middle) - mean
    let facets = map.keptFacets.count
    let free = map.freeStart[g]..<map.freeStart[g + 1]
    let first = Int(map.scalePosition[o])
    for j in 0..<facets {
      let a = Int(map.facetPosition[o * facets + j])
      if a < 0 { continue }
      block.gradient[gradientBase + a] -= residual
      cross[a] += variance
      for i in 0..<facets {
        let b = Int(map.facetPosition[o * facets + i])
        if b >= 0 { block.information[squareBase + a * size + b] += variance }
      }
      for r in free {
        let h = Int(map.freeCategories[r])
        let covariance = p[h] * (Double(h - table.middle) - mean)
        let b = first + r - free.lowerBound
        block.information[squareBase + a * size + b] += covariance
        block.information[squareBase + b * size + a] += covariance
      }
    }
    for r in free {
      let h = Int(map.freeCategories[r])
      let a = first + r - free.lowerBound
      block.gradient[gradientBase + a] += p[h] - (x == h ? 1 : 0)
      cross[a] += p[h] * (Double(h - table.middle) - mean)
      for s in free {
        let b = first + s - free.lowerBound
        block.information[squareBase + a * size + b] -= p[h] * p[Int(map.freeCategories[s])]
      }
      block.information[squareBase + a * size + a] += p[h]
    }
    return variance
  }
}
