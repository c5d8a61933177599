import Foundation

extension GoodnessOfFit {
  /// Shapiro and Wilk's W test of normality, 3 to 5000 values, with Royston's (1995, AS R94) coefficients and p-value.
  ///
  /// For 3 values the p-value is exact; for others the approximation is good to about two digits, as are all implementations of it.
  public static func shapiroWilk(_ values: [Double]) -> TestResult {
    let x = values.sorted()
    let n = x.count
    guard n >= 3, n <= 5000, x[n - 1] > x[0] else { return .impossible }
    let half = n / 2
    let size = Double(n)
    var a = [Double](repeating: 0, count: half)
    if n == 3 {
      a[0] = 0.5.squareRoot()
    } else {
      let m = (0..<half).map { Normal.quantile((Double($0 + 1) - 0.375) / (size + 0.25)) }
      let squares = 2 * m.reduce(0) { $0 + $1 * $1 }
      let root = squares.squareRoot()
      let u = 1 / size.squareRoot()
      let first = polynomial([0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056], u) - m[0] / root
      let exact: Int
      let scale: Double
      if n > 5 {
        let second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u) - m[1] / root
        scale = ((squares - 2 * m[0] * m[0] - 2 * m[1] * m[1]) / (1 - 2 * first * first - 2 * second * second)).squareRoot()
        a[1] = second
        exact = 2
      } else {
        scale = ((squares - 2 * m[0] * m[0]) / (1 - 2 * first * first)).squareRoot()
        exact = 1
      }
      a[0] = first
      for i in exact..<max(exact, half) { a[i] = -m[i] / scale }
    }
    // 1 − W as a ratio of differences, so that W near 1 loses nothing.
    let (mean, squares) = meanAndSquares(x)
    let norm = (2 * a.reduce(0) { $0 + $1 * $1 }).squareRoot()
    let weights = x.indices.map { i in i < half ? -a[i] / norm : i >= n - half ? a[n - 1 - i] / norm : 0 }
    let root = squares.squareRoot()
    var projection = 0.0
    for i in x.indices { projection += weights[i] * (x[i] - mean) }
    let r = projection / root
    let rest = max(0, (1 - r) * (1 + r))
    return TestResult(1 - rest, pValue(rest, n), .asymptotic)
  }

  private static func pValue(_ rest: Double, _ n: Int) -> Double {
    let w = 1 - rest
    if n == 3 { return max(0, 6 / Double.pi * (asin(w.squareRoot()) - asin(0.75.squareRoot()))) }
    let size = Double(n)
    var y = log(rest)
    let (mean, logDeviation): (Double, Double)
    if n <= 11 {
      let gamma = polynomial([-2.273, 0.459], size)
      if y >= gamma { return 1e-99 }
      y = -log(gamma - y)
      mean = polynomial([0.5440, -0.39978, 0.025054, -6.714e-4], size)
      logDeviation = polynomial([1.3822, -0.77857, 0.062767, -0.0020322], size)
    } else {
      let logN = log(size)
      mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], logN)
      logDeviation = polynomial([-0.4803, -0.082676, 0.0030302], logN)
    }
    return Normal.upperTail((y - mean) / exp(logDeviation))
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    var sum = 0.0
    for c in coefficients.reversed() { sum = sum * x + c }
    return sum
  }
}
