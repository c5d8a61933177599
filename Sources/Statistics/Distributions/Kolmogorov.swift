import Foundation

/// The limit distribution of Kolmogorov's statistic √n · sup |F_n − F|.
public enum Kolmogorov {
  /// P(K > x). Two theta series, each where it converges in a few terms.
  public static func upperTail(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x < 1.18 {
      let y = exp(-1.23370055013616983 / (x * x))  // π²/8
      return 1 - 2.50662827463100050 / x * (y + pow(y, 9) + pow(y, 25) + pow(y, 49))
    }
    let y = exp(-2 * x * x)
    return 2 * (y - pow(y, 4) + pow(y, 9))
  }

  /// The approximate p-value of `uniforms` being a sample from U(0, 1), with Stephens's (1970) correction for small n.
  public static func uniformityPValue(_ uniforms: [Double]) -> Double {
    let n = Double(uniforms.count)
    if uniforms.isEmpty { return 1 }
    var distance = 0.0
    for (i, u) in uniforms.sorted().enumerated() {
      distance = max(distance, max(Double(i + 1) / n - u, u - Double(i) / n))
    }
    let root = n.squareRoot()
    return upperTail(distance * (root + 0.12 + 0.11 / root))
  }
}
