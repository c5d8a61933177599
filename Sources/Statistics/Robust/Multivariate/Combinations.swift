/// Subsets of k of the numbers 0 ..< n in lexicographic order.
enum Combinations {
  /// n over k, or `limit` when it is larger.
  static func number(_ n: Int, choose k: Int, limit: Int = 1 << 40) -> Int {
    if k < 0 || k > n { return 0 }
    var result = 1
    for i in 1...max(1, min(k, n - k)) where k > 0 && k < n {
      result = result * (n - min(k, n - k) + i) / i
      if result > limit { return limit }
    }
    return result
  }

  /// The subset of the given rank (from 0).
  static func combination(ranked rank: Int, count n: Int, choose k: Int) -> [Int] {
    var left = rank
    var result: [Int] = []
    var next = 0
    for place in 0..<k {
      while true {
        let following = number(n - next - 1, choose: k - place - 1)
        if left < following { break }
        left -= following
        next += 1
      }
      result.append(next)
      next += 1
    }
    return result
  }

  /// The next subset; false, and no change, after the last.
  @discardableResult static func advance(_ combination: inout [Int], count n: Int) -> Bool {
    let k = combination.count
    guard let place = (0..<k).last(where: { combination[$0] < n - k + $0 }) else { return false }
    combination[place] += 1
    for next in (place + 1)..<max(k, place + 1) { combination[next] = combination[next - 1] + 1 }
    return true
  }
}
