/// Which differences the responses cannot tell: the shifts of measures that change no response's θ − Σ δ.
///
/// Adding a constant to one facet and taking it from another never shows; beyond that, raters who judged only their own units form a subset,
/// and all of a subset's severities may move with its units' measures. With more than two facets this is not a question of a graph's components
/// (all subsets may share the same criteria). So it is settled by exact elimination: unknown levels get a free constant where they must, every response
/// with one unknown level determines it as a linear form of these constants, and responses whose forms do not cancel remove constants again.
/// Cost is linear in the responses when few constants are needed.
struct NullSpace: Sendable {
  /// By direction, facet, level: the shift. In the sign of the measures themselves.
  let directions: [[[Double]]]
  /// By facet and level: levels with the same number differ by an estimable amount. −1 without an active response.
  let classes: [[Int]]
  /// False when the design needs more constants than are followed; `directions` is then empty.
  let isComplete: Bool

  static let constantLimit = 400

  /// - Parameters:
  ///   - mergeUnits: marginal estimation, in which all units share one unknown, their mean.
  ///   - holdsUnits: this mean is known.
  init(_ model: ManyFacetRaschModel, _ active: ActiveResponses, mergeUnits: Bool, holdsUnits: Bool = false) {
    var elimination = Elimination(model, active, mergeUnits: mergeUnits, holdsUnits: holdsUnits)
    isComplete = elimination.run()
    let basis = isComplete ? elimination.freeDirections() : []
    var directions: [[[Double]]] = []
    for vector in basis {
      directions.append(
        model.facets.indices.map { f in
          let sign: Double = f == model.unitFacet ? -1 : 1
          return (0..<model.facets[f].levels).map { level in
            elimination.forms[elimination.element(f, level)].reduce(0.0) { $0 + vector[$1.constant] * $1.coefficient } * sign
          }
        })
    }
    self.directions = directions
    let present = active.levels.enumerated().map { f, column in
      var flags = [Bool](repeating: false, count: model.facets[f].levels)
      for level in column { flags[Int(level)] = true }
      return flags
    }
    classes = model.facets.indices.map { f in
      var numbers: [[Int]: Int] = [:]
      return (0..<model.facets[f].levels).map { level in
        guard present[f][level] else { return -1 }
        let key = directions.map { Int(($0[f][level] * 1e6).rounded()) }
        if let number = numbers[key] { return number }
        numbers[key] = numbers.count
        return numbers.count - 1
      }
    }
  }
}

private struct Term {
  let constant: Int
  let coefficient: Double
}

/// The elimination itself. Forms are in the sign in which a response's levels sum to zero.
private struct Elimination {
  let facets: Int
  let offsets: [Int]
  let members: [Int32]
  let unitFacet: Int
  let mergeUnits: Bool
  var forms: [[Term]]
  var isKnown: [Bool]
  var unknown: [Int8]
  let responsesOf: [[Int32]]
  var constants = 0
  /// Reduced rows of the equations among the constants, by pivot.
  var rows: [(pivot: Int, row: [Double])] = []

  init(_ model: ManyFacetRaschModel, _ active: ActiveResponses, mergeUnits: Bool, holdsUnits: Bool) {
    facets = model.facets.count
    unitFacet = model.unitFacet
    self.mergeUnits = mergeUnits
    var offsets: [Int] = []
    var total = 0
    for facet in model.facets {
      offsets.append(total)
      total += facet.levels
    }
    self.offsets = offsets
    var members: [Int32] = []
    members.reserveCapacity(active.count * facets)
    var seen: [Int32] = [Int32](repeating: -1, count: facets)
    for o in 0..<active.count {
      let tuple = (0..<facets).map { f in
        Int32(offsets[f] + (mergeUnits && f == model.unitFacet ? 0 : Int(active.levels[f][o])))
      }
      if tuple == seen { continue }
      seen = tuple
      members += tuple
    }
    self.members = members
    let count = members.count / facets
    var responsesOf = [[Int32]](repeating: [], count: total)
    for o in 0..<count { for f in 0..<facets { responsesOf[Int(members[o * facets + f])].append(Int32(o)) } }
    self.responsesOf = responsesOf
    forms = [[Term]](repeating: [], count: total)
    isKnown = [Bool](repeating: false, count: total)
    unknown = [Int8](repeating: Int8(facets), count: count)
    for f in 0..<facets {
      for level in 0..<model.facets[f].levels
      where active.status[f][level] == .anchored || (holdsUnits && f == model.unitFacet && level == 0) {
        let e = offsets[f] + level
        isKnown[e] = true
        for o in responsesOf[e] { unknown[Int(o)] -= 1 }
      }
    }
  }

