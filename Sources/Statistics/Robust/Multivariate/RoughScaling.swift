import LinearAlgebra
import Parallel

/// A centre and a scale for every variable, so that variables of very different size can be searched together.
///
/// Medians and Qn (τ-scales of large samples) of all observations, or of some thousands evenly spaced ones. A variable most of whose values are equal has neither; its mean absolute
/// deviation has to do.
struct RoughScaling: Sendable {
  let center: [Double]
  let scale: [Double]

  init(_ data: Observations) {
    let every = max(1, data.count / max(1000, 20 * data.dimension))
    let rows = Array(stride(from: 0, to: data.count, by: every <= 2 ? 1 : every))
    let sample = rows.count == data.count ? data : data.selecting(rows)
    let found = parallelMap(data.dimension) { j -> (center: Double, scale: Double) in
      let values = sample.variable(j)
      let middle = Quantiles.median(values)
      let scale = RobustScale.qnOrTau(values)
      if scale > 0 { return (middle, scale) }
      var sum = 0.0
      for i in 0..<data.count { sum += abs(data[i, j] - middle) }
      return (middle, sum > 0 ? sum / Double(data.count) : 1)
    }
    center = found.map(\.center)
    scale = found.map(\.scale)
  }

  /// A variable that has the same value in h observations: they lie on a hyperplane.
  func constant(in data: Observations, size h: Int) -> Int? {
    (0..<data.dimension).first { j in
      var equal = 0
      for i in 0..<data.count where data[i, j] == center[j] { equal += 1 }
      return equal >= h
    }
  }
}

/// The hyperplane that a singular subset lies on, and all observations on it.
struct HyperplaneFit: Sendable {
  let normal: [Double]
  let offset: Double
  /// Ascending.
  let rows: [Int32]

  /// The hyperplane on which a variable has its most frequent value.
  init(variable j: Int, of data: Observations) {
    let middle = Quantiles.median(data.variable(j))
    normal = (0..<data.dimension).map { $0 == j ? 1 : 0 }
    offset = middle
    rows = (0..<data.count).filter { data[$0, j] == middle }.map { Int32($0) }
  }

  /// The direction in which a singular subset does not vary. Observations within a millionth of its largest spread are on the hyperplane.
  init(_ subset: ConcentratedSubset, of z: Observations, scaling: RoughScaling) {
    let eigen = try? SymmetricEigen(subset.covariance)
    let direction = eigen?.vectors?.column(0) ?? (0..<z.dimension).map { $0 == 0 ? 1 : 0 }
    let width = 1e-6 * (eigen?.values.last ?? 1).squareRoot()
    rows = (0..<z.count).filter { i in
      var sum = 0.0
      for j in 0..<z.dimension { sum += direction[j] * (z[i, j] - subset.mean[j]) }
      return abs(sum) <= width
    }.map { Int32($0) }
    var a = direction
    var norm = 0.0
    for j in a.indices {
      a[j] /= scaling.scale[j]
      norm += a[j] * a[j]
    }
    norm = norm.squareRoot()
    var sum = 0.0
    for j in a.indices {
      a[j] /= norm
      sum += a[j] * (scaling.center[j] + scaling.scale[j] * subset.mean[j])
    }
    normal = a
    offset = sum
  }

  /// Squared distances within the hyperplane; ∞ off it.
  func distances(_ data: Observations, _ estimate: LocationScatter) -> [Double] {
    var result = [Double](repeating: .infinity, count: data.count)
    guard let eigen = try? SymmetricEigen(estimate.scatter), let vectors = eigen.vectors, let largest = eigen.values.last else {
      return result
    }
    let turned = data.projected(on: vectors, center: estimate.center)
    for row in rows {
      var sum = 0.0
      for (k, value) in eigen.values.enumerated() where value > 1e-12 * largest {
        sum += turned[Int(row), k] * turned[Int(row), k] / value
      }
      result[Int(row)] = sum
    }
    return result
  }
}
