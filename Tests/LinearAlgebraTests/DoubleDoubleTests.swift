import Foundation
import Testing

@testable import LinearAlgebra

@Suite struct DoubleDoubleTests {
  private static let third = DoubleDouble(1) / DoubleDouble(3)

  @Test func errorFreeTransformations() {
    let sum = DoubleDouble.sum(1e16, 1.25)
    #expect(sum.high == 1e16 + 1.25 && sum.high - 1e16 + sum.low == 1.25)
    // (2²⁷ + 1)² = 2⁵⁴ + 2²⁸ + 1 needs 55 bits.
    let square = DoubleDouble.product(134_217_729, 134_217_729)
    #expect(square.high == 0x1p54 + 0x1p28 && square.low == 1)
  }

  /// 1/3, √2 and 1/√2 to 31 digits, as high and low part (mpmath 1.4.1).
  @Test func knownConstants() {
    #expect(Self.third.high == 0.3333333333333333 && abs(Self.third.low - 1.850371707708594e-17) < 1e-32)
    let root = DoubleDouble(2).squareRoot()
    #expect(root.high == 1.4142135623730951 && abs(root.low + 9.667293313452913e-17) < 3e-32)
    let inverse = DoubleDouble(1) / root
    #expect(inverse.high == 0.7071067811865476 && abs(inverse.low + 4.8336466567264567e-17) < 1e-32)
  }

  @Test func fieldLaws() {
    let x = DoubleDouble(high: 1.1, low: 3e-17)
    let y = DoubleDouble(high: -7.3e5, low: 2e-11)
    func close(_ a: DoubleDouble, _ b: DoubleDouble) -> Bool { abs((a - b).high) <= 1e-30 * abs(b.high) }
    #expect(close((x + y) - y, x) || abs(((x + y) - y - x).high) < 1e-26)
    #expect(close(x * y / y, x) && close(x * 3 / 3, x) && close(x * (y + Self.third), x * y + x * Self.third))
    #expect(close(x.squareRoot() * x.squareRoot(), x) && x + y == y + x && x * y == y * x)
    #expect(-y > x && DoubleDouble(high: 1, low: 1e-20) > DoubleDouble(1))
  }

  @Test func ends() {
    #expect(
      (DoubleDouble(1) / .zero).high == .infinity && (DoubleDouble.zero / .zero).high.isNaN && DoubleDouble.zero.squareRoot() == .zero)
    #expect(DoubleDouble(-1).squareRoot().high.isNaN)
  }

  /// A decimal is found again: ten times 0.1 is 1 to 30 digits, and thirteen constant digits do not hide the rest.
  @Test func decimals() {
    let tenth = DoubleDouble.values([0.1], reading: .decimal)[0]
    #expect(abs(((tenth * 10) - DoubleDouble(1)).high) < 1e-31)
    let x = DoubleDouble.values([1_000_000_000_000.4, 1_000_000_000_000.3, -0.25, 3e-20], reading: .decimal)
    #expect(abs((x[0] - x[1] - tenth).high) < 1e-19 && x[2] == DoubleDouble(-0.25) && x[3].high == 3e-20)
    // The result of a computation is not a decimal of 15 digits and stays what it is.
    #expect(DoubleDouble.values([0.1 + 0.2, .pi], reading: .decimal).allSatisfy { $0.low == 0 })
    #expect(DoubleDouble.values([0.1], reading: .binary)[0].low == 0)
    #expect(
      DoubleDouble.values([.infinity, 1e300, Double.leastNonzeroMagnitude], reading: .decimal).map(\.high) == [
        .infinity, 1e300, Double.leastNonzeroMagnitude,
      ])
  }
}
