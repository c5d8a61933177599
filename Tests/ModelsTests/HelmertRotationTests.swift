import Testing

@testable import Models

@Suite struct HelmertRotationTests {
  @Test(arguments: [2, 3, 7]) func sheetsAreTurnedThereAndBack(_ size: Int) {
    let scores = (0..<3 * size).map { Double(($0 * 37) % 11) }
    let rotation = HelmertRotation(size: size)
    let turned = rotation.rotate(scores, centre: 2)
    for s in 0..<3 {
      let sheet = scores[s * size..<(s + 1) * size].map { $0 - 2 }
      let lengths = (sheet.reduce(0) { $0 + $1 * $1 }, turned.reduce(0) { $0 + $1[s] * $1[s] })
      #expect(abs(lengths.0 - lengths.1) < 1e-9)
      #expect(abs(turned[0][s] - sheet.reduce(0, +) / Double(size).squareRoot()) < 1e-12)
      for (a, b) in zip(rotation.turnedBack { turned[$0][s] }, sheet) { #expect(abs(a - b) < 1e-12) }
    }
  }

  /// With a rotation that is written out, so many criteria would need 80 GB.
  @Test func aHundredThousandCriteria() {
    let rotation = HelmertRotation(size: 100_000)
    let values = rotation.turnedBack { $0 == 0 ? 100_000.0.squareRoot() : 0 }
    #expect(values.allSatisfy { abs($0 - 1) < 1e-12 })
  }

  /// A column of numbers taken for criteria by mistake must not stop a screen: the fit grows with the scores, here 40,000.
  @Test func sheetsOfTenThousandCriteria() throws {
    let criteria = 10_000
    let scores = (0..<4 * criteria).map { Double(($0 * 7919) % 97 % 10) }
    let model = try SheetModel(
      scores: scores, criteria: criteria, units: GroupingFactor("unit", codes: [0, 0, 1, 1], levels: 2),
      raters: GroupingFactor("rater", codes: [0, 1, 0, 1], levels: 2))
    let fit = try model.fit()
    let mean = fit.criterionMeans.reduce(0) { $0 + $1.estimate } / Double(criteria)
    #expect(abs(mean - scores.reduce(0, +) / Double(scores.count)) < 1e-6)
  }
}
