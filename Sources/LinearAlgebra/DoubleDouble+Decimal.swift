/// What a `Double` that was read from a table stands for.
///
/// A table is written in decimals. 1000000000000.4 is stored with an error of 2·10⁻⁵, and where all values agree in 13 digits no
/// arithmetic on the stored numbers can recover what was written. The decimal itself can be recovered: it is the only one of at most 15
/// significant digits that reads as the stored number.
public enum NumberReading: Sendable, Hashable {
  /// The stored number, exactly.
  case binary
  /// The decimal of at most 15 significant digits (and at most 22 places) that reads as the stored number; the stored number itself where
  /// there is none, as for the result of a computation.
  case decimal
}

extension DoubleDouble {
  /// The values, each as the number it stands for. O(n); one division and one fused multiply–add a value when all have about the same
  /// number of places.
  public static func values(_ values: [Double], reading: NumberReading) -> [DoubleDouble] {
    if reading == .binary { return values.map { DoubleDouble($0) } }
    var places = 0
    return values.map { decimal($0, places: &places) }
  }

  /// The decimal that reads as `value`. `places` is the number of decimal places to try first; it is set to the number found.
  ///
  /// value = m / 10^k with |m| < 10¹⁵ and k ≤ 22: numerator and power are both exact, so the correctly rounded quotient is what reading
  /// the decimal gives, and the remainder of that division (exact in a fused multiply–add) over 10^k is the digits that were lost.
  static func decimal(_ value: Double, places: inout Int) -> DoubleDouble {
    if let found = decimal(value, at: places) { return found }
    for k in 0..<tenPowers.count {
      if let found = decimal(value, at: k) {
        places = k
        return found
      }
    }
    return DoubleDouble(value)
  }

  private static func decimal(_ value: Double, at places: Int) -> DoubleDouble? {
    let power = tenPowers[places]
    let numerator = (value * power).rounded()
    guard abs(numerator) < 1e15, numerator / power == value else { return nil }
    return DoubleDouble(high: value, low: numerator.addingProduct(-value, power) / power)
  }

  /// 10⁰ … 10²², the powers that are exact.
  private static let tenPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
