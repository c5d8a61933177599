import Foundation
import LinearAlgebra
import Testing

@testable import Models

@Suite struct ChanceCorrectedTests {
  func estimate(_ coefficient: ChanceCorrected, _ table: RatingsTable, _ kind: AgreementWeights.Kind = .identity) throws
    -> AgreementEstimate
  {
    let weights = try AgreementWeights(kind, categories: table.categories)
    if coefficient == .conger { return try CongerKappa(table, weights: weights).estimate() }
    return try ChanceCorrectedAgreement(RatingPatterns(table), weights: weights).estimate(coefficient)
  }

  /// irrCAC's README: `cac.raw4raters`, to the five decimals that it prints. α's standard error there, .14548, is that of an older version;
  /// 1.0 gives .14557.
  @Test(arguments: [
    (ChanceCorrected.gwet, 0.77544, 0.14295), (.fleiss, 0.76117, 0.15302), (.conger, 0.76282, 0.14917),
    (.brennanPrediger, 0.77273, 0.14472),
    (.krippendorff, 0.74342, 0.14557), (.percentAgreement, 0.81818, 0.12561),
  ]) func irrCACReadmeRaw4Raters(_ coefficient: ChanceCorrected, _ value: Double, _ error: Double) throws {
    let found = try estimate(coefficient, PublishedRatings.table(byRater: PublishedRatings.krippendorff2011))
    #expect(isClose(found.value, value, 5e-6) && isClose(found.standardError, error, 5e-6))
  }

  /// irrCAC 1.0 (R 4.2.2), its rounding disabled: every coefficient with every weighting, on the four raters' table and on three of them.
  @Test(
    .enabled(if: SharedData.isPresent, "needs ../shared"),
    arguments: [("irrCAC_krippendorff_4x12", "krippendorff_4x12_input"), ("irrCAC_cac_raw4raters", "cac_raw4raters_input")])
  func irrCAC(_ name: String, _ input: String) throws {
    var rows = try PeerValues.matrix(input)
    if name == "irrCAC_krippendorff_4x12" { rows = PublishedRatings.transposed(rows) }
    let table = try PublishedRatings.table(byUnit: rows)
    let peers = try PeerValues.read(name, as: [String: [String: PeerValues.Coefficient]].self)
    let names: [(String, ChanceCorrected)] = [
      ("gwet", .gwet), ("fleiss", .fleiss), ("krippen", .krippendorff), ("conger", .conger), ("bp", .brennanPrediger),
      ("pa", .percentAgreement),
    ]
    for (weighting, answers) in peers {
      let kind = weighting == "unweighted" ? .identity : try #require(AgreementWeights.Kind(rawValue: weighting))
      for (key, coefficient) in names {
        let peer = try #require(answers[key])
        let found = try estimate(coefficient, table, kind)
        #expect(isClose(found.value, peer.value, 1e-13), "\(weighting) \(key)")
        #expect(isClose(found.observed, peer.observed, 1e-13), "\(weighting) \(key)")
        #expect(isClose(found.expected, peer.expected, 1e-13), "\(weighting) \(key)")
        #expect(isClose(found.standardError, peer.error, 1e-13), "\(weighting) \(key)")
      }
    }
  }

