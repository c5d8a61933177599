internal import Foundation
public import LinearAlgebra

/// How much two different categories agree: 1 on the diagonal, symmetric, between 0 and 1.
///
/// With categories x₁ < … < x_q, Δ = x_q − x₁ and k, l places from 1 (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., section
/// 3.5):
///
///     identity   1 if k = l, else 0
///     linear     1 − |x_k − x_l| / Δ
///     quadratic  1 − (x_k − x_l)² / Δ²
///     ordinal    1 − C(|k − l| + 1, 2) / C(q, 2)
///     radical    1 − √(|x_k − x_l| / Δ)
///     ratio      1 − ((x_k − x_l) / (x_k + x_l))² / ((x_q − x₁) / (x_q + x₁))²
///     circular   1 − s_kl / max s,   s_kl = sin²(π (x_k − x_l) / (Δ + 1))
///     bipolar    1 − b_kl / max b,   b_kl = (x_k − x_l)² / ((x_k + x_l − 2 x₁)(2 x_q − x_k − x_l))
///
/// A table of q² numbers, so q is limited to `categoryLimit`.
public struct AgreementWeights: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case identity, linear, quadratic, ordinal, radical, ratio, circular, bipolar, custom
  }

  public static let categoryLimit = 4096

  public let kind: Kind
  public let order: Int
  /// Row by row.
  let table: [Double]
  /// Σ over all pairs of categories.
  let sum: Double

  /// - Throws: `tooManyCategories`; `negativeCategory` for ratios with a category below 0; `tooFewCategories` for custom ones, which need
  /// their table.
  public init(_ kind: Kind, categories x: [Double]) throws(AgreementError) {
    let q = x.count
    if q > AgreementWeights.categoryLimit { throw .tooManyCategories(q, limit: AgreementWeights.categoryLimit) }
    if kind == .custom { throw .weightsDoNotFit(categories: q) }
    if kind == .ratio, let first = x.first, first < 0 { throw .negativeCategory(first) }
    var loss = [Double](repeating: 0, count: q * q)
    for k in 0..<q {
      for l in 0..<q where k != l { loss[k * q + l] = AgreementWeights.loss(kind, x, k, l) }
    }
    let largest = loss.max() ?? 0
    if largest > 0 { for i in loss.indices { loss[i] = 1 - loss[i] / largest } } else { for i in loss.indices { loss[i] = 1 } }
    self.init(kind: kind, order: q, table: loss)
  }

  /// The part that is not agreement, up to a factor: the largest becomes 1.
  private static func loss(_ kind: Kind, _ x: [Double], _ k: Int, _ l: Int) -> Double {
    let (low, high) = (x[0], x[x.count - 1])
    let gap = abs(x[k] - x[l])
    let steps = Double(abs(k - l))
    switch kind {
    case .identity, .custom: return 1
    case .linear: return gap
    case .quadratic: return gap * gap
    case .ordinal: return steps * (steps + 1) / 2
    case .radical: return gap.squareRoot()
    case .ratio:
      let ratio = gap / (x[k] + x[l])
      return ratio * ratio
    case .circular:
      let sine = sin(Double.pi * gap / (high - low + 1))
      return sine * sine
    case .bipolar:
      let total = x[k] + x[l]
      return gap * gap / ((total - 2 * low) * (2 * high - total))
    }
  }

  /// - Throws: `weightsDoNotFit` unless square, symmetric, 1 on the diagonal and within [0, 1].
  public init(custom matrix: Matrix, categories: Int) throws(AgreementError) {
    let q = categories
    if matrix.rows != q || matrix.columns != q { throw .weightsDoNotFit(categories: q) }
    for i in 0..<q {
      for j in 0..<q where !(matrix[i, j] == matrix[j, i] && matrix[i, j] >= 0 && matrix[i, j] <= 1 && matrix[i, i] == 1) {
        throw .weightsDoNotFit(categories: q)
      }
    }
    self.init(kind: .custom, order: q, table: matrix.elements)
  }

  private init(kind: Kind, order: Int, table: [Double]) {
    self.kind = kind
    self.order = order
    self.table = table
    var sum = 0.0
    for weight in table { sum += weight }
    self.sum = sum
  }

  /// w_kl, the weight of categories k and l in ascending order; 1 on the diagonal.
  public subscript(k: Int, l: Int) -> Double { table[k * order + l] }

  /// W v.
  func times(_ v: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: order)
    for k in 0..<order {
      var sum = 0.0
      for l in 0..<order { sum += table[k * order + l] * v[l] }
      result[k] = sum
    }
    return result
  }
}

extension AgreementWeights {
  /// The same from rows.
  public init(customRows rows: [[Double]], categories: Int) throws(AgreementError) {
    if rows.count != categories || rows.contains(where: { $0.count != categories }) { throw .weightsDoNotFit(categories: categories) }
    try self.init(custom: Matrix(rowArrays: rows), categories: categories)
  }
}
