import Detection
import Testing

@testable import Reporting

@Suite struct FiguresTests {
  @Test func `thousands are grouped`() {
    #expect(Figures.count(203_254) == "203,254")
    #expect(Figures.count(999) == "999")
    #expect(Figures.count(-1000) == "-1,000")
  }

  @Test func `no digit beyond what the interval supports`() {
    let wide = Effect(value: 6.2345, low: 4.8123, high: 7.5321, unit: "points")
    #expect(Figures.effect(wide, .en) == "+6.2 points (95% interval 4.8 to 7.5)")
    let narrow = Effect(value: 0.06521, low: 0.0421, high: 0.0879, unit: "points")
    #expect(Figures.effect(narrow, .zhHans) == "+0.065 分（95% 区间 0.042 至 0.088）")
    let open = Effect(value: -12.3456, unit: "points")
    #expect(Figures.effect(open, .en) == "-12.3 points")
    // An interval of no width must not be an excuse for eight decimals.
    #expect(
      Figures.effect(Effect(value: -2, low: -2, high: -2 + 1e-9, unit: "points"), .en) == "-2.00 points (95% interval -2.00 to -2.00)")
  }

  @Test func `shares and ratios are told as a reader would tell them`() {
    let share = Effect(value: 0.803, low: 0.711, high: 0.871, unit: "share")
    #expect(Figures.effect(share, .en) == "+80.3 percentage points (95% interval 71.1 to 87.1)")
    #expect(Figures.effect(share, .zhHans) == "+80.3 个百分点（95% 区间 71.1 至 87.1）")
    let flat = Effect(value: 0.0284, low: 0.0222, high: 0.0362, unit: "ratio")
    #expect(Figures.effect(flat, .en) == "2.84% of the usual (95% interval 2.22% to 3.62%)")
    let wide = Effect(value: 1.82, low: 1.57, high: 2.11, unit: "ratio")
    #expect(Figures.effect(wide, .en) == "1.82 times the usual (95% interval 1.57 to 2.11)")
    #expect(Figures.effect(wide, .zhHans) == "为通常水平的 1.82 倍（95% 区间 1.57 至 2.11）")
    #expect(Figures.detectable(0.848, unit: "ratio").en == "a spread of 85% of the usual")
    #expect(Figures.detectable(13.23, unit: "points").zh == "若相差 13 分")
  }

  @Test func `what is counted is told as a count`() {
    #expect(Figures.effect(Effect(value: 1360, unit: "cells"), .en) == "1,360 results on single criteria")
    #expect(Figures.effect(Effect(value: 4, unit: "criteria"), .en) == "4 criteria")
    #expect(Figures.effect(Effect(value: 1, unit: "criteria"), .en) == "1 criterion")
    #expect(Figures.effect(Effect(value: 2, unit: "parts"), .zhHans) == "2 个部分")
    #expect(Figures.isCount("sheets") && !Figures.isCount("points"))
  }

  @Test func `chances are told in whole campaigns`() {
    #expect(Figures.chance(1.0 / 3217, .en) == "1 in 3,200")
    #expect(Figures.chance(1 / 138_461.0, .en) == "1 in 140,000")
    #expect(Figures.chance(0.05, .en) == "1 in 20")
    #expect(Figures.chance(1e-9, .zhHans) == "不到百万分之一")
    #expect(Figures.chance(0, .en) == "less than 1 in 1,000,000")
  }

  @Test func `lines are told as runs`() {
    #expect(Figures.rows([14, 12, 15, 16, 16], limit: 10, .en) == "12, 14–16")
    #expect(Figures.rows([1, 3, 5, 6, 9], limit: 2, .en) == "1, 3 and 3 more")
    #expect(Figures.rows([1, 3, 5, 6, 9], limit: 2, .zhHans) == "1、3，另有 3 行")
  }
}
