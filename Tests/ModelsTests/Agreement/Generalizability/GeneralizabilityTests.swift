import Foundation
import Testing

@testable import Models

/// Brennan (2001), Generalizability Theory: his synthetic data sets, components to four decimals.
@Suite struct GeneralizabilityTests {
  /// Columns of a table with a row a person: names of a column's levels of each facet, and ten values.
  struct Data {
    var values: [Double] = []
    var codes: [[Int32]]

    init(_ columns: [(levels: [Int32], values: [Double])]) {
      codes = [[Int32]](repeating: [], count: columns[0].levels.count + 1)
      for column in columns {
        for (person, value) in column.values.enumerated() {
          values.append(value)
          codes[0].append(Int32(person))
          for (i, level) in column.levels.enumerated() { codes[i + 1].append(level) }
        }
      }
    }

    func design(_ names: [String]) throws -> GeneralizabilityDesign {
      let factors = zip(names, codes).map { name, codes in GroupingFactor(name, codes: codes, levels: Int(codes.max()!) + 1) }
      return try GeneralizabilityDesign(object: factors[0], facets: Array(factors.dropFirst()))
    }
  }

  /// Table 3.1, data set 1: persons by items, right or wrong.
  static let set1: Data = {
    let rows = [
      "101000000000", "111001000000", "111110000000", "110110010000", "111110100000", "111011100000", "111111100000", "111101111100",
      "111111111110", "111111111111",
    ].map { $0.map { Double(String($0))! } }
    return Data((0..<12).map { j in ([Int32(j)], rows.map { $0[j] }) })
  }()

  /// Table 3.1, data sets 2 and 3: the same numbers as items in persons, and as items by occasions.
  static let columns3: [[Double]] = [
    [2, 4, 5, 5, 4, 4, 2, 3, 0, 6], [6, 5, 5, 9, 3, 4, 6, 4, 5, 8], [7, 6, 4, 8, 5, 4, 6, 4, 4, 7], [5, 7, 6, 6, 6, 7, 5, 5, 5, 6],
    [2, 6, 5, 5, 4, 6, 2, 6, 5, 6], [5, 7, 4, 7, 5, 4, 7, 6, 5, 8], [5, 5, 5, 7, 6, 7, 7, 6, 5, 8], [5, 7, 5, 6, 4, 8, 5, 4, 3, 6],
  ]

  /// Table 3.2, data set 4: persons by raters in tasks.
  static let set4 = Data(
    [
      [5, 9, 3, 7, 9, 3, 7, 5, 9, 4], [6, 3, 4, 5, 2, 4, 3, 8, 9, 4], [5, 7, 3, 5, 9, 3, 7, 5, 8, 4], [5, 7, 3, 3, 7, 5, 7, 7, 8, 3],
      [5, 7, 5, 3, 7, 3, 7, 7, 6, 3], [3, 5, 3, 1, 7, 3, 5, 5, 6, 5], [4, 5, 3, 4, 3, 6, 5, 5, 6, 6], [5, 5, 5, 3, 7, 3, 7, 4, 5, 5],
      [6, 7, 6, 5, 2, 4, 5, 3, 5, 5], [7, 7, 5, 3, 7, 5, 5, 2, 8, 7], [3, 5, 1, 3, 5, 1, 5, 1, 1, 1], [3, 2, 6, 5, 3, 2, 4, 1, 1, 1],
    ].enumerated().map { j, values in ([Int32(j / 4), Int32(j)], values) })

  func check(_ study: GeneralizabilityStudy, _ published: [(String, Double)], _ tolerance: Double = 5.1e-5) throws {
    #expect(study.components.map(\.effect) == published.map(\.0))
    for (effect, variance) in published {
      let found = try #require(study.component(effect))
      #expect(isClose(found.variance, variance, tolerance), "\(effect) \(found.variance)")
    }
  }

  @Test func brennanPersonsByItems() throws {
    let study = try GeneralizabilityStudy(
      GeneralizabilityTests.set1.values, design: GeneralizabilityTests.set1.design(["p", "i"]), method: .anova)
    try check(study, [("p", 0.0574), ("i", 0.0754), ("p × i", 0.1269)])
    let decision = try DecisionStudy(study)
    #expect(isClose(decision.generalizability, 0.844, 5e-4) && isClose(decision.dependability, 0.773, 5e-4))
  }

