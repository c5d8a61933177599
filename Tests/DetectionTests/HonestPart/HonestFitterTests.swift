import Foundation
import Scores
import Simulation
import Testing

@testable import Detection

/// The fit against its own formulas, computed the slow way.
@Suite struct HonestFitterTests {
  /// 12 raters, 18 units, 4 criteria, 4 raters a unit; some wild sheets so that the weights are not all 1.
  static let study = Result {
    var plan = CampaignPlan(
      raters: 12, units: 18, criteria: 4, teamSize: 3, groups: 3, design: .crossed(ratersPerUnit: 4),
      planted: [.init(.random, .number(1)), .init(.favourPair, .number(2)), .init(.lenient, .number(1))])
    plan.mean = 55
    return try Study(table: Simulator.run(plan, seed: 2).table(), campaign: Simulated.declared)
  }

  /// x with A x = b for every column b, by Gaussian elimination with partial pivoting.
  static func solve(_ matrix: [[Double]], _ columns: [[Double]]) -> [[Double]] {
    let n = matrix.count
    var a = matrix
    var b = (0..<n).map { i in columns.map { $0[i] } }
    for k in 0..<n {
      let pivot = (k..<n).max { abs(a[$0][k]) < abs(a[$1][k]) }!
      a.swapAt(k, pivot)
      b.swapAt(k, pivot)
      for i in 0..<n where i != k && a[i][k] != 0 {
        let factor = a[i][k] / a[k][k]
        for j in k..<n { a[i][j] -= factor * a[k][j] }
        for j in columns.indices { b[i][j] -= factor * b[k][j] }
      }
    }
    return columns.indices.map { j in (0..<n).map { b[$0][j] / a[$0][$0] } }
  }

