import Foundation

/// Tests that a sample comes from a given distribution, or two samples from the same one.
public enum GoodnessOfFit {
  /// Kolmogorov's test that `uniforms` (values put through the hypothetical distribution function) are a sample from U(0, 1).
  ///
  /// D = sup |F_n − F|, p exact to n = 5000; see `Kolmogorov.upperTail(distance:count:)`.
  public static func kolmogorov(_ uniforms: [Double]) -> TestResult {
    guard !uniforms.isEmpty else { return .impossible }
    let n = Double(uniforms.count)
    var d = 0.0
    for (i, u) in uniforms.sorted().enumerated() { d = max(d, max(Double(i + 1) / n - u, u - Double(i) / n)) }
    return TestResult(d, Kolmogorov.upperTail(distance: d, count: uniforms.count), uniforms.count <= 5000 ? .exact : .asymptotic)
  }

  /// Smirnov's test of two samples; exact given the ties when mn ≤ `exactCost`, else the limit.
  public static func smirnov(_ x: [Double], _ y: [Double], exactCost: Int = 10_000_000) -> TestResult {
    guard !x.isEmpty, !y.isEmpty else { return .impossible }
    let pooled = (x.map { ($0, true) } + y.map { ($0, false) }).sorted { $0.0 < $1.0 }
    let (m, n) = (Double(x.count), Double(y.count))
    var (d, i, j) = (0.0, 0.0, 0.0)
    var ends: [Bool] = []
    for (place, value) in pooled.enumerated() {
      if value.1 { i += 1 } else { j += 1 }
      let end = place + 1 == pooled.count || pooled[place + 1].0 > value.0
      ends.append(end)
      if end { d = max(d, abs(i / m - j / n)) }
    }
    if x.count * y.count <= exactCost {
      return TestResult(d, Kolmogorov.twoSampleUpperTail(distance: d, x.count, y.count, tieEnds: ends), .exact)
    }
    return TestResult(d, Kolmogorov.upperTail(d * (m * n / (m + n)).squareRoot()), .asymptotic)
  }

  /// Anderson and Darling's A² of a sample from U(0, 1), p by its limit (closely reached from n = 5 on; Marsaglia and Marsaglia 2004 give
  /// the rest, at most 0.004).
  public static func andersonDarling(_ uniforms: [Double]) -> TestResult {
    guard !uniforms.isEmpty else { return .impossible }
    let a = andersonDarlingStatistic(uniforms.sorted().map { (log($0), log1p(-$0)) })
    return TestResult(a, AndersonDarling.upperTail(a), .asymptotic)
  }

  /// Anderson and Darling's test of normality with mean and variance estimated; p by Stephens (1986, table 4.9), from 8 values.
  public static func andersonDarlingNormality(_ values: [Double]) -> TestResult {
    guard values.count >= 8 else { return .impossible }
    let n = Double(values.count)
    let (mean, squares) = meanAndSquares(values)
    guard squares > 0 else { return .impossible }
    let deviation = (squares / (n - 1)).squareRoot()
    let a = andersonDarlingStatistic(
      values.sorted().map { (Normal.logLowerTail(($0 - mean) / deviation), Normal.logUpperTail(($0 - mean) / deviation)) })
    let z = a * (1 + 0.75 / n + 2.25 / (n * n))
    let p: Double
    switch z {
    case ..<0.2: p = 1 - exp(-13.436 + 101.14 * z - 223.73 * z * z)
    case ..<0.34: p = 1 - exp(-8.318 + 42.796 * z - 59.938 * z * z)
    case ..<0.6: p = exp(0.9177 - 4.279 * z - 1.38 * z * z)
    default: p = z < 10 ? exp(1.2937 - 5.709 * z + 0.0186 * z * z) : 3.7e-24
    }
    return TestResult(a, p, .asymptotic)
  }

  /// −n − Σ (2i − 1)/n [log F(x₍ᵢ₎) + log(1 − F(x₍ₙ₊₁₋ᵢ₎))], from both log tails in order.
  private static func andersonDarlingStatistic(_ logs: [(lower: Double, upper: Double)]) -> Double {
    let n = logs.count
    var sum = 0.0
    for i in 0..<n { sum += Double(2 * i + 1) * (logs[i].lower + logs[n - 1 - i].upper) }
    return -Double(n) - sum / Double(n)
  }

  /// Cramér and von Mises's ω² = 1/(12n) + Σ (u₍ᵢ₎ − (2i − 1)/(2n))² of a sample from U(0, 1), p by its limit with Stephens's (1970)
  /// correction for n.
  public static func cramerVonMises(_ uniforms: [Double]) -> TestResult {
    guard !uniforms.isEmpty else { return .impossible }
    let n = Double(uniforms.count)
    var sum = 1 / (12 * n)
    for (i, u) in uniforms.sorted().enumerated() {
      let d = u - (Double(2 * i + 1)) / (2 * n)
      sum += d * d
    }
    let modified = (sum - 0.4 / n + 0.6 / (n * n)) * (1 + 1 / n)
    return TestResult(sum, CramerVonMises.upperTail(modified), .asymptotic)
  }

  /// Wald and Wolfowitz's test of randomness: the number of runs of a yes–no sequence, exact given the numbers of each.
  ///
  /// Fewer runs than chance would give: values cluster (`less`); more: they alternate (`greater`).
  public static func runs(_ sequence: [Bool], alternative: Alternative = .twoSided) -> TestResult {
    let m = sequence.count { $0 }
    let n = sequence.count - m
    guard m > 0, n > 0 else { return .impossible }
    var runs = 1
    for i in 1..<sequence.count where sequence[i] != sequence[i - 1] { runs += 1 }
    // 2k runs: 2 C(m−1, k−1) C(n−1, k−1) / C(m+n, m) ways; 2k + 1: C(m−1, k) C(n−1, k−1) + C(m−1, k−1) C(n−1, k).
    func choose(_ n: Int, _ k: Int) -> Double {
      k < 0 || k > n ? -.infinity : logGamma(Double(n + 1)) - logGamma(Double(k + 1)) - logGamma(Double(n - k + 1))
    }
    let all = choose(m + n, m)
    func mass(_ r: Int) -> Double {
      let k = r / 2
      if r % 2 == 0 { return 2 * exp(choose(m - 1, k - 1) + choose(n - 1, k - 1) - all) }
      return exp(choose(m - 1, k) + choose(n - 1, k - 1) - all) + exp(choose(m - 1, k - 1) + choose(n - 1, k) - all)
    }
    let most = min(2 * min(m, n) + 1, m + n)
    let lower = orderedSum((2...max(2, runs)).map(mass))
    let upper = orderedSum((runs...max(runs, most)).map(mass))
    return TestResult(Double(runs), RankTest.choose(alternative, lower: lower, upper: upper), .exact)
  }
}