  @Test func brennanItemsInPersons() throws {
    // Item numbers are written anew for each person.
    var data = Data(GeneralizabilityTests.columns3.enumerated().map { ([Int32($0)], $1) })
    data.codes[1] = zip(data.codes[0], data.codes[1]).map { $0 * 8 + $1 }
    let study = try GeneralizabilityStudy(data.values, design: data.design(["p", "i"]), method: .anova)
    try check(study, [("p", 0.6108), ("i:p", 2.0250)])
    #expect(isClose(try DecisionStudy(study).generalizability, 0.71, 5e-3))
    #expect(isClose(try DecisionStudy(study, numbers: ["i": 8]).generalizability, try DecisionStudy(study).generalizability, 1e-12))
  }

  @Test func brennanPersonsByItemsByOccasions() throws {
    let data = Data(GeneralizabilityTests.columns3.enumerated().map { ([Int32($0 % 4), Int32($0 / 4)], $1) })
    let study = try GeneralizabilityStudy(data.values, design: data.design(["p", "i", "o"]), method: .anova)
    try check(
      study, [("p", 0.5528), ("i", 0.4417), ("o", 0.0074), ("p × i", 0.5750), ("p × o", 0.1009), ("i × o", 0.1565), ("p × i × o", 0.9352)])
    let decision = try DecisionStudy(study)
    #expect(isClose(decision.generalizability, 0.64, 5e-3) && isClose(decision.dependability, 0.55, 5e-3))
  }

  /// Table 3.2 and p. 116. The printed values use rounded mean squares.
  @Test func brennanTable3_2() throws {
    let data = GeneralizabilityTests.set4
    let study = try GeneralizabilityStudy(data.values, design: data.design(["p", "t", "r"]), method: .anova)
    try check(study, [("p", 0.4731), ("t", 0.3252), ("p × t", 0.5596), ("r:t", 0.6475), ("p × r:t", 2.3803)], 1.5e-4)
  }

  /// The same by REML: lme4 1.1-31 at tight tolerances, and gtheory 0.1.2 with lme4 at its default ones, where it stops after three digits
  /// (its criterion is flat).
  @Test func lme4AndGtheoryOnBrennanTable3_2() throws {
    let data = GeneralizabilityTests.set4
    let study = try GeneralizabilityStudy(data.values, design: data.design(["p", "t", "r"]))
    let expected = [
      ("p", 0.4731481260, 0.473022806700532), ("t", 0.3251543918, 0.325322289843273), ("p × t", 0.5595679125, 0.559550097882933),
      ("r:t", 0.6475309595, 0.647488983947345), ("p × r:t", 2.3802468817, 2.38028610135536),
    ]
    for (effect, tight, gtheory) in expected {
      let found = study.component(effect)!.variance
      #expect(relativeError(found, tight) < 5e-7 && relativeError(found, gtheory) < 6e-4, "\(effect) \(found)")
    }
    // Balanced and with positive components, REML is the analysis of variance.
    let anova = try GeneralizabilityStudy(data.values, design: data.design(["p", "t", "r"]), method: .anova)
    for (a, b) in zip(study.components, anova.components) { #expect(relativeError(a.variance, b.variance) < 1e-8) }
    let decision = try DecisionStudy(study)
    #expect(isClose(decision.generalizability, 0.55137502815575, 1e-4) && isClose(decision.dependability, 0.463613829076187, 2e-4))
    #expect(
      isClose(decision.relativeErrorVariance, 0.384873874407257, 1e-4) && isClose(decision.absoluteErrorVariance, 0.547272053017294, 1e-4))
    let (low, high) = decision.generalizabilityInterval()
    #expect(low > 0 && low < decision.generalizability && decision.generalizability < high && high < 1)
  }

