/// Numbers as text with no more digits than are meant, the same on every machine: a point for decimals, no grouping, `-` for negatives.
///
/// The shortest decimal that reads back as the same `Double` (what `description` gives, at most 17 digits) is rounded, half away from
/// zero, in decimal: no library call whose last digit differs between platforms is involved, and 0.145 becomes 0.15 as a person expects.
public enum NumberText {
  /// The shortest decimal that reads back as the same double: `3`, `0.1`, `1e-08`, `-2.5`. Whole numbers have no point.
  /// NaN and infinities are `NaN`, `Infinity` and `-Infinity`; whoever writes JSON must not pass them.
  public static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : (value < 0 ? "-Infinity" : "Infinity") }
    if value == 0 { return "0" }
    if abs(value) < 1e15, value == value.rounded() { return String(Int64(value)) }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `x` to `digits` significant digits without trailing zeros: `0.0333333`, `12`, `3e-08` as `3e-8`. `nil` for NaN and infinities, for
  /// which there is no such number.
  ///
  /// Plain notation for magnitudes in `1e-5 ..< 1e15`, scientific outside. Negative zero, and what rounds to zero, prints as `0`.
  public static func significant(_ x: Double, digits: Int) -> String? { DecimalDigits(x)?.rounded(toDigits: digits).text }

  /// `x` with exactly `places` digits after the point (0 or more): `6.20`. `nil` for NaN and infinities.
  public static func fixed(_ x: Double, places: Int) -> String? {
    DecimalDigits(x)?.rounded(toExponent: -places).fixedText(places: places)
  }

  /// Decimal places, at most `limit`, that show `digits` significant digits of `x`; 1 for zero and for what is no number.
  public static func places(for x: Double, digits: Int, limit: Int = 8) -> Int {
    guard let decimal = DecimalDigits(x), !decimal.digits.isEmpty else { return 1 }
    return min(limit, max(0, digits - decimal.point))
  }
}
