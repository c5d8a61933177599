/// The inverse of a diagonal, plus a multiple of the matrix of ones on groups of neighbouring elements:
///
///     M = D⁻¹ + Σ_f c_f 1_f 1_f'
///
/// The diagonal alone leaves one direction a group in which a matrix may be far from it: all elements shifting together, D 1_f. With
/// c_f = κ_f / (1_f' D 1_f), M multiplies D by 1 + κ_f in that direction and by 1 in all others that are D⁻¹-orthogonal to it.
public struct JacobiPreconditioner: Sendable {
  public struct Group: Sendable {
    public let range: Range<Int>
    /// κ, not negative.
    public let excess: Double

    public init(range: Range<Int>, excess: Double) {
      precondition(excess >= 0, "a preconditioner is positive definite")
      self.range = range
      self.excess = excess
    }
  }

  public let diagonal: [Double]
  /// Disjoint.
  public let groups: [Group]
  private let inverse: [Double]
  /// c of each group.
  private let amounts: [Double]

  public init(diagonal: [Double], groups: [Group] = []) {
    self.diagonal = diagonal
    self.groups = groups
    inverse = diagonal.map { 1 / $0 }
    amounts = groups.map { group in group.range.isEmpty ? 0 : group.excess / group.range.reduce(0) { $0 + diagonal[$1] } }
  }

  var count: Int { diagonal.count }

  /// log|M|.
  public func logDeterminant(_ log: (Double) -> Double) -> Double {
    groups.reduce(diagonal.reduce(0) { $0 - log($1) }) { $0 + log(1 + $1.excess) }
  }

  /// M r.
  public func applied(to r: [Double]) -> [Double] {
    var z = r
    for i in z.indices { z[i] /= diagonal[i] }
    for (group, amount) in zip(groups, amounts) where amount > 0 {
      let shift = amount * group.range.reduce(0) { $0 + r[$1] }
      for i in group.range { z[i] += shift }
    }
    return z
  }

  /// M r of every vector of a block.
  func applied(to r: VectorBlock) -> VectorBlock {
    var z = r
    z.scaleElements(by: inverse)
    for (group, amount) in zip(groups, amounts) where amount > 0 { z.addSum(of: r, over: group.range, times: amount) }
    return z
  }

  /// E z and E⁻ᵀ z for the factor E of M = E E', E = D^(−½) (I + Σ γ_f v_f v_f') with v_f ∝ D^(½) 1_f of length 1 and γ = √(1 + κ) − 1.
  public func factored(_ z: [Double]) -> (image: [Double], side: [Double]) {
    var image = z
    var side = z
    for group in groups where group.excess > 0 {
      var overlap = 0.0
      var norm = 0.0
      for i in group.range {
        overlap += diagonal[i].squareRoot() * z[i]
        norm += diagonal[i]
      }
      let gamma = (1 + group.excess).squareRoot() - 1
      for i in group.range {
        let part = overlap / norm * diagonal[i].squareRoot()
        image[i] += gamma * part
        side[i] -= gamma / (1 + gamma) * part
      }
    }
    for i in z.indices {
      let root = diagonal[i].squareRoot()
      image[i] /= root
      side[i] *= root
    }
    return (image, side)
  }
}
