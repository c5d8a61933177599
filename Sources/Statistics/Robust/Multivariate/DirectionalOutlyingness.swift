import LinearAlgebra
import Parallel

/// The outlyingness of Stahel (1981) and Donoho (1982) over directions through two observations: max |xᵢ'v − t(v)| / s(v).
struct DirectionalOutlyingness: Sendable {
  let data: Observations
  /// h of the univariate estimates t and s.
  let size: Int
  /// All pairs when there are no more, otherwise as many random ones.
  let directions: Int
  let seed: UInt64

  func values() -> [Double] {
    let found = parallelMap(16) { piece in
      var worst = [Double](repeating: 0, count: data.count)
      for number in stride(from: piece, to: count, by: 16) { measure(pair(number), &worst) }
      return worst
    }
    var result = [Double](repeating: 0, count: data.count)
    for worst in found { for i in result.indices { result[i] = max(result[i], worst[i]) } }
    return result
  }

  private var all: Int { data.count * (data.count - 1) / 2 }
  private var count: Int { min(all, directions) }

  private func pair(_ number: Int) -> (Int, Int) {
    if all <= directions {
      let pair = Combinations.combination(ranked: number, count: data.count, choose: 2)
      return (pair[0], pair[1])
    }
    var stream = RandomStream(seed: seed, 6, UInt64(number))
    let first = stream.below(data.count)
    let second = stream.below(data.count - 1)
    return (first, second < first ? second : second + 1)
  }

  private func measure(_ pair: (Int, Int), _ worst: inout [Double]) {
    let p = data.dimension
    var v = (0..<p).map { data[pair.0, $0] - data[pair.1, $0] }
    let norm = dot(v, v).squareRoot()
    // Two equal observations give no direction.
    if norm < 1e-12 { return }
    for j in 0..<p { v[j] /= norm }
    let elements = data.elements
    let values = (0..<data.count).map { i in
      var sum = 0.0
      for j in 0..<p { sum += elements[i * p + j] * v[j] }
      return sum
    }
    let (location, scale) = UnivariateDeterminant.estimate(values, size: size)
    guard scale > 1e-12 else { return }
    for i in worst.indices { worst[i] = max(worst[i], abs(values[i] - location) / scale) }
  }
}
