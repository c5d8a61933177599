import Scores
import Simulation
import Statistics
import Testing

@testable import Detection

@Suite struct CriterionScaleTests {
  /// Scores of 6 raters on 60 units, noise of standard deviation `noise[k]` on criterion k.
  static func layout(noise: [Double], campaign: Campaign = Campaign()) -> (Layout, [Double], ScaleSteps) {
    var records = Records()
    var random = RandomStream(seed: 12)
    for u in 10..<70 {
      for (k, sd) in noise.enumerated() {
        let merit = 20 * sd * random.normal()
        for r in 0..<6 { records.add("R\(r)", "County \(u)", "C\(k)", merit + sd * random.normal()) }
      }
    }
    let (layout, scores) = Layout.make(of: records.table)
    return (layout, scores, ScaleSteps(table: records.table, campaign: campaign))
  }

  @Test func `full marks of 5, 10, 15 and 100 come to equal noise`() {
    let noise = [0.2, 0.4, 0.6, 4.0]
    let (layout, scores, steps) = Self.layout(noise: noise)
    let scale = CriterionScale.estimate(layout, scores, steps)
    let common = noise.indices.map { noise[$0] * scale.toCommon[$0] }
    for value in common { #expect(abs(value / common[0] - 1) < 0.2, "\(common)") }
    #expect(scale.noise == [1, 1, 1, 1])
    // The geometric mean of the factors is 1: common points stay of the order of points.
    #expect(abs(scale.toCommon.reduce(1, *) - 1) < 1e-9)
  }

  @Test func `one scale with a noisier criterion stays one scale`() {
    let (layout, scores, steps) = Self.layout(noise: [1, 1, 2])
    let scale = CriterionScale.estimate(layout, scores, steps)
    #expect(scale.toCommon == [1, 1, 1])
    #expect(abs(scale.noise[2] / scale.noise[0] / 2 - 1) < 0.2, "\(scale.noise)")
  }

  /// Marks cut off at an end scatter less, and are not of another scale for it.
  @Test func `criteria of one declared scale stay one scale`() {
    var campaign = Campaign()
    campaign.scale = Scale(minimum: -400, maximum: 400, step: 0)
    let (layout, scores, steps) = Self.layout(noise: [1, 4], campaign: campaign)
    let scale = CriterionScale.estimate(layout, scores, steps)
    #expect(scale.toCommon == [1, 1])
    #expect(abs(scale.noise[1] / scale.noise[0] / 4 - 1) < 0.2, "\(scale.noise)")
  }

  @Test func `a campaign with mixed full marks is as good as one with equal ones`() throws {
    let plan = Preset.fullMarks.plan.honest
    let study = try Study(table: Simulator.run(plan, seed: 6).table(), campaign: Campaign())
    let fit = try #require(study.fit)
    let layout = study.layout
    // Residuals of single scores by criterion, in common points, scatter alike.
    var squares = [Double](repeating: 0, count: layout.criterionCount)
    var count = squares
    CellResiduals.forEach(layout: layout, y: study.commonScores, fit: fit) { o, _, residual, sd in
      squares[Int(layout.criterion[o])] += residual * residual / (sd * sd)
      count[Int(layout.criterion[o])] += 1
    }
    for k in squares.indices {
      #expect((0.5...1.6).contains(squares[k] / count[k]), "\(study.table.criteria[k]): \(squares[k] / count[k])")
    }
    // What one point on full marks of 5 is worth against one on 100: about 20 times, as the noise is.
    let factors = fit.criterionScale
    #expect(abs(factors.max()! / factors.min()! / 20 - 1) < 0.5, "\(factors)")
  }

  @Test func `no comparison, no scale`() {
    var records = Records()
    records.add("R1", "County A", "C1", 5)
    records.add("R1", "County A", "C2", 50)
    let (layout, scores) = Layout.make(of: records.table)
    let steps = ScaleSteps(table: records.table, campaign: Campaign())
    #expect(CriterionScale.estimate(layout, scores, steps).toCommon == [1, 1])
  }
}
