import Foundation
import LinearAlgebra

/// A subset of h observations and its moments: a point of the search for the covariance with the smallest determinant.
struct ConcentratedSubset: Sendable, Equatable {
  /// Ascending.
  let rows: [Int32]
  let mean: [Double]
  /// Divisor h − 1.
  let covariance: Matrix
  /// log det of the covariance; −∞ when the observations of the subset lie on a hyperplane.
  let logDeterminant: Double
}

/// Concentration steps (Rousseeuw and Van Driessen 1999): the h observations nearest to the centre of a subset, by its own covariance, have a
/// covariance of no larger determinant; equality only when nothing changes.
///
/// Ties at the h-th distance go to the observation that comes first, so the order of observations has to be canonical.
struct Concentration: Sendable {
  let data: Observations
  /// h.
  let size: Int

  /// A pivot this much smaller than its variable's variance is rounding: the subset lies on a hyperplane.
  static let singular = 1e-14

  func subset(_ rows: [Int32], about shift: [Double]? = nil) -> ConcentratedSubset {
    let (mean, scatter) = data.moments(of: rows, about: shift)
    let covariance = scatter.scaled(by: 1 / Double(rows.count - 1))
    return ConcentratedSubset(
      rows: rows, mean: mean, covariance: covariance, logDeterminant: Concentration.logDeterminant(covariance))
  }

  /// log det, or −∞ when singular to working precision.
  static func logDeterminant(_ covariance: Matrix) -> Double {
    guard let factor = try? Cholesky(covariance) else { return -.infinity }
    var sum = 0.0
    for (j, pivot) in factor.diagonal.enumerated() {
      if pivot * pivot <= singular * covariance[j, j] { return -.infinity }
      sum += 2 * log(pivot)
    }
    return sum
  }

  /// The `count` observations nearest to a centre (h by default), ascending.
  ///
  /// A singular covariance gets a small ridge, which makes observations on its hyperplane nearer than all others. Nil when that is not enough.
  func nearest(to center: [Double], _ covariance: Matrix, count: Int? = nil) -> [Int32]? {
    if let factor = try? Cholesky(covariance) {
      return Concentration.smallest(count ?? size, of: data.squaredDistances(from: center, factor))
    }
    var ridged = covariance
    let largest = covariance.diagonal.max() ?? 0
    for j in 0..<ridged.rows { ridged[j, j] += 1e-12 * largest }
    guard let factor = try? Cholesky(ridged) else { return nil }
    return Concentration.smallest(count ?? size, of: data.squaredDistances(from: center, factor))
  }

  /// The places of the k smallest values, ascending; of equal values at the border the first. Linear time.
  static func smallest(_ k: Int, of values: [Double]) -> [Int32] {
    precondition(k >= 1 && k <= values.count, "no \(k) smallest of \(values.count) values")
    let limit = value(ofRank: k - 1, in: values)
    var below = 0
    for value in values where value < limit { below += 1 }
    var equal = k - below
    var rows: [Int32] = []
    rows.reserveCapacity(k)
    for (i, value) in values.enumerated() {
      if value < limit {
        rows.append(Int32(i))
      } else if value == limit && equal > 0 {
        rows.append(Int32(i))
        equal -= 1
      }
    }
    return rows
  }

  /// The value of the given rank (from 0). Of many values, a sample brackets it and only those within the bracket are looked at closely.
  static func value(ofRank rank: Int, in values: [Double]) -> Double {
    let n = values.count
    if n >= 20_000 {
      let every = n / 2000
      var sample: [Double] = []
      for i in stride(from: every / 2, to: n, by: every) { sample.append(values[i]) }
      let middle = rank * sample.count / n
      // Eight standard errors of the sample's rank at the median.
      let margin = 4 * Int(Double(sample.count).squareRoot()) + 1
      let low = middle < margin ? -.infinity : Quantiles.select(middle - margin, in: &sample, from: 0, to: sample.count)
      let high = middle + margin >= sample.count ? .infinity : Quantiles.select(middle + margin, in: &sample, from: 0, to: sample.count)
      var below = 0
      var inside: [Double] = []
      for value in values {
        if value < low { below += 1 } else if value <= high { inside.append(value) }
      }
      if rank >= below && rank < below + inside.count { return Quantiles.select(rank - below, in: &inside, from: 0, to: inside.count) }
    }
    var copy = values
    return Quantiles.select(rank, in: &copy, from: 0, to: n)
  }

  /// Steps from a centre and covariance until nothing changes any more, or for `limit` steps. Nil when the covariance is singular.
  func concentrate(_ center: [Double], _ covariance: Matrix, limit: Int) -> (subset: ConcentratedSubset, steps: Int)? {
    guard let rows = nearest(to: center, covariance) else { return nil }
    var current = subset(rows, about: center)
    var steps = 1
    while steps < limit && current.logDeterminant > -.infinity {
      guard let rows = nearest(to: current.mean, current.covariance), rows != current.rows else { break }
      let next = subset(rows, about: current.mean)
      steps += 1
      // Rounding alone may raise the determinant: the step before was the end.
      if !(next.logDeterminant < current.logDeterminant) { break }
      current = next
    }
    return (current, steps)
  }
}