  /// Rajaratnam, Cronbach and Gleser (1965), table 2, as an unbalanced p × (i:h): Brennan (2001, section 7.1.2), T terms and components by
  /// analogous ANOVA.
  @Test func rajaratnam1965Table2() throws {
    let columns: [(levels: [Int32], values: [Double])] = [
      ([0, 0], [4, 2, 2, 1, 3, 1, 3, 0]), ([0, 1], [5, 1, 4, 3, 3, 2, 5, 1]), ([1, 2], [3, 2, 4, 5, 6, 5, 6, 1]),
      ([1, 3], [3, 3, 7, 4, 7, 6, 8, 2]), ([1, 4], [5, 1, 6, 5, 5, 4, 6, 0]), ([1, 5], [4, 4, 5, 5, 7, 4, 7, 4]),
      ([2, 6], [5, 4, 8, 4, 8, 5, 7, 7]), ([2, 7], [7, 6, 7, 5, 9, 6, 8, 8]),
    ]
    let data = Data(columns)
    let design = try data.design(["p", "h", "i"])
    let study = try GeneralizabilityStudy(data.values, design: design, method: .anova)
    try check(study, [("p", 1.2014), ("h", 2.9161), ("p × h", 0.9913), ("i:h", 0.2946), ("p × i:h", 0.8429)], 1.5e-4)
    let decision = try DecisionStudy(study)
    #expect(isClose(decision.generalizability, 0.716, 5e-4) && isClose(decision.dependability, 0.4277, 5e-4))
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared")) func sharedBrennanTable3_2() throws {
    let columns = try SharedData.columns("datasets/brennan_gtheory_prt/data.csv")
    let design = try GeneralizabilityDesign(
      object: factor("person", columns["unit"]!), facets: [factor("rater", columns["rater"]!), factor("task", columns["criterion"]!)])
    #expect(design.effects.map(\.name) == ["person", "task", "person × task", "rater:task", "person × rater:task"])
    let study = try GeneralizabilityStudy(columns["score"]!.map { Double($0)! }, design: design)
    for (effect, published) in [
      ("person", 0.4731), ("task", 0.3252), ("rater:task", 0.6475), ("person × task", 0.5596), ("person × rater:task", 2.3803),
    ] {
      #expect(isClose(study.component(effect)!.variance, published, 1.5e-4))
    }
  }

  /// Le and Husson (2008), chocolates: panelists by products with two sessions a cell, the mean squares behind the published F.
  @Test(.enabled(if: SharedData.isPresent, "needs ../shared"), arguments: ["CocoaA", "Bitterness", "Granular"])
  func sensoryChocolates(_ descriptor: String) throws {
    struct File: Decodable {
      struct Recomputed: Decodable {
        let anova: [String: [String: Double]]
        enum CodingKeys: String, CodingKey { case anova = "anova_product_by_panelist" }
      }
      let recomputed: Recomputed
    }
    let columns = try SharedData.columns("datasets/sensory_chocolates/data.csv")
    let rows = columns["criterion"]!.indices.filter { columns["criterion"]![$0] == descriptor }
    let design = try GeneralizabilityDesign(
      object: factor("product", rows.map { columns["unit"]![$0] }), facets: [factor("panelist", rows.map { columns["rater"]![$0] })])
    let study = try GeneralizabilityStudy(rows.map { Double(columns["score"]![$0])! }, design: design, method: .anova)
    #expect(study.components.map(\.effect) == ["product", "panelist", "product × panelist", "within cells"])
    // F of the product is MS(product)/MS(within cells), that of the interaction MS(product × panelist)/MS(within cells): 29 panelists, 2
    // sessions.
    let variance = study.components.map(\.variance)
    let product = (variance[3] + 2 * variance[2] + 58 * variance[0]) / variance[3]
    let interaction = (variance[3] + 2 * variance[2]) / variance[3]
    let url = SharedData.root.appending(path: "datasets/sensory_chocolates/expected.json")
    let expected = try JSONDecoder().decode(File.self, from: Foundation.Data(contentsOf: url)).recomputed.anova[descriptor]!
    #expect(relativeError(product, expected["F_product"]!) < 1e-9)
    #expect(relativeError(interaction, expected["F_interaction"]!) < 1e-9)
  }

