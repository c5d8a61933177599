/// Measures for the elements that were set aside because their scores are all lowest or all highest.
///
/// The total is moved inwards by a fraction of a point (0.3 by default, as FACETS and Winsteps do), the other measures are held, and
/// Σ(x − E) = 0 is solved for the one element. Elements set aside last come first, since the others' responses may involve them.
struct ExtremeElements {
  private let order: [(facet: Int, level: Int)]
  private let responses: [[Int]]
  private let correction: Double

  init(_ fit: ManyFacetRaschFit) {
    let active = fit.active
    let model = fit.model
    var order: [(facet: Int, level: Int)] = []
    for f in active.status.indices {
      for (level, status) in active.status[f].enumerated() where status == .extremeLow || status == .extremeHigh {
        order.append((f, level))
      }
    }
    order.sort { (-active.round[$0.facet][$0.level], $0.facet, $0.level) < (-active.round[$1.facet][$1.level], $1.facet, $1.level) }
    var wanted = model.facets.map { [Int](repeating: -1, count: $0.levels) }
    for (i, entry) in order.enumerated() { wanted[entry.facet][entry.level] = i }
    var responses = [[Int]](repeating: [], count: order.count)
    if !order.isEmpty {
      for response in model.order {
        for f in wanted.indices {
          let i = wanted[f][Int(model.facets[f].codes[Int(response)])]
          if i >= 0 { responses[i].append(Int(response)) }
        }
      }
    }
    self.order = order
    self.responses = responses
    correction = fit.extremeCorrection
  }

  func estimate(_ fit: inout ManyFacetRaschFit) {
    let model = fit.model
    let table = CategoryTable(fit.values.cumulative, width: model.steps + 1)
    for (i, entry) in order.enumerated() {
      // θ − Σ δ without the element itself, for the responses whose other elements have measures.
      var rest: [(Double, Int)] = []
      var total = 0.0
      var possible = 0.0
      for response in responses[i] {
        let g = model.scale(of: response)
        guard fit.active.lowest[g] < fit.active.highest[g] else { continue }
        var sum = 0.0
        for (f, facet) in model.facets.enumerated() where f != entry.facet {
          sum += fit.values.measures[f][Int(facet.codes[response])] * (f == model.unitFacet ? 1 : -1)
        }
        if sum.isNaN { continue }
        rest.append((sum, g))
        possible += Double(fit.active.highest[g] - fit.active.lowest[g])
        let x = min(max(model.scores[response] - Int32(model.lowest), fit.active.lowest[g]), fit.active.highest[g])
        total += Double(x)
      }
      if rest.isEmpty { continue }
      let inward = min(correction, possible / 4)
      total += fit.active.status[entry.facet][entry.level] == .extremeLow ? inward : -inward
      let sign: Double = entry.facet == model.unitFacet ? 1 : -1
      var measure = 0.0
      var information = 1.0
      var root = FallingRoot()
      for _ in 0..<200 {
        var excess = total
        information = 0
        for (sum, g) in rest {
          let m = table.moments(sum + sign * measure, g)
          excess -= m.mean
          information += m.variance
        }
        let step = sign * excess / information
        measure = root.next(after: measure, value: sign * excess, step: step)
        if abs(step) < 1e-10 { break }
      }
      fit.values.measures[entry.facet][entry.level] = measure
      fit.standardErrors[entry.facet][entry.level] = 1 / information.squareRoot()
    }
  }
}
