internal import Foundation
internal import LinearAlgebra

/// One category of a rating scale.
public struct CategoryStatistic: Sendable, Equatable {
  public let score: Int
  /// Active responses in the category.
  public let count: Int
  /// Mean of θ − Σ δ over them; should rise from category to category.
  public let averageMeasure: Double
  /// What the model expects this mean to be: Σ P η / Σ P over all responses.
  public let expectedMeasure: Double
  /// Σ z² over the category's responses, by what the model expects: Σ P z². Far above 1: the category is given where it is least expected.
  public let outfit: Double
  /// Rasch–Andrich threshold between the category below and this one; nil for the lowest and beside categories that nobody used.
  public let threshold: Double?
  /// With the measures held (joint estimation), or from the observed information (marginal).
  public let thresholdError: Double?
}

extension ManyFacetRaschFit {
  /// The categories of a scale from the model's lowest score to its highest, with the responses they got.
  public func categories(of scale: Int) -> [CategoryStatistic] {
    let width = model.steps + 1
    let table = CategoryTable(values.cumulative, width: width)
    let zeros = [Double](repeating: 0, count: width)
    var (count, eta, square, mass, massEta, massSquare) = (zeros, zeros, zeros, zeros, zeros, zeros)
    var information = Matrix(rows: width, columns: width)
    var p = zeros
    for o in 0..<active.count where Int(active.scale[o]) == scale {
      let x = Int(active.category[o])
      count[x] += 1
      eta[x] += moments.eta[o]
      square[x] += (Double(x) - moments.expected[o]) * (Double(x) - moments.expected[o]) / moments.variance[o]
      table.probabilities(moments.eta[o], scale, into: &p)
      for k in 0..<width {
        mass[k] += p[k]
        massEta[k] += p[k] * moments.eta[o]
        let residual = Double(k) - moments.expected[o]
        massSquare[k] += p[k] * residual * residual / moments.variance[o]
        information[k, k] += p[k]
        for l in 0...k { information[k, l] -= p[k] * p[l] }
      }
    }
    let thresholds = thresholds(of: scale)
    let errors = thresholdCovariance?[scale].map { $0 > 0 ? $0.squareRoot() : 0 } ?? conditionalErrors(scale, information)
    return (0..<width).map { k in
      let threshold = k > 0 ? thresholds[k - 1] : nil
      return CategoryStatistic(
        score: model.lowest + k, count: Int(count[k]), averageMeasure: count[k] > 0 ? eta[k] / count[k] : .nan,
        expectedMeasure: mass[k] > 0 ? massEta[k] / mass[k] : .nan, outfit: massSquare[k] > 0 ? square[k] / massSquare[k] : .nan,
        threshold: threshold, thresholdError: threshold == nil || model.anchors.thresholds[scale] != nil ? nil : errors[k - 1])
    }
  }

  /// From the inverse of the scale's own block of the information.
  private func conditionalErrors(_ scale: Int, _ information: Matrix) -> [Double] {
    let free = map.freeCategories[map.freeStart[scale]..<map.freeStart[scale + 1]].map(Int.init)
    var block = Matrix(rows: free.count, columns: free.count)
    for (a, k) in free.enumerated() { for (b, l) in free.enumerated() where b <= a { block[a, b] = information[k, l] } }
    guard let factor = try? Cholesky(block) else { return [Double](repeating: .nan, count: model.steps) }
    let inverse = factor.inverse()
    var place = [Int](repeating: -1, count: model.steps + 1)
    for (a, k) in free.enumerated() { place[k] = a }
    return (1...model.steps).map { k in
      let (a, b) = (place[k], place[k - 1])
      let own = (a >= 0 ? inverse[a, a] : 0) + (b >= 0 ? inverse[b, b] : 0)
      return (own - (a >= 0 && b >= 0 ? 2 * inverse[a, b] : 0)).squareRoot()
    }
  }
}
