import Foundation

/// Student's tests of means. Values are finite; groups of fewer than two values, or without any variation, give an impossible test (NaN).
public enum TTest {
  /// Of one mean: t = (x̄ − μ₀)/(s/√n), n − 1 degrees of freedom; estimate x̄.
  public static func oneSample(
    _ values: [Double], mean hypothesis: Double = 0, alternative: Alternative = .twoSided, confidence: Double = 0.95
  ) -> TestResult {
    guard values.count > 1 else { return .impossible }
    let (mean, squares) = meanAndSquares(values)
    let n = Double(values.count)
    return result(mean, hypothesis, error: (squares / (n - 1) / n).squareRoot(), n - 1, alternative, confidence)
  }

  /// Of the mean of the differences x − y.
  public static func paired(
    _ x: [Double], _ y: [Double], alternative: Alternative = .twoSided, confidence: Double = 0.95
  ) -> TestResult {
    precondition(x.count == y.count, "pairs have two values")
    return oneSample(zip(x, y).map { $0 - $1 }, alternative: alternative, confidence: confidence)
  }

  /// Of x̄ − ȳ. Welch's (1947) test by default, with Satterthwaite's degrees of freedom; `pooled` takes the variances to be equal.
  public static func twoSample(
    _ x: [Double], _ y: [Double], pooled: Bool = false, difference hypothesis: Double = 0, alternative: Alternative = .twoSided,
    confidence: Double = 0.95
  ) -> TestResult {
    guard x.count > 1, y.count > 1 else { return .impossible }
    let (first, second) = (meanAndSquares(x), meanAndSquares(y))
    let (m, n) = (Double(x.count), Double(y.count))
    let (a, b) = (first.squares / (m - 1) / m, second.squares / (n - 1) / n)
    if pooled {
      let variance = (first.squares + second.squares) / (m + n - 2)
      let error = (variance * (1 / m + 1 / n)).squareRoot()
      return result(first.mean - second.mean, hypothesis, error: error, m + n - 2, alternative, confidence)
    }
    let freedom = (a + b) * (a + b) / (a * a / (m - 1) + b * b / (n - 1))
    return result(first.mean - second.mean, hypothesis, error: (a + b).squareRoot(), freedom, alternative, confidence)
  }

  private static func result(
    _ estimate: Double, _ hypothesis: Double, error: Double, _ freedom: Double, _ alternative: Alternative, _ confidence: Double
  ) -> TestResult {
    precondition(confidence > 0 && confidence < 1, "a confidence lies in (0, 1)")
    guard error > 0, freedom > 0 else { return .impossible }
    let d = StudentT(degreesOfFreedom: freedom)
    let t = (estimate - hypothesis) / error
    let low: Double
    let high: Double
    let p: Double
    switch alternative {
    case .twoSided:
      p = d.twoSided(t)
      let reach = d.quantile(upperTail: 0.5 * (1 - confidence)) * error
      (low, high) = (estimate - reach, estimate + reach)
    case .less:
      p = d.lowerTail(t)
      (low, high) = (-.infinity, estimate + d.quantile(upperTail: 1 - confidence) * error)
    case .greater:
      p = d.upperTail(t)
      (low, high) = (estimate - d.quantile(upperTail: 1 - confidence) * error, .infinity)
    }
    return TestResult(t, p, .exact, degreesOfFreedom: [freedom], estimate: estimate, interval: low...high)
  }
}
