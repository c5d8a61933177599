internal import LinearAlgebra

/// The origin of the scale: every facet but one, by default the units, has mean zero within each subset of elements that can be compared.
///
/// The responses leave the directions of `NullSpace` open. The search keeps its steps perpendicular to them; afterwards the measures are moved along
/// them until the means vanish. Where anchors already fix a facet's origin, the one left out keeps the mean that the data give it.
struct Gauge: Sendable {
  /// An orthonormal basis of the directions, over the free parameters.
  let orthonormal: [[Double]]
  private let directions: [[Double]]
  private let space: NullSpace
  private let unitFacet: Int
  private let population: Int?
  /// As many as directions: levels whose mean is to be zero.
  private let means: [Mean]
  /// By mean and direction: how much the mean changes along it.
  private let slopes: [[Double]]

  private struct Mean {
    let facet: Int
    let levels: [Int]
    /// Empty for units that are not among the parameters.
    let parameters: [Int]
  }

  /// - Parameter left: the facet whose mean is left to the data.
  init(_ model: ManyFacetRaschModel, _ active: ActiveResponses, _ map: ParameterMap, _ space: NullSpace, leaving left: Int) {
    var directions: [[Double]] = []
    for direction in space.directions {
      var vector = [Double](repeating: 0, count: map.count)
      for (j, f) in map.keptFacets.enumerated() {
        for (level, parameter) in map.facetParameter[j].enumerated() where parameter >= 0 { vector[Int(parameter)] = direction[f][level] }
      }
      if let p = map.population { vector[p] = direction[model.unitFacet][0] }
      directions.append(vector)
    }
    var means: [Mean] = []
    var slopes: [[Double]] = []
    var reduced: [[Double]] = []
    for f in model.facets.indices.filter({ $0 != left }) + [left] {
      for number in 0..<((space.classes[f].max() ?? -1) + 1) where means.count < space.directions.count {
        let levels = space.classes[f].indices.filter { space.classes[f][$0] == number && active.status[f][$0] == .estimated }
        guard let first = levels.first else { continue }
        let slope = space.directions.map { $0[f][first] }
        var rest = slope
        for row in reduced { Gauge.eliminate(row, from: &rest) }
        if rest.allSatisfy({ $0 == 0 }) { continue }
        reduced.append(rest)
        slopes.append(slope)
        var parameters: [Int] = []
        if let j = map.keptFacets.firstIndex(of: f) {
          parameters = levels.map { Int(map.facetParameter[j][$0]) }
        } else if let p = map.population {
          parameters = [p]
        }
        means.append(Mean(facet: f, levels: levels, parameters: parameters))
      }
    }
    orthonormal = Gauge.orthonormal(directions)
    self.directions = directions
    self.space = space
    self.means = means
    self.slopes = slopes
    unitFacet = model.unitFacet
    population = map.population
  }

  /// Moves `values` along the directions until the chosen means are zero.
  func centre(_ values: inout RaschValues) {
    let shift = solve(
      means.map { mean in
        if mean.facet == unitFacet, population != nil { return -values.mean }
        return -mean.levels.reduce(0) { $0 + values.measures[mean.facet][$1] } / Double(mean.levels.count)
      })
    for (k, direction) in space.directions.enumerated() where shift[k] != 0 {
      for f in direction.indices { for level in direction[f].indices { values.measures[f][level] += shift[k] * direction[f][level] } }
      if population != nil { values.mean += shift[k] * direction[unitFacet][0] }
    }
  }

  /// The covariance of the centred parameters, T C T' with T = I − N (B N)⁻¹ B, B the means and N the directions.
  func centred(_ covariance: Matrix) -> Matrix {
    var result = covariance
    if means.isEmpty { return result }
    let p = covariance.rows
    // Once over columns, once over rows; C is symmetric.
    for _ in 0..<2 {
      for j in 0..<p {
        let shift = solve(
          means.map { mean in -mean.parameters.reduce(0) { $0 + result[$1, j] } / Double(max(1, mean.parameters.count)) })
        for (k, direction) in directions.enumerated() where shift[k] != 0 {
          for i in 0..<p where direction[i] != 0 { result[i, j] += shift[k] * direction[i] }
        }
      }
      result = result.transposed
    }
    return result
  }

  private static func eliminate(_ row: [Double], from rest: inout [Double]) {
    let pivot = row.indices.first { row[$0] != 0 }!
    let factor = rest[pivot] / row[pivot]
    for k in rest.indices {
      rest[k] = k == pivot ? 0 : rest[k] - factor * row[k]
      if abs(rest[k]) < 1e-9 { rest[k] = 0 }
    }
  }

  /// Gram and Schmidt, twice for the sake of rounding.
  private static func orthonormal(_ vectors: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for vector in vectors {
      var v = vector
      for _ in 0..<2 {
        for n in basis {
          let overlap = zip(n, v).reduce(0) { $0 + $1.0 * $1.1 }
          for i in v.indices { v[i] -= overlap * n[i] }
        }
      }
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-9 { basis.append(v.map { $0 / norm }) }
    }
    return basis
  }

  /// Gaussian elimination with the few means.
  private func solve(_ side: [Double]) -> [Double] {
    var a = slopes
    var b = side
    var x = [Double](repeating: 0, count: space.directions.count)
    var pivots: [Int] = []
    for i in a.indices {
      let pivot = a[i].indices.max { abs(a[i][$0]) < abs(a[i][$1]) }!
      pivots.append(pivot)
      for r in a.indices where r != i && a[r][pivot] != 0 {
        let factor = a[r][pivot] / a[i][pivot]
        for k in a[r].indices { a[r][k] -= factor * a[i][k] }
        a[r][pivot] = 0
        b[r] -= factor * b[i]
      }
    }
    for i in a.indices { x[pivots[i]] = b[i] / a[i][pivots[i]] }
    return x
  }
}
