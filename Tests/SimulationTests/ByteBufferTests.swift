import Testing

@testable import Simulation

@Suite struct ByteBufferTests {
  static func number(_ value: Double, _ decimals: Int) -> String {
    var buffer = ByteBuffer(capacity: 16)
    buffer.append(value, decimals: decimals)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  @Test func numbersHaveNoMoreDecimalsThanTheyNeed() {
    #expect(Self.number(0, 1) == "0")
    #expect(Self.number(72.5, 1) == "72.5")
    #expect(Self.number(100, 1) == "100")
    #expect(Self.number(-0.00049, 3) == "0")
    #expect(Self.number(-10, 3) == "-10")
    #expect(Self.number(-1.05, 6) == "-1.05")
    #expect(Self.number(0.1 + 0.2, 1) == "0.3")
  }

  @Test func fieldsAreQuotedWhenTheyMustBe() {
    func field(_ text: String) -> String { String(decoding: ByteBuffer.field(text), as: UTF8.self) }
    #expect(field("甲县") == "甲县")
    #expect(field("") == "")
    #expect(field("A, B") == "\"A, B\"")
    #expect(field("the \"best\"") == "\"the \"\"best\"\"\"")
    #expect(field("two\nlines") == "\"two\nlines\"")
    #expect(field(" padded") == "\" padded\"")
  }

  @Test func roundMarksAreStepsOfTheScale() {
    #expect(MarkScale.hundred.heap == 5)
    #expect(MarkScale.full(5).heap == 0.5)
    #expect(MarkScale.full(10).heap == 0.5)
    #expect(MarkScale.full(15).heap == 1)
    #expect(MarkScale.hundred.snap(99.9, ceiling: 0.951) == 95)
  }
}
