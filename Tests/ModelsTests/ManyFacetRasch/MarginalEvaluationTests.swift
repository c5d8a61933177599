import Foundation
import Testing

@testable import Models

@Suite struct MarginalEvaluationTests {
  /// TAM 4.3-25, `tam.mml.mfr(formulaA = ~ item + rater + step)` with 61 points from −6 to 6 and conv 1e-9. Its mean is held at zero and its criteria are not
  /// centred, so our mean is less the mean of its criteria.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func tamWorkloadT() throws {
    let oracle = try RaschOracle.read().tam
    let example = try RaschExample(RaschExample.workloadT())
    let fit = try example.model.fit(.marginal)
    #expect(isClose(fit.deviance, 2708.7304, 5e-5) && isClose(fit.deviance, oracle.deviance, 1e-6))
    #expect(isClose(fit.population!.deviation * fit.population!.deviation, oracle.variance[0][0], 1e-7))
    for level in 0..<20 {
      #expect(isClose(fit.measures(of: 0)[level], oracle.xsi["rater" + example.levels[0][level]]!, 1e-8))
    }
    let criteria = (1...6).map { oracle.xsi["C\($0)"]! }
    let centre = criteria.reduce(0, +) / 6
    for (value, criterion) in zip(fit.measures(of: 2), criteria) { #expect(isClose(value, criterion - centre, 1e-8)) }
    // The mean is where TAM's search is least finished.
    #expect(isClose(fit.population!.mean, -centre, 1e-6))
    for k in 1...6 { #expect(isClose(fit.thresholds(of: 0)[k - 1]!, oracle.xsi["step\(k)"]!, 1e-7)) }
    for (i, mean) in oracle.people.eap.enumerated() {
      #expect(isClose(fit.measures(of: 1)[i], mean - centre, 1e-6))
      #expect(isClose(fit.standardErrors(of: 1)[i], oracle.people.deviation[i], 1e-6))
    }
    #expect(isClose(fit.posteriorReliability!, oracle.reliability, 1e-7))
  }

  /// The adaptive points against 121 fixed ones, the model written out.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func naiveDeviance121Points() throws {
    let example = try RaschExample(RaschExample.workloadT())
    let model = example.model
    let fit = try model.fit(.marginal)
    let naive = NaiveRasch.deviance(
      model, points: (0..<121).map { -6 + 0.1 * Double($0) }, variance: fit.population!.deviation * fit.population!.deviation,
      severity: { i in
        fit.measures(of: 0)[Int(model.facets[0].codes[i])] + fit.measures(of: 2)[Int(model.facets[2].codes[i])] - fit.population!.mean
      }, thresholds: { _ in fit.thresholds(of: 0).map { $0! } })
    #expect(isClose(fit.deviance, naive, 2e-7))
  }

