internal import Foundation

/// The squared difference δ² of two values, by what their scale means (Krippendorff 2011).
public enum KrippendorffMetric: Sendable, Equatable {
  /// 0 if equal, else 1.
  case nominal
  /// (Σ_{g=c..k} n_g − (n_c + n_k)/2)²: the squared difference of midranks among all pairable values.
  case ordinal
  /// (c − k)².
  case interval
  /// ((c − k)/(c + k))², 0 for two zeros; values not negative.
  case ratio
  /// sin²(π (c − k)/period): days of the week, compass directions.
  case circular(period: Double)

  public var name: String {
    switch self {
    case .nominal: "nominal"
    case .ordinal: "ordinal"
    case .interval: "interval"
    case .ratio: "ratio"
    case .circular: "circular"
    }
  }
}

/// Krippendorff's α = 1 − D_o/D_e: disagreement within units against disagreement among all pairable values.
///
/// With r_uc the ratings of unit u in category c, m_u = Σ_c r_uc ≥ 2, n_c = Σ_u r_uc, n = Σ_c n_c:
///
///     D_o = Σ_u (1/(m_u − 1)) Σ_ck r_uc r_uk δ²(c, k),   D_e = (1/(n − 1)) Σ_ck n_c n_k δ²(c, k)
///
/// (both n times Krippendorff's, which cancels; c = k counts 0). Missing ratings need no filling in; units with one rating are left out. No
/// pair is visited: δ² of the interval and, by midranks, the ordinal scale is a difference of sums of squares, of the circular scale a
/// product of sums of cosines and sines, and only ratios need Σ_ck, O(q²). Cost O(patterns · k), with k categories a unit. Source:
/// Krippendorff (2011), Computing Krippendorff's alpha-reliability.
public struct KrippendorffAlpha: Sendable {
  public let metric: KrippendorffMetric
  let patterns: RatingPatterns
  /// x, or (cos, sin) of the angle, of each category; centred where only differences count.
  let first: [Double]
  let second: [Double]
  /// Σ_ck r_c r_k δ² of each pattern; for the ordinal scale at the midranks of the whole table.
  private(set) var inner: [Double]
  let margins: [Double]
  private(set) var total: AlphaSums

  /// - Throws: `nothingToCompare`, `negativeCategory` for ratios. Programming error: a period that is not positive.
  public init(_ patterns: RatingPatterns, metric: KrippendorffMetric) throws(AgreementError) {
    let x = patterns.categories
    self.patterns = patterns
    self.metric = metric
    if metric == .ratio, let low = x.first, low < 0 { throw .negativeCategory(low) }
    margins = KrippendorffAlpha.margins(patterns, patterns.multiplicity)
    var n = 0.0
    for m in margins { n += m }
    if n == 0 { throw .nothingToCompare }
    switch metric {
    case .nominal: (first, second) = ([], [])
    case .ordinal: (first, second) = (midranks(margins), [])
    case .interval:
      let centre = dot(x, margins) / n
      (first, second) = (x.map { $0 - centre }, [])
    case .ratio: (first, second) = (x, [])
    case .circular(let period):
      precondition(period > 0, "a period is positive")
      (first, second) = (x.map { cos(2 * Double.pi * $0 / period) }, x.map { sin(2 * Double.pi * $0 / period) })
    }
    (inner, total) = ([], AlphaSums())
    inner = (0..<patterns.count).map { form($0, first) }
    total = sums(patterns.multiplicity, inner, margins, first)
  }

  /// α; 1 when nothing differs within units although values differ.
  /// - Throws: `noVariation` when all pairable values are equal.
  public func value() throws(AgreementError) -> Double {
    if !(total.expected > 0) { throw .noVariation }
    return total.alpha
  }

  /// α with pattern p counted `multiplicity[p]` times (a bootstrap resample); ordinal ranks are made anew. NaN when all values are equal.
  func value(multiplicity: [Double]) -> Double {
    let margins = KrippendorffAlpha.margins(patterns, multiplicity)
    if metric != .ordinal { return sums(multiplicity, inner, margins, first).alpha }
    let ranks = midranks(margins)
    let inner = (0..<patterns.count).map { multiplicity[$0] == 0 ? 0 : form($0, ranks) }
    return sums(multiplicity, inner, margins, ranks).alpha
  }

