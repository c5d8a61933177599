/// Conger's (1980) kappa for any number of raters, each with habits of its own; Cohen's (1960, weighted 1968) kappa for two.
///
/// p_a as in `ChanceCorrectedAgreement`. Chance is that of two raters g ≠ h who rate by their own shares p_gk = (units rated k by g) / n_g:
///
///     p_e = (1 / (R (R − 1))) Σ_{g≠h} Σ_kl w_kl p_gk p_hl
///
/// The standard error is Gwet's (2014, section 5.3) linearisation with missing ratings. Cost O(N + R q²).
public struct CongerKappa: Sendable {
  let table: RatingsTable
  let agreement: ChanceCorrectedAgreement
  /// Raters who rated, and row by row their shares.
  let active: [Int]
  let shares: [Double]
  let counts: [Double]
  private var q: Int { agreement.weights.order }

  /// - Throws: `tooFewRaters` and what `ChanceCorrectedAgreement` throws.
  public init(_ table: RatingsTable, weights: AgreementWeights) throws(AgreementError) {
    try self.init(table, ChanceCorrectedAgreement(RatingPatterns(table), weights: weights))
  }

  public init(_ table: RatingsTable, _ agreement: ChanceCorrectedAgreement) throws(AgreementError) {
    self.table = table
    self.agreement = agreement
    (active, counts, shares) = CongerKappa.shares(table, q: agreement.weights.order, unitWeights: nil)
    if active.count < 2 { throw .tooFewRaters(active.count, needed: 2) }
  }

