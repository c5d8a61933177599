import Foundation

/// log Γ(x) for x > 0, to a few ulps relative (also next to its zeros at 1 and 2).
///
/// The C library's `lgamma` writes a global sign and may not be called from two threads; this one may.
/// Below 10: argument reduction to [1.5, 2.5] and the Taylor series of log Γ(2 + z) with coefficients (ζ(k) − 1)/k;
/// above: Stirling's series. +∞ at 0 and at ∞; NaN for x < 0, where nothing here needs it.
public func logGamma(_ x: Double) -> Double {
  if x.isNaN || x < 0 { return .nan }
  if x == 0 || x == .infinity { return .infinity }
  if x < 0.5 { return logGammaNearTwo(x) - log1p(x) - log(x) }
  if x < 1.5 { return logGammaNearTwo(x - 1) - log1p(x - 1) }
  if x <= 2.5 { return logGammaNearTwo(x - 2) }
  if x < 10 {
    var product = 1.0
    var reduced = x
    while reduced > 2.5 {
      reduced -= 1
      product *= reduced
    }
    return logGammaNearTwo(reduced - 2) + log(product)
  }
  return (x - 0.5) * log(x) - x + halfLogTwoPi + stirlingSeries(x)
}

/// ½ log 2π.
let halfLogTwoPi = 0.91893853320467274178

/// log Γ(2 + z) for |z| ≤ ½ : z(1 − γ) + Σ_{k≥2} (−1)^k (ζ(k) − 1) z^k / k. At |z| = ½ the terms fall by 4.
private func logGammaNearTwo(_ z: Double) -> Double {
  var sum = 0.0
  for coefficient in taylorAtTwo.reversed() { sum = sum * z + coefficient }
  return z * (0.42278433509846713939 + z * sum)
}

private let taylorAtTwo: [Double] = [
  0.32246703342411321824, -0.067352301053198095133, 0.020580808427784547879, -0.0073855510286739852663,
  0.0028905103307415232858, -0.0011927539117032609771, 0.00050966952474304242234, -0.00022315475845357937976,
  0.000099457512781808533715, -0.0000449262367381331417, 0.000020507212775670691553, -9.439488275268395904e-6,
  4.3748667899074878042e-6, -2.0392157538013662368e-6, 9.5514121304074198329e-7, -4.4924691987645660433e-7,
  2.1207184805554665869e-7, -1.0043224823968099609e-7, 4.7698101693639805658e-8, -2.271109460894316491e-8,
  1.0838659214896954091e-8, -5.1834750419700466551e-9, 2.4836745438024783172e-9, -1.1921401405860912074e-9,
  5.7313672416788620133e-10, -2.7595228851242331452e-10, 1.3304764374244489481e-10, -6.4229645638381000221e-11,
  3.1044247747322272762e-11,
]

/// log Γ(x) − [(x − ½) log x − x + ½ log 2π] for x ≥ 10, from B₂ₖ / (2k(2k−1) x^(2k−1)).
private func stirlingSeries(_ x: Double) -> Double {
  let r = 1 / (x * x)
  let tail = r * (-0.0019175269175269175 + r * (0.0064102564102564103 - r * 0.029550653594771242))
  return
    (1.0 / 12 + r * (-1.0 / 360 + r * (1.0 / 1260 + r * (-1.0 / 1680 + r * (1.0 / 1188 + tail))))) / x
}

/// Stirling's error δ(x) = log Γ(x + 1) − [(x + ½) log x − x + ½ log 2π], x > 0, without cancellation for large x
/// (Loader 2000). Binomial, Poisson, gamma and beta densities are differences of these.
func stirlingError(_ x: Double) -> Double {
  if x >= 10 { return stirlingSeries(x) }
  return logGamma(x + 1) - (x + 0.5) * log(x) + x - halfLogTwoPi
}

/// Loader's deviance part, x log(x/m) + m − x ≥ 0, without cancellation when x ≈ m. Both arguments > 0, or x = 0.
///
/// `difference` is x − m; pass it when it is known more exactly than by subtraction.
func devianceTerm(_ x: Double, _ m: Double, difference: Double? = nil) -> Double {
  let d = difference ?? (x - m)
  if x == 0 { return m }
  if abs(d) < 0.1 * (x + m) {
    let v = d / (x + m)
    var sum = d * v
    var term = 2 * x * v
    let square = v * v
    for j in 1..<1000 {
      term *= square
      let next = sum + term / Double(2 * j + 1)
      if next == sum { return next }
      sum = next
    }
  }
  return x * log(x / m) - d
}