  /// irrCAC's README, Fleiss' (1971) psychiatric diagnoses: counts only.
  @Test func irrCACReadmeFleissDistribution() throws {
    let counts = [
      [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0], [0, 0, 4, 0, 2],
      [2, 0, 3, 1, 0],
      [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    ]
    let patterns = RatingPatterns(counts: counts, categories: [1, 2, 3, 4, 5])
    let agreement = try ChanceCorrectedAgreement(patterns, weights: AgreementWeights(.identity, categories: patterns.categories))
    let published: [(ChanceCorrected, Double, Double?)] = [
      (.gwet, 0.4448007, 0.08418757), (.fleiss, 0.4139265, 0.08119291), (.brennanPrediger, 0.4388889, 0.08312142),
      // Its standard error for counts, .08243228, is not the one for raw ratings of the same data, .08119, which is ours.
      (.krippendorff, 0.4204384, 0.08119), (.percentAgreement, 0.5511111, nil),
    ]
    for (coefficient, value, error) in published {
      let found = try agreement.estimate(coefficient)
      #expect(isClose(found.value, value, 5e-8))
      if let error { #expect(isClose(found.standardError, error, coefficient == .krippendorff ? 5e-6 : 5e-9)) }
    }
    #expect(isClose(try agreement.estimate(.gwet).expected, 0.1914815, 5e-8))
    #expect(isClose(try agreement.estimate(.fleiss).expected, 0.2340741, 5e-8))
    #expect(isClose(try agreement.estimate(.krippendorff).observed, 0.5560988, 5e-8))
  }

  /// irrCAC's README, two raters' 3 × 3 table of 100 subjects.
  @Test func irrCACReadmeContingencyTable() throws {
    let cells = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    var rows: [[Double]] = []
    for i in 0..<3 { for j in 0..<3 { rows += [[Double]](repeating: [Double(i), Double(j)], count: cells[i][j]) } }
    let table = try PublishedRatings.table(byUnit: rows)
    let published: [(ChanceCorrected, Double, Double)] = [
      (.conger, 0.7964094, 0.05891072), (.fleiss, 0.7962397, 0.05905473), (.gwet, 0.8493305, 0.04321747),
      (.brennanPrediger, 0.835, 0.04693346),
      (.krippendorff, 0.7972585, 0.05905473), (.percentAgreement, 0.89, 0.03128898),
    ]
    for (coefficient, value, error) in published {
      let found = try estimate(coefficient, table)
      #expect(isClose(found.value, value, 5e-8), "\(coefficient)")
      // The table functions divide by n, those for raw ratings by n − 1.
      let ratio = error / found.standardError
      #expect(isClose(ratio, 1, 1e-6) || isClose(ratio, (99.0 / 100).squareRoot(), 1e-6), "\(coefficient) \(found.standardError)")
    }
    let chart = try BangdiwalaB(table)
    #expect(isClose(chart.value, 0.8059604, 5e-8) && isClose(chart.standardError, 0.05449465, 5e-9))
    #expect(throws: AgreementError.tooFewRaters(3, needed: 2)) {
      try BangdiwalaB(PublishedRatings.table(byUnit: [[1, 2, 1], [2, 2, 1]]))
    }
  }

  struct Expected: Decodable {
    struct Answer: Decodable {
      let coef: Double
      let se: Double
      let ci: [Double]
      let pa: Double
      let pe: Double
    }
    static let names: [(String, ChanceCorrected)] = [
      ("gwet_ac", .gwet), ("fleiss_kappa", .fleiss), ("krippendorff_alpha", .krippendorff), ("conger_kappa", .conger),
      ("brennan_prediger", .brennanPrediger),
    ]
  }

  func compare(_ table: RatingsTable, _ kind: AgreementWeights.Kind, _ answers: [String: Expected.Answer]) throws {
    for (key, coefficient) in Expected.names {
      let answer = try #require(answers[key])
      let found = try estimate(coefficient, table, kind)
      #expect(isClose(found.value, answer.coef, 5.01e-6), "\(key)")
      #expect(isClose(found.standardError, answer.se, 5.01e-6), "\(key)")
      #expect(isClose(found.observed, answer.pa, 5.01e-6) && isClose(found.expected, answer.pe, 5.01e-6), "\(key)")
      let interval = found.interval()
      #expect(isClose(max(-1, interval.low), answer.ci[0], 5.01e-6) && isClose(interval.high, answer.ci[1], 5.01e-6), "\(key) \(interval)")
    }
  }

  func expected<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: SharedData.root.appending(path: "datasets/\(name)/expected.json")))
  }

  /// irrCAC (Python) 0.4.4 on Gwet's five observers, unweighted and quadratic.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func gwetFiveObservers() throws {
    struct File: Decodable { let recomputed: [String: [String: Expected.Answer]] }
    let answers = try expected("gwet_5observers", as: File.self).recomputed
    let table = try PublishedRatings.shared("gwet_5observers")
    try compare(table, .identity, try #require(answers["unweighted"]))
    try compare(table, .quadratic, try #require(answers["quadratic"]))
  }

  /// irrCAC (Python) 0.4.4 on Gwet's table of raters by gender of the subject, and on each half.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func gwetGenderGroups() throws {
    struct File: Decodable {
      struct Recomputed: Decodable {
        let all: [String: Expected.Answer]
        let groups: [String: [String: Expected.Answer]]
        enum CodingKeys: String, CodingKey {
          case all
          case groups = "by_unit_group"
        }
      }
      let recomputed: Recomputed
    }
    let answers = try expected("gwet_gender_groups", as: File.self).recomputed
    try compare(PublishedRatings.shared("gwet_gender_groups"), .identity, answers.all)
    for (group, values) in answers.groups {
      try compare(PublishedRatings.shared("gwet_gender_groups") { $0["unit_group"] == group }, .identity, values)
    }
  }

  /// irr 0.84.1's kappa2 on its data `anxiety`.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func irrKappa2() throws {
    struct Kappa: Decodable { let value: Double }
    let pair = try PublishedRatings.table(byUnit: PeerValues.matrix("irr_anxiety_input").map { Array($0.prefix(2)) })
    let kappas = try PeerValues.read("irr_kappa2_anxiety", as: [String: Kappa].self)
    #expect(isClose(try estimate(.conger, pair).value, kappas["unweighted"]!.value, 1e-12))
    #expect(isClose(try estimate(.conger, pair, .linear).value, kappas["equal"]!.value, 1e-12))
    #expect(isClose(try estimate(.conger, pair, .quadratic).value, kappas["squared"]!.value, 1e-12))
  }

  /// statsmodels 0.15.0's `fleiss_kappa`, Fleiss' and Randolph's. (irr's values beside them are of the same ratings coded otherwise.)
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func statsmodelsFleissAndRandolph() throws {
    let table = try PublishedRatings.table(byUnit: PeerValues.matrix("diagnoses_input"))
    let fleiss = try PeerValues.read("statsmodels_fleiss_diagnoses", section: "python", as: Double.self)
    let randolph = try PeerValues.read("statsmodels_randolph_diagnoses", section: "python", as: Double.self)
    #expect(isClose(try estimate(.fleiss, table).value, fleiss, 1e-12))
    #expect(isClose(try estimate(.brennanPrediger, table).value, randolph, 1e-12))
  }

  /// α of a fixed weighting is Krippendorff's own for the metrics that do not depend on the data.
  @Test func weightedAlphaIsKrippendorffs() throws {
    let table = try PublishedRatings.table(byUnit: scrambledRatings(units: 40, raters: 5, categories: 6, missing: 3))
    for (kind, metric) in [(AgreementWeights.Kind.identity, KrippendorffMetric.nominal), (.quadratic, .interval), (.ratio, .ratio)] {
      let own = try KrippendorffAlpha(RatingPatterns(table), metric: metric).value()
      #expect(isClose(try estimate(.krippendorff, table, kind).value, own, 1e-12))
    }
  }

  /// The linearised error is near the jackknife's with many units.
  @Test(arguments: ChanceCorrected.allCases) func linearisedErrorIsNearTheJackknife(_ coefficient: ChanceCorrected) throws {
    // The linearised share of agreement takes units with one rating for full disagreement, so there are none here.
    let table = try PublishedRatings.table(byUnit: scrambledRatings(units: 400, raters: 8, categories: 4, missing: 1))
    let found = try estimate(coefficient, table, .linear)
    let values = try AgreementMeasure.chanceCorrected(coefficient, .linear).valuesWithoutUnits(table).filter { !$0.isNaN }
    let mean = values.reduce(0, +) / Double(values.count)
    let n = Double(values.count)
    let jackknife = ((n - 1) / n * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    #expect(relativeError(found.standardError, jackknife) < 0.02)
  }

  @Test func fullAgreementIsOneAndNoVariationIsTold() throws {
    let same = try PublishedRatings.table(byUnit: [[1, 1, 1], [2, 2, 2], [3, 3, 3]])
    for coefficient in ChanceCorrected.allCases { #expect(isClose(try estimate(coefficient, same).value, 1, 1e-15)) }
    let constant = try PublishedRatings.table(byUnit: [[1, 1], [1, 1]], categories: [1, 2])
    #expect(throws: AgreementError.noVariation) { try estimate(.fleiss, constant) }
    #expect(throws: AgreementError.noVariation) { try estimate(.conger, constant) }
    #expect(isClose(try estimate(.gwet, constant).value, 1, 1e-15))
    #expect(throws: AgreementError.nothingToCompare) { try estimate(.gwet, PublishedRatings.table(byUnit: [[1, .nan], [.nan, 2]])) }
  }

  @Test func customWeightsAreChecked() throws {
    let table = try PublishedRatings.table(byUnit: [[1, 2], [2, 2], [3, 1]])
    let linear = try AgreementWeights(custom: Matrix(rowArrays: [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]), categories: 3)
    let patterns = RatingPatterns(table)
    let own = try ChanceCorrectedAgreement(patterns, weights: linear).estimate(.gwet).value
    #expect(own == (try estimate(.gwet, table, .linear).value))
    for wrong in [[[1, 0.5], [0.4, 1]], [[1, 2], [2, 1]], [[0.9, 0], [0, 1]]] {
      #expect(throws: AgreementError.weightsDoNotFit(categories: 2)) {
        try AgreementWeights(custom: Matrix(rowArrays: wrong), categories: 2)
      }
    }
  }
}