  func element(_ facet: Int, _ level: Int) -> Int { offsets[facet] + (mergeUnits && facet == unitFacet ? 0 : level) }

  /// False when too many constants would be needed.
  mutating func run() -> Bool {
    let count = unknown.count
    var ready: [Int32] = []
    var linked: [Int32] = []
    for o in 0..<count { if unknown[o] == 1 { ready.append(Int32(o)) } }
    var next = 0
    while true {
      while let o = ready.popLast() {
        guard unknown[Int(o)] == 1 else { continue }
        let range = (Int(o) * facets)..<((Int(o) + 1) * facets)
        let e = range.map { Int(members[$0]) }.first { !isKnown[$0] }!
        var sum: [Int: Double] = [:]
        for m in range { for term in forms[Int(members[m])] { sum[term.constant, default: 0] -= term.coefficient } }
        settle(
          e, sum.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map { Term(constant: $0.key, coefficient: $0.value) }, &ready, &linked)
      }
      // A response that already holds a known level keeps the number of constants small.
      var chosen: Int?
      while let o = linked.popLast() {
        if unknown[Int(o)] > 1 {
          chosen = Int(o)
          break
        }
      }
      while chosen == nil, next < count {
        if unknown[next] > 1 { chosen = next } else { next += 1 }
      }
      guard let o = chosen else { break }
      if constants == NullSpace.constantLimit { return false }
      // Units last, so that constants stand for the other facets where possible.
      let candidates = (0..<facets).filter { !isKnown[Int(members[o * facets + $0])] }
      let f = candidates.first { $0 != unitFacet } ?? candidates[0]
      constants += 1
      settle(Int(members[o * facets + f]), [Term(constant: constants - 1, coefficient: 1)], &ready, &linked)
      if unknown[o] > 1 { linked.append(Int32(o)) }
    }
    reduce()
    return true
  }

  private mutating func settle(_ e: Int, _ form: [Term], _ ready: inout [Int32], _ linked: inout [Int32]) {
    forms[e] = form
    isKnown[e] = true
    for o in responsesOf[e] {
      unknown[Int(o)] -= 1
      if unknown[Int(o)] == 1 { ready.append(o) } else if unknown[Int(o)] > 1 { linked.append(o) }
    }
  }

  /// What the responses say about the constants: rows in reduced echelon form.
  private mutating func reduce() {
    var sum = [Double](repeating: 0, count: constants)
    var seen: Set<[Double]> = []
    for o in 0..<unknown.count {
      var touched: [Int] = []
      for m in (o * facets)..<((o + 1) * facets) {
        for term in forms[Int(members[m])] {
          sum[term.constant] += term.coefficient
          touched.append(term.constant)
        }
      }
      let isZero = touched.allSatisfy { abs(sum[$0]) < 1e-9 }
      if !isZero, rows.count < constants, seen.insert(sum).inserted { insert(sum) }
      for m in touched { sum[m] = 0 }
    }
  }

  private mutating func insert(_ equation: [Double]) {
    var row = equation
    for (pivot, known) in rows where row[pivot] != 0 {
      let factor = row[pivot]
      for m in row.indices { row[m] -= factor * known[m] }
    }
    guard let pivot = row.indices.max(by: { abs(row[$0]) < abs(row[$1]) }), abs(row[pivot]) > 1e-9 else { return }
    let scale = row[pivot]
    for m in row.indices { row[m] /= scale }
    for i in rows.indices where rows[i].row[pivot] != 0 {
      let factor = rows[i].row[pivot]
      for m in row.indices { rows[i].row[m] -= factor * row[m] }
    }
    rows.append((pivot, row))
  }

  /// One vector over the constants for each of them that no equation determines.
  func freeDirections() -> [[Double]] {
    let pivots = Set(rows.map(\.pivot))
    return (0..<constants).filter { !pivots.contains($0) }.map { free in
      var vector = [Double](repeating: 0, count: constants)
      vector[free] = 1
      for (pivot, row) in rows { vector[pivot] = -row[free] }
      return vector
    }
  }
}
