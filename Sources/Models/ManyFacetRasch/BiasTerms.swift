internal import Foundation
internal import Statistics

/// The extra that one pair of levels of two facets gets beyond what their measures explain.
public struct BiasTerm: Sendable, Equatable {
  /// Levels of the first and the second facet.
  public let first: Int
  public let second: Int
  /// Active responses of the pair.
  public let count: Int
  public let observed: Double
  public let expected: Double
  /// In logits, positive when the scores are higher than expected.
  public let size: Double
  public let standardError: Double
  public let t: Double
  /// Responses less one; t has no distribution with a single response.
  public let degreesOfFreedom: Int
  /// Two-sided; NaN without degrees of freedom.
  public let pValue: Double
  /// Benjamini and Hochberg's (1995) over the whole table.
  public internal(set) var qValue: Double
  public let infit: Double
  public let outfit: Double

  /// Observed less expected, a response.
  public var excess: Double { (observed - expected) / Double(count) }
}

/// All pairs of two facets that have responses.
public struct BiasTable: Sendable, Equatable {
  public let facets: (Int, Int)
  public let terms: [BiasTerm]
  /// Σ t²: whether all terms could be zero. On as many degrees of freedom as terms, as FACETS prints it; the terms are not independent of the
  /// measures fitted before, so it is a guide.
  public let fixed: SeparationSummary.ChiSquare

  public static func == (a: BiasTable, b: BiasTable) -> Bool { a.facets == b.facets && a.terms == b.terms && a.fixed == b.fixed }
}

/// Two levels of one facet compared in their bias towards the same level of another.
public struct BiasContrast: Sendable, Equatable {
  /// The level that both met.
  public let target: Int
  public let first: Int
  public let second: Int
  /// The target's measure as each of the two sees it: its own measure and the bias, in the target's sign.
  public let firstMeasure: Double
  public let secondMeasure: Double
  /// Of the bias in the direction of higher scores.
  public let difference: Double
  public let standardError: Double
  public let t: Double
  public let degreesOfFreedom: Int
  public let pValue: Double
  public internal(set) var qValue: Double
}

extension ManyFacetRaschFit {
  /// Bias terms of all pairs of levels of two facets: one extra parameter a pair with everything else held at its estimate, found by
  /// Σ(x − E(η + b)) = 0; SE = 1/√ΣV at b. A pair with only lowest or only highest scores has its total moved inwards by the
  /// `extremeCorrection` steps of the fit's options.
  ///
  /// Cost is one sort and a few passes over the responses.
  public func biasTerms(between first: Int, and second: Int) -> BiasTable {
    precondition(first != second, "a facet has no interaction with itself")
    let table = CategoryTable(values.cumulative, width: model.steps + 1)
    var order = [Int32](0..<Int32(active.count))
    let (a, b) = (active.levels[first], active.levels[second])
    order.sort { (a[Int($0)], b[Int($0)], $0) < (a[Int($1)], b[Int($1)], $1) }
    var terms: [BiasTerm] = []
    var begin = 0
    while begin < order.count {
      let head = Int(order[begin])
      var end = begin + 1
      while end < order.count, a[Int(order[end])] == a[head], b[Int(order[end])] == b[head] { end += 1 }
      terms.append(biasTerm(order[begin..<end].map(Int.init), Int(a[head]), Int(b[head]), table))
      begin = end
    }
    let q = FalseDiscoveryRate.benjaminiHochberg(terms.map(\.pValue))
    for i in terms.indices { terms[i].qValue = q[i] }
    let chi = terms.reduce(0) { $0 + $1.t * $1.t }
    let degrees = max(1, terms.count)
    return BiasTable(
      facets: (first, second), terms: terms,
      fixed: SeparationSummary.ChiSquare(
        value: chi, degreesOfFreedom: terms.count, pValue: ChiSquared(degreesOfFreedom: Double(degrees)).upperTail(chi)))
  }

  private func biasTerm(
    _ responses: [Int], _ first: Int, _ second: Int, _ table: CategoryTable
  ) -> BiasTerm {
    var (observed, expected, low, high) = (0.0, 0.0, 0.0, 0.0)
    for o in responses {
      observed += Double(active.category[o])
      expected += moments.expected[o]
      low += Double(active.lowest[Int(active.scale[o])])
      high += Double(active.highest[Int(active.scale[o])])
    }
    let inward = min(extremeCorrection, (high - low) / 4)
    let target = min(max(observed, low + inward), high - inward)
    var size = 0.0
    var information = 1.0
    var root = FallingRoot()
    for _ in 0..<100 {
      var excess = target
      information = 0
      for o in responses {
        let m = table.moments(moments.eta[o] + size, Int(active.scale[o]))
        excess -= m.mean
        information += m.variance
      }
      let step = excess / information
      size = root.next(after: size, value: excess, step: step)
      if abs(step) < 1e-11 { break }
    }
    var (squares, spread, standardised) = (0.0, 0.0, 0.0)
    for o in responses {
      let m = table.moments(moments.eta[o] + size, Int(active.scale[o]))
      let residual = Double(active.category[o]) - m.mean
      squares += residual * residual
      spread += m.variance
      standardised += residual * residual / m.variance
    }
    let n = responses.count
    let error = 1 / information.squareRoot()
    let t = size / error
    let base = Double(model.lowest * n)
    return BiasTerm(
      first: first, second: second, count: n, observed: observed + base, expected: expected + base, size: size, standardError: error, t: t,
      degreesOfFreedom: n - 1, pValue: n > 1 ? StudentT(degreesOfFreedom: Double(n - 1)).twoSided(t) : .nan, qValue: .nan,
      infit: squares / spread, outfit: standardised / Double(n))
  }

  /// For every level of the second facet of `table`, each two levels of the first that met it: the difference of their terms, with joint SE √(SE₁² + SE₂²),
  /// t and degrees of freedom n₁ + n₂ − 2 ("Rasch–Welch" in FACETS). The other way round with `targetsFirst`.
  public func contrasts(of table: BiasTable, targetsFirst: Bool = false) -> [BiasContrast] {
    var byTarget: [Int: [BiasTerm]] = [:]
    for term in table.terms { byTarget[targetsFirst ? term.first : term.second, default: []].append(term) }
    var contrasts: [BiasContrast] = []
    for target in byTarget.keys.sorted() {
      let terms = byTarget[target]!
      for i in terms.indices {
        for j in terms.indices where j > i {
          let difference = terms[i].size - terms[j].size
          let error = (terms[i].standardError * terms[i].standardError + terms[j].standardError * terms[j].standardError).squareRoot()
          let degrees = terms[i].count + terms[j].count - 2
          let t = difference / error
          let facet = targetsFirst ? table.facets.0 : table.facets.1
          let own = values.measures[facet][target]
          let sign: Double = facet == model.unitFacet ? 1 : -1
          contrasts.append(
            BiasContrast(
              target: target, first: targetsFirst ? terms[i].second : terms[i].first,
              second: targetsFirst ? terms[j].second : terms[j].first, firstMeasure: own + sign * terms[i].size,
              secondMeasure: own + sign * terms[j].size, difference: difference, standardError: error, t: t,
              degreesOfFreedom: degrees, pValue: degrees > 0 ? StudentT(degreesOfFreedom: Double(degrees)).twoSided(t) : .nan,
              qValue: .nan))
        }
      }
    }
    let q = FalseDiscoveryRate.benjaminiHochberg(contrasts.map(\.pValue))
    for i in contrasts.indices { contrasts[i].qValue = q[i] }
    return contrasts
  }
}