  /// TAM 4.3-25 with 21 points from −6 to 6 on 6,000 responses, 50 a unit. Such units' posteriors are narrower than its grid: TAM went through 500
  /// iterations without settling and its deviance is 56 above the integral's. Our search on the same grid ends higher than TAM did.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func tamWorkloadSWithCoarseGrid() throws {
    struct Peer: Decodable {
      let severity: [String: Double]
      let deviance: Double
    }
    let data = try Data(contentsOf: SharedData.root.appending(path: "peers/data/mfrm_S_ord_clean_s1_tam.mml.json"))
    let tam = try JSONDecoder().decode(Peer.self, from: data)
    let example = try RaschExample(SharedData.columns("peers/data/S_ord_clean_s1.csv"))
    let fit = try example.model.fit(
      .marginal, options: RaschOptions(leavesUncentred: 2, grid: (0..<21).map { -6 + 0.6 * Double($0) }))
    let exact = try example.model.fit(.marginal)
    #expect(fit.deviance < tam.deviance && exact.deviance < fit.deviance && fit.account.maximumGradient < 1e-8)
    #expect(isClose(exact.deviance, 16430.2410, 1e-3) && isClose(tam.deviance - exact.deviance, 56.6, 0.1))
    func farthest(_ fit: ManyFacetRaschFit) -> Double {
      tam.severity.map { abs($0.value - fit.measures(of: 0)[example.level($0.key, 0)]) }.max()!
    }
    #expect(farthest(fit) < 0.04 && farthest(exact) < 0.12)
  }

  /// TAM 4.3-25, partial credit by criterion, its default 21 points from −6 to 6 and its default tolerance of 1e-4. At TAM's own estimates our likelihood on its
  /// grid is its deviance to all digits it gives; on that grid the maximum lies 7e-5 higher and the estimates a few 1e-4 away.
  @Test(.enabled(if: SharedData.isPresent, "the shared data are not there")) func tamRatings1() throws {
    try compare("mfrm_ratings1", criteria: ["k1", "k2", "k3", "k4", "k5"], tolerance: 4e-4)
  }

  /// ConQuest's example 3, in optimised builds only: 6,877 units take a minute otherwise.
  @Test(.enabled(if: SharedData.isPresent && !isDebugBuild, "the shared data are not there, or the build is not optimised"))
  func tamConquestExample3() throws { try compare("mfrm_conquest_ex3", criteria: ["OP", "TF"], tolerance: 4e-4) }

  private func compare(_ folder: String, criteria: [String], tolerance: Double) throws {
    let tam = try ExpectedRasch.read(folder)
    let xsi = Dictionary(uniqueKeysWithValues: tam.rest.map { ($0.parameter, $0.xsi) })
    let example = try RaschExample(SharedData.columns("datasets/\(folder)/data.csv"), scales: .each(facet: 2))
    let model = example.model
    let grid = (0..<21).map { -6 + 0.6 * Double($0) }
    let steps = criteria.map { name in (1...model.steps).map { xsi["step\($0)"]! + xsi["\(name):step\($0)"]! } }
    let atTheirs = NaiveRasch.deviance(
      model, points: grid, variance: tam.variance,
      severity: { i in
        tam.rater[example.levels[0][Int(model.facets[0].codes[i])]]!.severity + xsi[criteria[Int(model.facets[2].codes[i])]]!
      }, thresholds: { steps[Int(model.facets[2].codes[$0])] })
    #expect(isClose(atTheirs, tam.deviance, 2e-7 * tam.deviance))

    let fit = try model.fit(.marginal, options: RaschOptions(leavesUncentred: 2, grid: grid))
    #expect(fit.deviance <= tam.deviance && isClose(fit.deviance, tam.deviance, 1e-3))
    for (name, rater) in tam.rater { #expect(isClose(fit.measures(of: 0)[example.level(name, 0)], rater.severity, tolerance)) }
    for (c, name) in criteria.enumerated() {
      #expect(isClose(fit.measures(of: 2)[c], xsi[name]!, tolerance))
      for k in 0..<model.steps { #expect(isClose(fit.thresholds(of: c)[k]!, steps[c][k], 5 * tolerance)) }
    }
    #expect(relativeError(fit.population!.deviation * fit.population!.deviation, tam.variance) < 2e-3)
    #expect(isClose(fit.posteriorReliability!, tam.reliability, 1e-4))

    // The integral itself, not the grid: a higher likelihood, and a wider distribution than the grid has room for.
    let exact = try model.fit(.marginal)
    #expect(exact.deviance < tam.deviance && exact.population!.deviation > fit.population!.deviation)
  }

  /// At the maximum a step in any direction lowers the likelihood, computed on a fine grid.
  @Test func noBetterNeighbour() throws {
    let example = try RaschExample(RaschExample.guilford)
    let model = example.model
    let fit = try model.fit(.marginal)
    let points = (0..<401).map { -10 + 0.05 * Double($0) }
    func deviance(_ change: (inout [Double], inout [Double], inout Double) -> Void) -> Double {
      var severities = fit.measures(of: 0)
      var thresholds = fit.thresholds(of: 0).map { $0! }
      var variance = fit.population!.deviation * fit.population!.deviation
      change(&severities, &thresholds, &variance)
      return NaiveRasch.deviance(
        model, points: points, variance: variance,
        severity: {
          severities[Int(model.facets[0].codes[$0])] + fit.measures(of: 2)[Int(model.facets[2].codes[$0])] - fit.population!.mean
        },
        thresholds: { _ in thresholds })
    }
    let best = deviance { _, _, _ in }
    #expect(isClose(best, fit.deviance, 1e-7))
    for sign in [-0.02, 0.02] {
      #expect(deviance { severities, _, _ in severities[1] += sign } > best)
      #expect(deviance { _, thresholds, _ in thresholds[2] += sign } > best)
      #expect(deviance { _, _, variance in variance *= 1 + sign } > best)
    }
  }

  /// 0 and 1 by four raters (three in the last), a digit a unit, bit j the score of rater j; simulated with abilities of these standard deviations.
  static let marks = [
    "1008cc18ecd81ea0e44045e1de01cb4c9e970452be8c0990dc74e480face",  // 1.2
    "c00f8f4405f97fd080040b00ff7df7d0901051f05ffffff0120610f00009",  // 2.5
    "f0f4e000070ff0f70ff7b0e0d6fff725e0f00ff40fc00ffff790383f7467",  // 4
    "3031677337006257036000760770070407751770",  // 2.5
  ]

  /// Marks 0 and g have the likelihood of 0 and 1, with all measures g times smaller. Deviance and standard deviation: the model of 0 and 1 written out with
  /// 4,001 points in numpy 2.4.6, at its maximum by scipy 1.17.1's BFGS.
  @Test(arguments: [0, 1, 2, 3], [2, 3, 5, 10]) func scoresFarApart(_ table: Int, _ gap: Int) throws {
    func fit(_ gap: Int) throws -> ManyFacetRaschFit {
      var columns: [String: [String]] = ["rater": [], "unit": [], "score": []]
      for (u, digit) in Self.marks[table].enumerated() {
        for r in 0..<(table == 3 ? 3 : 4) {
          columns["rater"]!.append("r\(r)")
          columns["unit"]!.append("u\(u)")
          columns["score"]!.append(String((digit.hexDigitValue! >> r & 1) * gap))
        }
      }
      return try RaschExample(columns, facets: ["rater", "unit"]).model.fit(.marginal)
    }
    let (near, far) = (try fit(1), try fit(gap))
    let g = Double(gap)
    #expect(isClose(far.deviance, [309.1624747, 249.3888764, 246.0074231, 140.3685636][table], 1e-6))
    #expect(isClose(far.population!.deviation * g, [0.663482, 3.278810, 3.439368, 2.720762][table], 1e-5))
    #expect(isClose(far.deviance, near.deviance, 1e-8))
    #expect(isClose(far.population!.deviation * g, near.population!.deviation, 1e-7))
    #expect(isClose(far.posteriorReliability!, near.posteriorReliability!, 1e-8))
    for facet in 0...1 {
      for (a, b) in zip(far.measures(of: facet), near.measures(of: facet)) { #expect(isClose(a * g, b, 1e-7)) }
      for (a, b) in zip(far.standardErrors(of: facet), near.standardErrors(of: facet)) { #expect(isClose(a * g, b, 1e-7)) }
    }
  }

  /// A score between that nobody gave, or only once, so that thresholds are strongly disordered: two marks a unit from −2, −1, 1, 2, against 4,001 points, the
  /// model written out.
  @Test(arguments: [false, true]) func unusedScoreBetween(_ once: Bool) throws {
    var columns: [String: [String]] = ["rater": [], "unit": [], "score": []]
    for u in 0..<24 {
      for r in 0..<3 where (u + r) % 4 > 0 {
        let mark = [-2, -2, -1, 1, 1, 2, -1, -2, 2, 1, -2, -2, 1][(u * 5 + r * (u % 3)) % 13]
        columns["rater"]!.append("r\(r)")
        columns["unit"]!.append("u\(u)")
        columns["score"]!.append(String(once && u == 2 && r == 1 ? 0 : mark))
      }
    }
    let model = try RaschExample(columns, facets: ["rater", "unit"]).model
    let fit = try model.fit(.marginal)
    let population = fit.population!
    let cumulative = fit.values.cumulative
    let severities = fit.measures(of: 0)
    var naive = 0.0
    for u in 0..<24 {
      var sum = 0.0
      for q in 0..<4001 {
        let z = -10 + 0.005 * Double(q)
        let theta = population.mean + population.deviation * z
        var product = 0.005 * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        for i in model.scores.indices where Int(model.facets[1].codes[i]) == u {
          let eta = theta - severities[Int(model.facets[0].codes[i])]
          let terms = cumulative.enumerated().map { exp(Double($0.offset) * eta - $0.element) }
          product *= terms[Int(model.scores[i]) - model.lowest] / terms.reduce(0, +)
        }
        sum += product
      }
      naive -= 2 * log(sum)
    }
    #expect(isClose(fit.deviance, naive, 1e-8))
  }

  /// A Latin square of marks: every unit has the same total, less variance than chance alone would give.
  @Test func noUnitVariance() throws {
    var columns: [String: [String]] = ["rater": [], "unit": [], "criterion": [], "score": []]
    for unit in 0..<5 {
      for rater in 0..<3 {
        for criterion in 0..<5 {
          columns["rater"]!.append("r\(rater)")
          columns["unit"]!.append("u\(unit)")
          columns["criterion"]!.append("c\(criterion)")
          columns["score"]!.append(String((unit + rater + criterion) % 5))
        }
      }
    }
    let example = try RaschExample(columns)
    #expect(throws: RaschError.noUnitVariance) { try example.model.fit(.marginal) }
  }
}

let isDebugBuild: Bool = {
  var debug = false
  assert({ debug = true }() == ())
  return debug
}()
