import Scores
import Simulation
import Testing

@testable import Detection

@Suite struct RaterProfileOutlierTests {
  static let honest = Result { Records(try Simulated.campaign([], seed: 7).table()) }

  static func tests(_ records: Records, _ campaign: Campaign = Simulated.declared) throws -> ClaimTests {
    try #require(ClaimTests(RaterProfileOutlier.self, try Study(table: records.table, campaign: campaign)))
  }

  /// `mark` put in place of the marks of `rater` on `criterion`.
  static func changed(_ records: Records, _ rater: String, _ criterion: String, _ mark: (Double) -> Double) -> Records {
    records.changed { if $0.rater.name == rater && $0.criterion == criterion { $0.score = min(100, max(0, mark($0.score))) } }
  }

  static func named(_ tests: ClaimTests) -> Set<[String]> {
    Set(
      tests.family.pValues.indices.filter { tests.family.pValues[$0] <= tests.bar }.map {
        tests.family.subjects($0).raters + tests.family.subjects($0).criteria
      })
  }

  @Test(arguments: [15.0, -15]) func `a criterion marked higher or lower throughout`(shift: Double) throws {
    let tests = try Self.tests(Self.changed(Self.honest.get(), "R11", "Criterion 3") { $0 + shift })
    #expect(Self.named(tests) == [["R11", "Criterion 3"]])
    let claim = tests.family.claim(try #require(tests.first))
    let effect = try #require(claim.effect)
    #expect(effect.low! < shift && shift < effect.high!, "\(effect)")
    #expect(claim.message.en.contains(shift > 0 ? "higher than" : "lower than") && claim.message.zh.contains(shift > 0 ? "高" : "低"))
    // A mean over 8 criteria: what is taken off each of the rater's sheets is an eighth of the effect.
    #expect(claim.corrections.count == claim.count("sheets"))
    #expect(claim.corrections.allSatisfy { abs($0.points - effect.value / 8) < 1e-9 })
    #expect(claim.scores.count == claim.corrections.count)
  }

  @Test func `a criterion marked upside down`() throws {
    let records = try Self.honest.get()
    let own = records.rows.filter { $0.rater.name == "R11" && $0.criterion == "Criterion 3" }.map(\.score)
    let mean = own.reduce(0, +) / Double(own.count)
    let tests = try Self.tests(Self.changed(records, "R11", "Criterion 3") { 2 * mean - $0 })
    #expect(Self.named(tests) == [["R11", "Criterion 3"]])
    let claim = tests.family.claim(try #require(tests.first))
    #expect(claim.message.en.contains("one point higher") && claim.message.en.contains("lower"))
    #expect(abs(claim.corrections.reduce(0) { $0 + $1.points }) < 2)
  }

  @Test func `a seventh of the raters do not hide each other`() throws {
    var records = try Self.honest.get()
    var planted: Set<[String]> = []
    for (r, k) in [(3, 1), (9, 2), (14, 2), (21, 5), (28, 7), (33, 8)] {
      let (rater, criterion) = (r < 10 ? "R0\(r)" : "R\(r)", "Criterion \(k)")
      records = Self.changed(records, rater, criterion) { $0 + 20 }
      planted.insert([rater, criterion])
    }
    #expect(Self.named(try Self.tests(records)) == planted)
  }

  @Test func `what all of a team do is nobody's`() throws {
    let campaign = try Simulator.run(Preset.nested.plan.honest, seed: 3)
    let team = try #require(campaign.raters[0].team)
    let records = Records(campaign.table()).changed {
      if $0.rater.team == team && $0.criterion == "Criterion 03" { $0.score = min(100, $0.score + 15) }
    }
    #expect(Self.named(try Self.tests(records)) == [])
  }

  /// They have no profile of their own; the rules for them say so already.
  @Test(arguments: [Anomaly.straightline, .repeatedSheet])
  func `raters who see no differences between criteria are left to other rules`(anomaly: Anomaly) throws {
    let campaign = try Simulated.campaign([.init(anomaly, .number(3))]) { $0.spread.criterion = 8 }
    let tests = try Self.tests(Records(campaign.table()))
    let planted = Set(campaign.truth.compactMap { $0.rater.map { campaign.raters[$0].name } })
    #expect(tests.family.pValues.indices.allSatisfy { planted.isDisjoint(with: tests.family.subjects($0).raters) })
    #expect(tests.family.total == campaign.raters.count - planted.count)
  }

  /// Marks at random lie apart from everybody's on some criterion, by no more than their own scatter explains.
  @Test func `marks at random are no profile`() throws {
    let campaign = try Simulated.campaign([.init(.random, .number(4))]) { $0.spread.criterion = 8 }
    #expect(Self.named(try Self.tests(Records(campaign.table()))) == [])
  }

  /// A lenient rater's marks are cut off on the criteria that nearly all do well, and not on the others.
  @Test func `an end of the scale is no profile`() throws {
    let records = try Self.honest.get()
    let lifted = records.changed {
      $0.score = min(100, $0.score + (["Criterion 2", "Criterion 6"].contains($0.criterion) ? 42 : 0) + ($0.rater.name == "R05" ? 12 : 0))
    }
    #expect(Self.named(try Self.tests(lifted)) == [])
  }

  @Test func `levels are weighted means of what the others leave`() throws {
    let study = try Study(table: Self.honest.get().table, campaign: Simulated.declared)
    let fit = try #require(study.fit)
    let layout = study.layout
    func precision(_ s: Int) -> Double {
      let h = fit.unitNoise[Int(layout.sheetUnit[s])]
      return max(fit.weight[s], 1e-9) / (fit.raterNoise[Int(layout.sheetRater[s])] * h * h * fit.panelFactor[s])
    }
    func adjusted(_ o: Int, _ s: Int) -> Double {
      let r = Int(layout.sheetRater[s])
      return study.commonScores[o] - fit.raterEffect[r] - fit.raterCriterion[r * layout.criterionCount + Int(layout.criterion[o])]
    }
    let profiles = try #require(study.profiles)
    for entry in profiles.entries.prefix(60) {
      var (sum, total) = (0.0, 0.0)
      for s in 0..<layout.sheetCount where Int(layout.sheetRater[s]) == entry.rater {
        let others = (0..<layout.sheetCount).filter { layout.sheetUnit[$0] == layout.sheetUnit[s] && $0 != s }
        // Every sheet is complete here: the same criteria at the same places.
        let residuals = (0..<layout.criterionCount).map { k in
          let weights = others.reduce(0) { $0 + precision($1) }
          return adjusted(layout.sheetStart[s] + k, s)
            - others.reduce(0) { $0 + precision($1) * adjusted(layout.sheetStart[$1] + k, $1) } / weights
        }
        let mean = residuals.reduce(0, +) / Double(residuals.count)
        let h = fit.unitNoise[Int(layout.sheetUnit[s])]
        let variance = (h * h + fit.restVariance[s]) * squared(fit.othersNoise[s] / h)
        let limit = 4 * fit.cellSD * fit.criterionNoise[entry.criterion] * variance.squareRoot()
        let own = min(max(residuals[entry.criterion] - mean, -limit), limit)
        sum += (own + fit.raterCriterion[entry.rater * layout.criterionCount + entry.criterion]) / variance
        total += 1 / variance
      }
      #expect(agree(entry.all.value, sum / total, 1e-9), "\(entry)")
    }
    #expect(profiles.entries.count == 40 * 8 && profiles.profiles.count == 40)
  }

  @Test func `two criteria cannot be told apart`() throws {
    let records = try Self.honest.get()
    var few = records
    few.rows = records.rows.filter { ["Criterion 1", "Criterion 2"].contains($0.criterion) }
    guard case .notEvaluated(let reason) = RaterProfileOutlier().examine(try Study(table: few.table, campaign: Simulated.declared)) else {
      Issue.record("evaluated")
      return
    }
    #expect(reason.en.contains("3 criteria or more") && reason.zh.contains("3 项以上"))
  }

  @Test func `one other rater may be the odd one`() throws {
    let campaign = try Simulated.campaign(seed: 7) { $0.design = .crossed(ratersPerUnit: 2) }
    let odd = Self.changed(Records(campaign.table()), "R11", "Criterion 3") { $0 + 40 }
    let tests = try Self.tests(odd)
    let first = try #require(tests.first)
    #expect(tests.family.subjects(first).raters == ["R11"])
    #expect(tests.family.claim(first).explanations.first?.en.contains("only one other rater") == true)
  }
}
