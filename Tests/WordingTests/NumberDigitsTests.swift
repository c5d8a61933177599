import Testing
import Wording

@Suite struct NumberDigitsTests {
  /// Expected texts: Python 3.11 `format(Decimal(repr(x)), '.6g')` with trailing zeros and exponent padding removed, ties away from zero.
  @Test(
    arguments: [
      (0.1 + 0.2, "0.3"), (1.0 / 3, "0.333333"), (2.0 / 3, "0.666667"), (123456.7, "123457"), (1_234_567, "1234570"), (0, "0"),
      (-0.0, "0"), (3e-8, "3e-8"), (1.23456789e-10, "1.23457e-10"), (0.000012345678, "0.0000123457"), (999999.5, "1000000"),
      (9.9999999, "10"), (-6.25, "-6.25"), (1e300, "1e300"), (.leastNonzeroMagnitude, "5e-324"), (1e14, "100000000000000"), (1e15, "1e15"),
      (1e16, "1e16"),
      (237721.7688, "237722"),
    ] as [(Double, String)]) func `six significant digits`(x: Double, expected: String)
  {
    #expect(NumberText.significant(x, digits: 6) == expected)
  }

  @Test(
    arguments: [
      (6.2, 2, "6.20"), (0.065, 3, "0.065"), (0.005, 2, "0.01"), (0.0049, 2, "0.00"), (-0.001, 2, "0.00"), (1234.5, 0, "1235"),
      (99.96, 1, "100.0"),
      (-12.345, 1, "-12.3"), (1e-7, 3, "0.000"), (7, 1, "7.0"),
    ] as [(Double, Int, String)]) func `fixed places`(x: Double, places: Int, expected: String)
  {
    #expect(NumberText.fixed(x, places: places) == expected)
  }

  @Test func `what is not a number has no text`() {
    #expect(NumberText.significant(.nan, digits: 6) == nil)
    #expect(NumberText.significant(-.infinity, digits: 6) == nil)
    #expect(NumberText.fixed(.infinity, places: 2) == nil)
  }

  /// Reading a rounded text back differs from the number by no more than half a unit of the last digit kept.
  @Test func `rounding error is at most half a unit`() throws {
    var x = 1.0e-12
    while x < 1e12 {
      let text = try #require(NumberText.significant(x, digits: 6))
      let back = try #require(Double(text))
      #expect(abs(back - x) <= 0.5000001e-5 * x)
      x *= 1.7320508
    }
  }
}
