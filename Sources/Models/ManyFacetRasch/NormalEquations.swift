internal import LinearAlgebra
internal import Parallel

/// Log-likelihood, gradient and information of all units together, and Newton's step from them.
///
/// With a moderate number of parameters the information is one dense matrix (a Cholesky factor, p³/6). With more it stays in the units' small squares
/// and conjugate gradients use its products only. Units are added in their order, whichever thread was first.
struct NormalEquations: Sendable {
  let map: ParameterMap
  private(set) var logLikelihood = 0.0
  private(set) var gradient: [Double]
  private(set) var centres: [Double]
  private(set) var unitSpreads: [Double]
  /// The lower triangle, column by column; empty when blocks are kept instead.
  private var dense: [Double] = []
  private var blocks: [UnitBlock] = []
  private(set) var diagonal: [Double]
  let isDense: Bool
  private let threads: Int

  init(
    _ map: ParameterMap, units: Int, runs: [Range<Int>], denseLimit: Int, threads: Int,
    evaluate: @Sendable (Range<Int>) -> UnitBlock
  ) {
    self.map = map
    self.threads = threads
    let p = map.count
    isDense = p <= denseLimit
    gradient = [Double](repeating: 0, count: p)
    diagonal = gradient
    centres = [Double](repeating: 0, count: units)
    unitSpreads = centres
    if isDense { dense = [Double](repeating: 0, count: p * p) }
    // In waves, so that not all units' squares are in memory at once.
    let wave = 32
    for begin in stride(from: 0, to: runs.count, by: wave) {
      let end = min(begin + wave, runs.count)
      let results = parallelMap(end - begin, threads: threads) { evaluate(runs[begin + $0]) }
      for block in results { add(block) }
      if !isDense { blocks += results }
    }
  }

  private mutating func add(_ block: UnitBlock) {
    let p = map.count
    logLikelihood += block.logLikelihood
    var place = 0
    var square = 0
    for u in block.units {
      centres[u] = block.centres[u - block.units.lowerBound]
      unitSpreads[u] = block.unitSpreads[u - block.units.lowerBound]
      let begin = map.localStart[u]
      let size = map.localStart[u + 1] - begin
      for a in 0..<size {
        let row = Int(map.local[begin + a])
        gradient[row] += block.gradient[place + a]
        diagonal[row] += block.information[square + a * size + a]
        if isDense { for b in 0...a { dense[row + Int(map.local[begin + b]) * p] += block.information[square + a * size + b] } }
      }
      place += size
      square += size * size
    }
  }

  /// Per squared logit. One response that is decided to within a millionth still has more.
  private static let noInformation = 1e-9

  /// Of the free parameters' mean information, to weigh the null directions.
  private var typical: Double { max(diagonal.reduce(0, +) / Double(max(1, diagonal.count)), 1e-12) }

  /// Newton's step, perpendicular to the null directions (orthonormal columns). Nil when the information is not positive there.
  ///
  /// - Parameter ridge: this share of the diagonal is added where not all null directions are known; without it conjugate gradients would
  ///   follow rounding errors along them.
  func step(null: [[Double]], tolerance: Double, ridge: Double = 0) -> [Double]? {
    if map.count == 0 { return [] }
    // In exact arithmetic the gradient has no part along them; what rounding and quadrature leave would let the measures drift.
    var side = gradient
    for n in null {
      var overlap = 0.0
      for i in n.indices { overlap += n[i] * side[i] }
      for i in n.indices { side[i] -= overlap * n[i] }
    }
    if isDense {
      guard let factor = try? Cholesky(regularised(null)) else { return nil }
      return factor.solve(side)
    }
    // A rater who alone scored all his units leaves their measures to say everything: what remains of his information is the rounding of a zero. He
    // stands still; the information is not negative, so nothing else hangs on him.
    let still = diagonal.indices.filter { abs(diagonal[$0]) < NormalEquations.noInformation }
    var scale = diagonal
    for i in still { (scale[i], side[i]) = (1, 0) }
    if scale.contains(where: { !($0 > 0) }) { return nil }
    let weight = typical
    let solution = try? ConjugateGradients.solve(
      side, preconditioner: JacobiPreconditioner(diagonal: scale), tolerance: tolerance, limit: 5000
    ) { v in
      var result = product(v, null, weight, ridge)
      for i in still { result[i] = 0 }
      return result
    }
    guard let x = solution?.x, x.allSatisfy(\.isFinite) else { return nil }
    return x
  }

  /// The inverse information on the space perpendicular to the null directions. Nil without a dense matrix or when it is not positive.
  func covariance(null: [[Double]]) -> Matrix? {
    guard isDense, map.count > 0, let factor = try? Cholesky(regularised(null)) else { return nil }
    var inverse = factor.inverse()
    let share = 1 / typical
    for n in null {
      for j in n.indices where n[j] != 0 { for i in n.indices where n[i] != 0 { inverse[i, j] -= share * n[i] * n[j] } }
    }
    return inverse
  }

  private func regularised(_ null: [[Double]]) -> Matrix {
    let p = map.count
    var full = dense
    let weight = typical
    for n in null {
      for j in 0..<p where n[j] != 0 { for i in j..<p { full[i + j * p] += weight * n[i] * n[j] } }
    }
    return Matrix(rows: p, columns: p, elements: full)
  }

  private func product(_ v: [Double], _ null: [[Double]], _ weight: Double, _ ridge: Double) -> [Double] {
    let wave = 16
    var result = ridge == 0 ? [Double](repeating: 0, count: v.count) : v.indices.map { ridge * diagonal[$0] * v[$0] }
    for n in null {
      var overlap = 0.0
      for i in v.indices { overlap += n[i] * v[i] }
      for i in v.indices { result[i] += weight * overlap * n[i] }
    }
    let parts = parallelMap((blocks.count + wave - 1) / wave, threads: threads) { part in
      var products: [Double] = []
      for block in blocks[(part * wave)..<min((part + 1) * wave, blocks.count)] { multiply(block, v, &products) }
      return products
    }
    for (part, products) in parts.enumerated() {
      var place = 0
      for block in blocks[(part * wave)..<min((part + 1) * wave, blocks.count)] {
        for entry in map.localStart[block.units.lowerBound]..<map.localStart[block.units.upperBound] {
          result[Int(map.local[entry])] += products[place]
          place += 1
        }
      }
    }
    return result
  }

  private func multiply(_ block: UnitBlock, _ v: [Double], _ products: inout [Double]) {
    var square = 0
    for u in block.units {
      let begin = map.localStart[u]
      let size = map.localStart[u + 1] - begin
      for a in 0..<size {
        var sum = 0.0
        for b in 0..<size { sum += block.information[square + a * size + b] * v[Int(map.local[begin + b])] }
        products.append(sum)
      }
      square += size * size
    }
  }
}