  /// ICC and the p × r decision study are the same thing.
  @Test func intraclassCorrelationIsADecisionStudy() throws {
    let rows = PublishedRatings.shroutFleiss1979
    let data = Data(rows[0].indices.map { j in ([Int32(j)], rows.map { $0[j] }) })
    let study = try GeneralizabilityStudy(data.values, design: data.design(["unit", "rater"]), method: .anova)
    let squares = try TwoWaySums(PublishedRatings.table(byUnit: rows)).meanSquares
    for (count, forms) in [
      (1, (IntraclassForm.consistencySingle, IntraclassForm.agreementSingle)), (4, (.consistencyAverage, .agreementAverage)),
    ] {
      let decision = try DecisionStudy(study, numbers: ["rater": count])
      #expect(isClose(decision.generalizability, squares.value(forms.0), 1e-12))
      #expect(isClose(decision.dependability, squares.value(forms.1), 1e-12))
      // Raters of one's own for every unit: severity then disturbs comparisons as well.
      let nested = try DecisionStudy(study, numbers: ["rater": count], nested: ["rater"])
      #expect(isClose(nested.generalizability, squares.value(forms.1), 1e-12))
    }
  }

  @Test func smallestNumberOfRaters() throws {
    let rows = PublishedRatings.shroutFleiss1979
    let data = Data(rows[0].indices.map { j in ([Int32(j)], rows.map { $0[j] }) })
    let study = try GeneralizabilityStudy(data.values, design: data.design(["unit", "rater"]), method: .anova)
    for goal in [0.3, 0.62, 0.8, 0.95] {
      let count = try #require(try DecisionStudy.smallest("rater", reaching: .dependability(goal), study))
      #expect(try DecisionStudy(study, numbers: ["rater": count]).dependability >= goal)
      if count > 1 { #expect(try DecisionStudy(study, numbers: ["rater": count - 1]).dependability < goal) }
    }
    #expect(try DecisionStudy.smallest("rater", reaching: .dependability(1), study) == nil)
    #expect(throws: AgreementError.unknownName("judge")) { try DecisionStudy(study, numbers: ["judge": 2]) }
  }

  /// Fixed criteria are part of what is measured.
  @Test func fixedFacets() throws {
    let data = GeneralizabilityTests.set4
    let study = try GeneralizabilityStudy(data.values, design: data.design(["p", "t", "r"]), method: .anova)
    let v = study.components.map(\.variance)
    let fixed = try DecisionStudy(study, numbers: ["t": 3, "r": 4], fixed: ["t"])
    #expect(isClose(fixed.universeVariance, v[0] + v[2] / 3, 1e-12))
    #expect(isClose(fixed.relativeErrorVariance, v[4] / 12, 1e-12))
    #expect(isClose(fixed.absoluteErrorVariance, v[4] / 12 + v[3] / 12, 1e-12))
  }

  /// With holes REML and Henderson's method estimate the same components, near each other; order and names of levels change nothing.
  @Test func holesOrderAndNames() throws {
    let data = GeneralizabilityTests.set4
    let kept = data.values.indices.filter { $0 % 7 != 3 }
    func study(_ order: [Int], _ change: (Int32) -> Int32, _ method: GeneralizabilityStudy.Method) throws -> GeneralizabilityStudy {
      let factors = zip(["p", "t", "r"], data.codes).map { name, codes in
        GroupingFactor(name, codes: order.map { change(codes[$0]) }, levels: 12)
      }
      return try GeneralizabilityStudy(
        order.map { data.values[$0] }, design: GeneralizabilityDesign(object: factors[0], facets: Array(factors.dropFirst())),
        method: method)
    }
    for method in [GeneralizabilityStudy.Method.anova, .reml] {
      let plain = try study(kept, { $0 }, method)
      let turned = try study(kept.reversed(), { 11 - $0 }, method)
      for (a, b) in zip(plain.components, turned.components) { #expect(isClose(a.variance, b.variance, 1e-7)) }
    }
    for (a, b) in zip(try study(kept, { $0 }, .anova).components, try study(kept, { $0 }, .reml).components) {
      #expect(isClose(a.variance, b.variance, 0.4))
    }
  }
}
