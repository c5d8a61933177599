internal import LinearAlgebra

/// The relative covariance factors Λ of the random terms as one vector θ: each Λ lower triangular, by columns, so that Var(b) = σ² Λ Λ'.
///
/// The diagonal may have any sign: Λ and Λ with a column negated mean the same, so the criterion is smooth and even at a variance of zero, and the
/// search needs no bounds.
struct CovarianceFactors: Sendable {
  let orders: [Int]

  var count: Int { orders.reduce(0) { $0 + $1 * ($1 + 1) / 2 } }

  /// Where each term's part of θ begins.
  var offsets: [Int] {
    var offset = 0
    return orders.map { k in
      defer { offset += k * (k + 1) / 2 }
      return offset
    }
  }

  /// Identity matrices: what lme4 starts from too.
  var start: [Double] { orders.flatMap { k in (0..<k).flatMap { c in (c..<k).map { $0 == c ? 1.0 : 0 } } } }

  /// For each element of θ whether it is on a diagonal.
  var isDiagonal: [Bool] { orders.flatMap { k in (0..<k).flatMap { c in (c..<k).map { $0 == c } } } }

  /// Per term Λ as a full k × k array by columns.
  func factors(_ theta: [Double]) -> [[Double]] {
    var next = 0
    return orders.map { k in
      var lambda = [Double](repeating: 0, count: k * k)
      for c in 0..<k {
        for r in c..<k {
          lambda[r + c * k] = theta[next]
          next += 1
        }
      }
      return lambda
    }
  }

  /// The lower triangles of k × k arrays, in the order of θ.
  func pack(_ matrices: [[Double]]) -> [Double] {
    zip(orders, matrices).flatMap { k, m in (0..<k).flatMap { c in (c..<k).map { m[$0 + c * k] } } }
  }

  /// Per term Λ Λ'.
  func covariances(_ theta: [Double]) -> [Matrix] {
    zip(orders, factors(theta)).map { k, lambda in
      let l = Matrix(rows: k, columns: k, elements: lambda)
      return l.multiplied(by: l, otherTransposed: true)
    }
  }

  /// Diagonals made non-negative, which changes no covariance.
  func normalised(_ theta: [Double]) -> [Double] {
    pack(
      zip(orders, factors(theta)).map { k, lambda in
        var result = lambda
        for c in 0..<k where lambda[c + c * k] < 0 { for r in c..<k { result[r + c * k] = -lambda[r + c * k] } }
        return result
      })
  }
}