  /// Best linear unbiased predictions b = σ² Z′ V⁻¹ (y − μ) with V = σᵤ² ZᵤZᵤ′ + σ² ZZ′ + σₛ² W⁻¹ and μ by generalised least squares (Henderson 1975),
  /// and the roots of their prediction error variances.
  static func denseSeverities(_ study: Study, _ fit: HonestFit) -> (effects: [Double], errors: [Double]) {
    let layout = study.layout
    let n = layout.sheetCount
    var v = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0..<n {
        if layout.sheetUnit[i] == layout.sheetUnit[j] { v[i][j] += fit.unitSD * fit.unitSD }
        if layout.sheetRater[i] == layout.sheetRater[j] { v[i][j] += fit.raterSD * fit.raterSD }
      }
      let h = fit.unitNoise[Int(layout.sheetUnit[i])]
      v[i][i] += fit.sheetMeanSD * fit.sheetMeanSD * fit.raterNoise[Int(layout.sheetRater[i])] * h * h / fit.weight[i]
    }
    let ones = [Double](repeating: 1, count: n)
    let indicators = (0..<layout.raterCount).map { r in (0..<n).map { Int(layout.sheetRater[$0]) == r ? 1.0 : 0 } }
    let solved = solve(v, [ones, fit.level] + indicators)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let information = dot(ones, solved[0])
    let mean = dot(ones, solved[1]) / information
    let variance = fit.raterSD * fit.raterSD
    var effects: [Double] = []
    var errors: [Double] = []
    for r in 0..<layout.raterCount {
      let p = solved[r + 2]
      effects.append(variance * (dot(p, fit.level) - mean * dot(p, ones)))
      let reduction = dot(p, indicators[r]) - dot(p, ones) * dot(p, ones) / information
      errors.append((variance - variance * variance * reduction).squareRoot())
    }
    return (effects, errors)
  }

  @Test func `severities are best linear unbiased predictions at the fit's weights`() throws {
    let study = try Self.study.get()
    let fit = try #require(study.fit)
    let dense = Self.denseSeverities(study, fit)
    // The last round's variances were still moving a little when its severities were solved for.
    let tolerance = 0.02 * fit.sheetMeanSD + 2 * fit.lastChange * fit.sheetMeanSD
    #expect(fit.lastChange < 0.05)
    for r in dense.effects.indices {
      #expect(abs(fit.raterEffect[r] - dense.effects[r]) < tolerance, "\(r): \(fit.raterEffect[r]), \(dense.effects[r])")
      let error = try #require(fit.raterError[r])
      #expect(abs(error / dense.errors[r] - 1) < 0.05, "\(r): \(error), \(dense.errors[r])")
    }
    // The test can tell: severities are many times the tolerance.
    #expect(dense.effects.contains { abs($0) > 20 * tolerance })
  }

  /// Mean over the sheet's criteria of score − severity − mean of the same over the unit's other sheets, the sheet itself nowhere in it.
  static func residualWithout(_ s: Int, _ study: Study, _ fit: HonestFit) -> Double {
    let layout = study.layout
    let u = Int(layout.sheetUnit[s])
    func adjusted(_ o: Int, _ t: Int) -> Double {
      let r = Int(layout.sheetRater[t])
      let k = Int(layout.criterion[o])
      return study.adjustedScores[o] - fit.raterEffect[r]
        - (fit.raterCriterion.isEmpty ? 0 : fit.raterCriterion[r * layout.criterionCount + k])
    }
    var sum = 0.0
    var count = 0.0
    for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
      var total = 0.0
      var precision = 0.0
      for t in layout.unitSheetStart[u]..<layout.unitSheetStart[u + 1] where t != s {
        for q in layout.sheetStart[t]..<layout.sheetStart[t + 1] where layout.criterion[q] == layout.criterion[o] {
          let p = fit.weight[t] / fit.raterNoise[Int(layout.sheetRater[t])]
          total += p * adjusted(q, t)
          precision += p
        }
      }
      guard precision > 0 else { continue }
      sum += adjusted(o, s) - total / precision
      count += 1
    }
    return sum / count
  }

  /// The residual against the others' cell means, divided by 1 − leverage, the sheet's share in its rater's severity.
  @Test func `residuals leave their own sheet out of cell means and severity`() throws {
    let study = try Self.study.get()
    let fit = try #require(study.fit)
    let layout = study.layout
    #expect(fit.unitNoise.allSatisfy { $0 == 1 })
    let direct = (0..<layout.sheetCount).map { Self.residualWithout($0, study, fit) }
    // 1 − leverage, as the fit used it; the variance before it was raised is `variance · (1 − leverage)`.
    let rest = direct.indices.map { direct[$0] / fit.residual[$0] }
    var information = [Double](repeating: 1 / (fit.raterSD * fit.raterSD), count: layout.raterCount)
    for s in direct.indices { information[Int(layout.sheetRater[s])] += fit.weight[s] / (fit.variance[s] * rest[s]) }
    for s in direct.indices {
      let leverage = fit.weight[s] / (fit.variance[s] * rest[s]) / information[Int(layout.sheetRater[s])]
      #expect(abs(rest[s] - (1 - leverage)) < 1e-9, "sheet \(s): \(rest[s]), \(1 - leverage)")
      #expect(agree(fit.standardized[s], fit.residual[s] / fit.variance[s].squareRoot(), 1e-12))
    }
  }

  @Test func `sheets missing scores are compared on what they have`() throws {
    let full = try Records(Self.study.get().table)
    var records = full
    records.rows = full.rows.enumerated().filter { $0.offset % 7 != 3 }.map(\.element)
    let study = try Study(table: records.table, campaign: Simulated.declared)
    let fit = try #require(study.fit)
    for s in 0..<study.layout.sheetCount where study.layout.comparable[s] == study.layout.sheetStart[s + 1] - study.layout.sheetStart[s] {
      let direct = Self.residualWithout(s, study, fit)
      #expect(direct / fit.residual[s] > 0 && direct / fit.residual[s] <= 1 + 1e-9, "sheet \(s)")
    }
    #expect(fit.residual.allSatisfy { $0.isFinite })
  }

  @Test func `the components of a simulated campaign are recovered`() throws {
    // 60 raters, 120 units, 10 criteria, 5 raters a unit; sheets have no error of their own.
    var plan = Preset.small.plan.honest
    plan.mean = 50
    plan.spread = ComponentSpread(unit: 8, rater: 3.5, criterion: 3, raterCriterion: 0, unitCriterion: 4, sheet: 2, noise: 4)
    let simulated = try Simulator.run(plan, seed: 4)
    let fit = try #require(Study(table: simulated.table(), campaign: Simulated.declared).fit)
    #expect(abs(fit.cellSD / 4 - 1) < 0.06, "\(fit.cellSD)")
    #expect(abs(fit.sheetSD / 2 - 1) < 0.2, "\(fit.sheetSD)")
    #expect(abs(fit.raterSD / 3.5 - 1) < 0.3, "\(fit.raterSD)")
    #expect(abs(fit.unitSD / 8 - 1) < 0.25, "\(fit.unitSD)")
    let truth = simulated.raters.sorted { $0.name < $1.name }.map { -$0.severity }
    let mean = truth.reduce(0, +) / Double(truth.count)
    let errors = truth.indices.map { (fit.raterEffect[$0] - (truth[$0] - mean)) / fit.raterError[$0]! }
    // Standardised errors: mean square about 1 (60 raters: standard error 0.18), the common shift apart.
    let shift = errors.reduce(0, +) / Double(errors.count)
    let square = errors.reduce(0) { $0 + ($1 - shift) * ($1 - shift) } / Double(errors.count - 1)
    #expect((0.5...1.6).contains(square), "\(square)")
  }

  @Test func `nothing to compare is nothing fitted`() throws {
    var records = Records()
    for u in 0..<10 { records.add("R\(u)", "County \(u)", "A", Double(u)) }
    #expect(try Study(table: records.table, campaign: Campaign()).fit == nil)
  }
}