  static func margins(_ patterns: RatingPatterns, _ multiplicity: [Double]) -> [Double] {
    var margins = [Double](repeating: 0, count: patterns.categories.count)
    for p in 0..<patterns.count where patterns.size[p] >= 2 && multiplicity[p] != 0 {
      for i in patterns.start[p]..<patterns.start[p + 1] { margins[Int(patterns.category[i])] += multiplicity[p] * patterns.times[i] }
    }
    return margins
  }

  /// Σ_ck r_c r_k δ²(c, k) of a pattern.
  func form(_ p: Int, _ x: [Double]) -> Double {
    let range = patterns.start[p]..<patterns.start[p + 1]
    let m = patterns.size[p]
    if range.count < 2 { return 0 }
    switch metric {
    case .nominal:
      var squares = 0.0
      for i in range { squares += patterns.times[i] * patterns.times[i] }
      return m * m - squares
    case .ordinal, .interval:
      // 2 (m Σ x² − (Σ x)²) = 2 m Σ (x − x̄)², from the deviations themselves.
      var sum = 0.0
      for i in range { sum += patterns.times[i] * x[Int(patterns.category[i])] }
      let mean = sum / m
      var squares = 0.0
      for i in range {
        let deviation = x[Int(patterns.category[i])] - mean
        squares += patterns.times[i] * deviation * deviation
      }
      return 2 * m * squares
    case .ratio:
      var sum = 0.0
      for i in range {
        for j in range.lowerBound..<i {
          sum += patterns.times[i] * patterns.times[j] * ratioDifference(x[Int(patterns.category[i])], x[Int(patterns.category[j])])
        }
      }
      return 2 * sum
    case .circular:
      var (c, s) = (0.0, 0.0)
      for i in range {
        c += patterns.times[i] * x[Int(patterns.category[i])]
        s += patterns.times[i] * second[Int(patterns.category[i])]
      }
      return max(0, (m * m - c * c - s * s) / 2)
    }
  }

  func sums(_ multiplicity: [Double], _ inner: [Double], _ margins: [Double], _ x: [Double]) -> AlphaSums {
    var sums = AlphaSums()
    for p in 0..<patterns.count where patterns.size[p] >= 2 { sums.observed += multiplicity[p] * inner[p] / (patterns.size[p] - 1) }
    for n in margins { sums.values += n }
    sums.expected = expected(margins, x, values: sums.values)
    return sums
  }

  /// Σ_ck n_c n_k δ²(c, k).
  func expected(_ n: [Double], _ x: [Double], values: Double) -> Double {
    switch metric {
    case .nominal: return values * values - dot(n, n)
    case .ordinal, .interval:
      let mean = dot(n, x) / values
      var squares = 0.0
      for c in n.indices { squares += n[c] * (x[c] - mean) * (x[c] - mean) }
      return 2 * values * squares
    case .ratio:
      var sum = 0.0
      for c in n.indices where n[c] != 0 {
        for k in 0..<c { sum += n[c] * n[k] * ratioDifference(x[c], x[k]) }
      }
      return 2 * sum
    case .circular:
      let (c, s) = (dot(n, x), dot(n, second))
      return max(0, (values * values - c * c - s * s) / 2)
    }
  }
}

/// What α is a function of.
struct AlphaSums {
  /// Σ_u (1/(m_u − 1)) Σ_ck r_uc r_uk δ².
  var observed = 0.0
  /// Σ_ck n_c n_k δ².
  var expected = 0.0
  var values = 0.0

  var alpha: Double { expected > 0 ? 1 - (values - 1) * observed / expected : .nan }
}

func ratioDifference(_ a: Double, _ b: Double) -> Double {
  let sum = a + b
  if sum == 0 { return 0 }
  let ratio = (a - b) / sum
  return ratio * ratio
}

/// The mean rank of each category's values.
func midranks(_ counts: [Double]) -> [Double] {
  var below = 0.0
  return counts.map { n in
    defer { below += n }
    return below + (n + 1) / 2
  }
}