  static func shares(_ table: RatingsTable, q: Int, unitWeights: [Double]?) -> (active: [Int], counts: [Double], shares: [Double]) {
    var counts = [Double](repeating: 0, count: table.raters)
    var shares = [Double](repeating: 0, count: table.raters * q)
    for u in 0..<table.units {
      let weight = unitWeights?[u] ?? 1
      if weight == 0 { continue }
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        let g = Int(table.rater[i])
        counts[g] += weight
        shares[g * q + Int(table.category[i])] += weight
      }
    }
    for g in 0..<table.raters where counts[g] > 0 { for k in 0..<q { shares[g * q + k] /= counts[g] } }
    return ((0..<table.raters).filter { counts[$0] > 0 }, counts, shares)
  }

  /// Σ_g p_g, and Σ_g p_g'W p_g.
  private func totals(_ active: [Int], _ shares: [Double]) -> (sum: [Double], own: Double) {
    var sum = [Double](repeating: 0, count: q)
    var own = 0.0
    for g in active {
      for k in 0..<q { sum[k] += shares[g * q + k] }
      own += form(g, shares)
    }
    return (sum, own)
  }

  private func form(_ g: Int, _ shares: [Double]) -> Double {
    let row = Array(shares[(g * q)..<((g + 1) * q)])
    return dot(row, agreement.weights.times(row))
  }

  /// κ with its linearised standard error.
  /// - Throws: `noVariation` when chance alone would give full agreement.
  public func estimate() throws(AgreementError) -> AgreementEstimate {
    let (sum, own) = totals(active, shares)
    let raters = Double(active.count)
    let expected = (dot(sum, agreement.weights.times(sum)) - own) / (raters * (raters - 1))
    if !(1 - expected > 1e-15) { throw .noVariation }
    let sums = agreement.sums
    let observed = sums.agreement / sums.pairable
    let value = (observed - expected) / (1 - expected)
    let chance = linearisedChance(sum)
    var (n, squares) = (0.0, 0.0)
    for u in 0..<table.units {
      let p = Int(agreement.patterns.ofUnit[u])
      if p < 0 { continue }
      let r = agreement.patterns.size[p]
      var linear = 0.0
      if r >= 2 { linear = sums.units / sums.pairable * ((agreement.forms[p] - r) / (r * (r - 1)) - expected) / (1 - expected) }
      linear -= 2 * (1 - value) * (chance[u] - expected) / (1 - expected)
      n += 1
      squares += (linear - value) * (linear - value)
    }
    let error = n > 1 ? (squares / (n * (n - 1))).squareRoot() : .nan
    return AgreementEstimate(value: value, observed: observed, expected: expected, standardError: error, units: Int(n))
  }

  /// p_e of each unit: Σ_g (n/n_g) Σ_kl w_kl (p_·k − p_gk)(δ_igl − (ε_ig − n_g/n) p_gl) / (R (R − 1)), with ε_ig = 1 where g rated i, δ_igl
  /// = 1 where as l.
  private func linearisedChance(_ sum: [Double]) -> [Double] {
    let n = agreement.sums.units
    let raters = Double(active.count)
    var value = [Double](repeating: 0, count: table.raters * q)
    var inner = [Double](repeating: 0, count: table.raters)
    var base = 0.0
    for g in active {
      let rest = (0..<q).map { sum[$0] - shares[g * q + $0] }
      let weighted = agreement.weights.times(rest)
      for k in 0..<q {
        value[g * q + k] = weighted[k]
        inner[g] += weighted[k] * shares[g * q + k]
      }
      // A unit that g did not rate still carries + p_g'W(p_· − p_g).
      base += inner[g]
    }
    return (0..<table.units).map { u in
      var total = base
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        let g = Int(table.rater[i])
        total += n / counts[g] * (value[g * q + Int(table.category[i])] - inner[g])
      }
      return total / (raters * (raters - 1))
    }
  }

  /// Kappa without each unit; NaN where it is not defined. O(N q + n q²): a unit changes the shares of its own raters only.
  public func valuesWithoutUnit() -> [Double] {
    let (sum, own) = totals(active, shares)
    let weightedSum = agreement.weights.times(sum)
    let square = dot(sum, weightedSum)
    let forms = (0..<table.raters).map { counts[$0] > 0 ? form($0, shares) : 0 }
    let products = (0..<table.raters).map { g in agreement.weights.times(Array(shares[(g * q)..<((g + 1) * q)])) }
    return (0..<table.units).map { u in
      let p = Int(agreement.patterns.ofUnit[u])
      if p < 0 { return .nan }
      let r = agreement.patterns.size[p]
      var rest = agreement.sums
      if r >= 2 {
        rest.pairable -= 1
        rest.agreement -= (agreement.forms[p] - r) / (r * (r - 1))
      }
      if rest.pairable < 0.5 { return .nan }
      // p_g becomes (n_g p_g − e_v) / (n_g − 1): a change of (p_g − e_v) / (n_g − 1).
      var raters = Double(active.count)
      var change = [Double](repeating: 0, count: q)
      var newOwn = own
      for i in table.unitStart[u]..<table.unitStart[u + 1] {
        let (g, v) = (Int(table.rater[i]), Int(table.category[i]))
        newOwn -= forms[g]
        if counts[g] == 1 {
          raters -= 1
          for k in 0..<q { change[k] -= shares[g * q + k] }
        } else {
          let c = counts[g]
          for k in 0..<q { change[k] += shares[g * q + k] / (c - 1) }
          change[v] -= 1 / (c - 1)
          newOwn += (c * c * forms[g] - 2 * c * products[g][v] + agreement.weights[v, v]) / ((c - 1) * (c - 1))
        }
      }
      let newSquare = square + 2 * dot(change, weightedSum) + dot(change, agreement.weights.times(change))
      let expected = (newSquare - newOwn) / (raters * (raters - 1))
      return (rest.agreement / rest.pairable - expected) / (1 - expected)
    }
  }

  /// Kappa without each rater; NaN for one without ratings and where fewer than two raters are left. O(N k + R q²).
  public func valuesWithoutRater() -> [Double] {
    let (sum, own) = totals(active, shares)
    let observed = agreement.valuesWithoutRater(.percentAgreement, table: table)
    let raters = Double(active.count) - 1
    return (0..<table.raters).map { g in
      if counts[g] == 0 || raters < 2 { return .nan }
      let rest = (0..<q).map { sum[$0] - shares[g * q + $0] }
      let expected = (dot(rest, agreement.weights.times(rest)) - own + form(g, shares)) / (raters * (raters - 1))
      return (observed[g] - expected) / (1 - expected)
    }
  }

  /// Kappa with unit u counted `weights[u]` times: a bootstrap resample. O(N + R q²).
  func value(unitWeights: [Double], multiplicity: [Double]) -> Double {
    let (active, _, shares) = CongerKappa.shares(table, q: q, unitWeights: unitWeights)
    let (sum, own) = totals(active, shares)
    let raters = Double(active.count)
    let expected = (dot(sum, agreement.weights.times(sum)) - own) / (raters * (raters - 1))
    return (agreement.value(.percentAgreement, multiplicity: multiplicity) - expected) / (1 - expected)
  }
}
