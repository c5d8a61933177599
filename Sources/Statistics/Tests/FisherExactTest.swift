import Foundation

/// Fisher's exact test of independence in a table of counts, given its margins.
public enum FisherExactTest {
  /// Of a 2 × 2 table [[a, b], [c, d]]; estimate: the conditional maximum-likelihood odds ratio (Fisher 1935).
  ///
  /// Two-sided: the probability of all tables no more likely than the one observed, to a relative 1e-7, as in R.
  public static func twoByTwo(_ a: Int, _ b: Int, _ c: Int, _ d: Int, alternative: Alternative = .twoSided) -> TestResult {
    precondition(a >= 0 && b >= 0 && c >= 0 && d >= 0, "counts are not negative")
    guard a + b > 0, c + d > 0, a + c > 0, b + d > 0 else { return .impossible }
    let null = Hypergeometric(population: a + b + c + d, successes: a + b, draws: a + c)
    let p: Double
    switch alternative {
    case .less: p = null.lowerTail(a)
    case .greater: p = null.upperTail(a)
    case .twoSided:
      let limit = null.logMass(a) + log1p(1e-7)
      p = orderedSum(null.support.map { null.logMass($0) }.filter { $0 <= limit }.map { exp($0) })
    }
    return TestResult(Double(a), p, .exact, estimate: conditionalOddsRatio(null, a))
  }

  /// The ω at which E(a) under the noncentral hypergeometric distribution with odds ratio ω is the a observed.
  private static func conditionalOddsRatio(_ null: Hypergeometric, _ a: Int) -> Double {
    if a == null.support.lowerBound { return 0 }
    if a == null.support.upperBound { return .infinity }
    let logs = null.support.map { (value: Double($0), log: null.logMass($0)) }
    func mean(_ logOdds: Double) -> Double {
      let weights = logs.map { $0.log + $0.value * logOdds }
      let largest = weights.max() ?? 0
      var (sum, total) = (0.0, 0.0)
      for (cell, w) in zip(logs, weights) {
        let e = exp(w - largest)
        sum += cell.value * e
        total += e
      }
      return sum / total
    }
    var reach = 1.0
    while reach < 700 && (mean(reach) < Double(a) || mean(-reach) > Double(a)) { reach *= 2 }
    return exp(Brent.root(in: -reach...reach) { mean($0) - Double(a) } ?? .nan)
  }

  /// Of an r × c table: the probability of all tables with these margins that are no more likely than the one observed, to a relative 1e-7.
  ///
  /// Columns are filled one after the other; after each the states that matter are the sets of row sums left and the probability so far.
  /// Exact while fewer than `budget` nodes are visited (tables of three or four lines with up to some 50 counts); otherwise Monte Carlo
  /// over random permutations of the rows' labels.
  public static func table(_ table: [[Int]], budget: Int = 3_000_000, draws: Int = 100_000, seed: UInt64 = 1) -> TestResult {
    let table = CountTest.withoutEmptyLines(table)
    guard table.count > 1, table[0].count > 1 else { return .impossible }
    if table.count == 2 && table[0].count == 2 { return twoByTwo(table[0][0], table[0][1], table[1][0], table[1][1]) }
    // The shorter side as rows: fewer ways to fill a column.
    let columns = table[0].count
    let turned = table.count > columns ? (0..<columns).map { j in table.map { $0[j] } } : table
    var search = Search(turned, budget: budget)
    let observed = search.logProbability(turned)
    if let p = search.tail(observed) { return TestResult(observed, p, .exact) }
    var labels: [Int] = []
    var ends: [Int] = []
    for row in turned.indices { labels += [Int](repeating: row, count: turned[row].reduce(0, +)) }
    for j in turned[0].indices { ends.append((ends.last ?? 0) + turned.reduce(0) { $0 + $1[j] }) }
    var stream = RandomStream(seed: seed)
    var hits = 0
    for _ in 0..<draws {
      stream.shuffle(&labels)
      var sample = turned.map { $0.map { _ in 0 } }
      var j = 0
      for (i, label) in labels.enumerated() {
        while i >= ends[j] { j += 1 }
        sample[label][j] += 1
      }
      if search.logProbability(sample) <= observed + 1e-7 { hits += 1 }
    }
    return TestResult(observed, Double(1 + hits) / Double(1 + draws), .monteCarlo(draws: draws))
  }

  private struct Search {
    let rows: [Int]
    let columns: [Int]
    let logFactorials: [Double]
    let constant: Double
    var left: Int

    init(_ table: [[Int]], budget: Int) {
      rows = table.map { $0.reduce(0, +) }
      // Large columns first: they leave the fewest states.
      columns = table[0].indices.map { j in table.reduce(0) { $0 + $1[j] } }.sorted(by: >)
      let n = rows.reduce(0, +)
      logFactorials = (0...n).map { Statistics.logGamma(Double($0) + 1) }
      var sum = -logFactorials[n]
      for count in rows + columns { sum += logFactorials[count] }
      constant = sum
      left = budget
    }

    func logProbability(_ table: [[Int]]) -> Double {
      var sum = constant
      for row in table { for count in row { sum -= logFactorials[count] } }
      return sum
    }

    mutating func tail(_ observed: Double) -> Double? {
      // Rows left → list of (log probability so far, how much of it), equal ones (to 1e-9) merged.
      var states: [[Int]: [Int: Double]] = [rows: [0: 1]]
      let scale = 1e9
      for column in columns.dropLast() {
        var next: [[Int]: [Int: Double]] = [:]
        for state in states.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
          let past = states[state]!.sorted { $0.key < $1.key }
          var fillings: [[Int]] = []
          fill(column, state, 0, [], &fillings)
          left -= fillings.count * past.count
          if left < 0 { return nil }
          for filling in fillings {
            var step = 0.0
            for count in filling { step -= logFactorials[count] }
            let rest = zip(state, filling).map { $0 - $1 }.sorted()
            for (key, weight) in past { next[rest, default: [:]][key + Int((step * scale).rounded()), default: 0] += weight }
          }
        }
        states = next
      }
      var hits: [Double] = []
      for (state, past) in states {
        var step = constant
        for count in state { step -= logFactorials[count] }
        for (key, weight) in past {
          let value = Double(key) / scale + step
          if value <= observed + 1e-7 { hits.append(weight * exp(value)) }
        }
      }
      return orderedSum(hits)
    }

    private func fill(_ column: Int, _ room: [Int], _ row: Int, _ sofar: [Int], _ result: inout [[Int]]) {
      if row == room.count - 1 {
        if column <= room[row] { result.append(sofar + [column]) }
        return
      }
      let later = room[(row + 1)...].reduce(0, +)
      let least = max(0, column - later)
      let most = min(room[row], column)
      if least > most { return }
      for count in least...most { fill(column - count, room, row + 1, sofar + [count], &result) }
    }
  }
}
