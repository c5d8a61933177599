import Foundation

/// Tests that two paired samples are not associated.
public enum CorrelationTest {
  /// Pearson's r: t = r √((n − 2)/(1 − r²)) with n − 2 degrees of freedom; interval by Fisher's z.
  public static func pearson(
    _ x: [Double], _ y: [Double], alternative: Alternative = .twoSided, confidence: Double = 0.95
  ) -> TestResult {
    precondition(x.count == y.count, "pairs have two values")
    guard x.count > 2 else { return .impossible }
    let r = Ranks.correlation(x, y)
    guard !r.isNaN else { return .impossible }
    let n = Double(x.count)
    let d = StudentT(degreesOfFreedom: n - 2)
    let t = r * ((n - 2) / ((1 - r) * (1 + r))).squareRoot()
    let p = alternative == .twoSided ? d.twoSided(t) : alternative == .less ? d.lowerTail(t) : d.upperTail(t)
    var interval: ClosedRange<Double>?
    if x.count > 3 && abs(r) < 1 {
      let tail = alternative == .twoSided ? 0.5 * (1 - confidence) : 1 - confidence
      let reach = Normal.quantile(upperTail: tail) / (n - 3).squareRoot()
      let (low, high) = (tanh(atanh(r) - reach), tanh(atanh(r) + reach))
      interval = (alternative == .less ? -1 : low)...(alternative == .greater ? 1 : high)
    }
    return TestResult(t, p, .exact, degreesOfFreedom: [n - 2], estimate: r, interval: interval)
  }

  /// Kendall's τ_b. Without ties exact up to 200 pairs (statistic T, the number of concordant pairs); else normal, with the variance for
  /// ties (Kendall 1970). O(n²).
  public static func kendall(_ x: [Double], _ y: [Double], alternative: Alternative = .twoSided) -> TestResult {
    precondition(x.count == y.count, "pairs have two values")
    let n = x.count
    guard n > 1 else { return .impossible }
    var (concordant, discordant) = (0, 0)
    for i in 1..<n {
      for j in 0..<i {
        let a = x[i] == x[j] ? 0 : (x[i] > x[j] ? 1 : -1)
        let b = y[i] == y[j] ? 0 : (y[i] > y[j] ? 1 : -1)
        if a * b > 0 { concordant += 1 } else if a * b < 0 { discordant += 1 }
      }
    }
    let (tx, ty) = (runs(x), runs(y))
    func pairs(_ t: [Double]) -> Double { orderedSum(t.map { $0 * ($0 - 1) }) / 2 }
    let size = Double(n)
    let all = size * (size - 1) / 2
    let (left, right) = (all - pairs(tx), all - pairs(ty))
    guard left > 0, right > 0 else { return .impossible }
    let s = Double(concordant - discordant)
    let tau = s / (left.squareRoot() * right.squareRoot())
    if left == all && right == all && n <= 200 {
      let null = RankNull.kendall(n)
      let p = RankTest.choose(alternative, lower: null.lowerTail(concordant), upper: null.upperTail(concordant))
      return TestResult(Double(concordant), p, .exact, estimate: tau)
    }
    func cubic(_ t: [Double]) -> Double { orderedSum(t.map { $0 * ($0 - 1) * (2 * $0 + 5) }) }
    func triples(_ t: [Double]) -> Double { orderedSum(t.map { $0 * ($0 - 1) * ($0 - 2) }) }
    let main = (size * (size - 1) * (2 * size + 5) - cubic(tx) - cubic(ty)) / 18
    let third = n > 2 ? triples(tx) * triples(ty) / (9 * size * (size - 1) * (size - 2)) : 0
    let variance = main + third + 4 * pairs(tx) * pairs(ty) / (2 * size * (size - 1))
    let z = s / variance.squareRoot()
    let p = alternative == .twoSided ? Normal.twoSided(z) : alternative == .less ? Normal.lowerTail(z) : Normal.upperTail(z)
    return TestResult(z, p, .asymptotic, estimate: tau)
  }

  /// Spearman's ρ. Exact (ties included) up to 9 pairs; else t with n − 2 degrees of freedom.
  public static func spearman(_ x: [Double], _ y: [Double], alternative: Alternative = .twoSided) -> TestResult {
    precondition(x.count == y.count, "pairs have two values")
    guard x.count > 2 else { return .impossible }
    let (r, s) = (Ranks.midranks(x), Ranks.midranks(y))
    let rho = Ranks.correlation(r, s)
    guard !rho.isNaN else { return .impossible }
    if x.count <= 9 {
      let null = RankNull.spearman(r, s)
      let k = Int((4 * zip(r, s).reduce(0) { $0 + $1.0 * $1.1 }).rounded())
      return TestResult(rho, RankTest.choose(alternative, lower: null.lowerTail(k), upper: null.upperTail(k)), .exact, estimate: rho)
    }
    let test = pearson(r, s, alternative: alternative)
    return TestResult(rho, test.pValue, .asymptotic, degreesOfFreedom: test.degreesOfFreedom, estimate: rho)
  }

  /// Lengths of the runs of equal values.
  private static func runs(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    var (lengths, begin): ([Double], Int) = ([], 0)
    for i in 1...sorted.count where i == sorted.count || sorted[i] != sorted[begin] {
      lengths.append(Double(i - begin))
      begin = i
    }
    return lengths
  }
}
