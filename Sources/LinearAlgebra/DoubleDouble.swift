import Foundation

/// An unevaluated sum of two `Double`s, about 106 bits or 31 decimal digits.
///
/// Error-free transformations of Dekker (1971) and Knuth; the product uses a fused multiply–add. The relative error of +, −, × is at most
/// 3·2⁻¹⁰⁶ to 5·2⁻¹⁰⁶, of ÷ and √ about 10·2⁻¹⁰⁶ (Joldes, Muller and Popescu 2017). Range and overflow are those of `Double`.
@frozen
public struct DoubleDouble: Sendable, Hashable {
  /// The nearest `Double`.
  public let high: Double
  /// What is left, at most half an ulp of `high`.
  public let low: Double

  @inlinable @inline(__always)
  public init(_ value: Double) {
    high = value
    low = 0
  }

  /// - Precondition: |low| is at most half an ulp of `high`; not checked.
  @inlinable @inline(__always)
  public init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  public static let zero = DoubleDouble(0)

  /// The nearest `Double`.
  @inlinable @inline(__always)
  public var doubleValue: Double { high }

  /// a + b with the rounding error, for any a and b.
  @inlinable @inline(__always)
  public static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let s = a + b
    let part = s - a
    return DoubleDouble(high: s, low: (a - (s - part)) + (b - part))
  }

  /// a + b with the rounding error, for |a| ≥ |b|.
  @inlinable @inline(__always)
  static func fastSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let s = a + b
    return DoubleDouble(high: s, low: b - (s - a))
  }

  /// a·b with the rounding error.
  @inlinable @inline(__always)
  public static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let p = a * b
    return DoubleDouble(high: p, low: (-p).addingProduct(a, b))
  }

  @inlinable @inline(__always)
  public static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let s = sum(a.high, b.high)
    let t = sum(a.low, b.low)
    let v = fastSum(s.high, s.low + t.high)
    return fastSum(v.high, t.low + v.low)
  }

  @inlinable @inline(__always)
  public static func + (a: DoubleDouble, b: Double) -> DoubleDouble {
    let s = sum(a.high, b)
    return fastSum(s.high, s.low + a.low)
  }

  @inlinable @inline(__always)
  public static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(high: -a.high, low: -a.low) }

  @inlinable @inline(__always)
  public static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  @inlinable @inline(__always)
  public static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let p = product(a.high, b.high)
    let cross = (a.high * b.low).addingProduct(a.low, b.high)
    return fastSum(p.high, p.low + cross)
  }

  @inlinable @inline(__always)
  public static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
    let p = product(a.high, b)
    return fastSum(p.high, p.low.addingProduct(a.low, b))
  }

  @inlinable
  public static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    // Infinite, NaN or zero: the remainders below would only spoil it.
    guard first.isFinite && first != 0 else { return DoubleDouble(first) }
    var remainder = a - b * first
    let second = remainder.high / b.high
    remainder = remainder - b * second
    let third = remainder.high / b.high
    return fastSum(first, second) + third
  }

  @inlinable
  public static func / (a: DoubleDouble, b: Double) -> DoubleDouble { a / DoubleDouble(b) }

  @inlinable @inline(__always)
  public static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }

  @inlinable @inline(__always)
  public static func += (a: inout DoubleDouble, b: Double) { a = a + b }

  @inlinable @inline(__always)
  public static func -= (a: inout DoubleDouble, b: DoubleDouble) { a = a - b }

  /// √a by one Newton step on the `Double` root (Karp and Markstein 1997); 0 for 0, NaN below.
  public func squareRoot() -> DoubleDouble {
    guard high > 0 && high.isFinite else { return DoubleDouble(high.squareRoot()) }
    let root = high.squareRoot()
    let remainder = self - DoubleDouble.product(root, root)
    return DoubleDouble.fastSum(root, remainder.high / (2 * root))
  }
}

extension DoubleDouble: Comparable {
  @inlinable
  public static func < (a: DoubleDouble, b: DoubleDouble) -> Bool { a.high < b.high || (a.high == b.high && a.low < b.low) }
}
