/// Whether and how an element (a level of a facet) got its measure.
public enum ElementStatus: Sendable, Equatable {
  case estimated
  case anchored
  /// Only lowest or only highest scores: a maximum-likelihood measure would be infinite. The element does not take part in the estimation of the
  /// others; its own measure follows from its total moved inwards by a fraction of a point.
  case extremeLow, extremeHigh
  /// Every response stands with an extreme element, or on a scale of which only one category was used: the data say nothing about it.
  case undetermined
  /// No response at all.
  case unobserved
}

/// The responses that carry information, in canonical order, as flat columns.
struct ActiveResponses: Sendable {
  /// Positions of the responses of unit u: `unitStart[u]..<unitStart[u + 1]`.
  let unitStart: [Int]
  /// Which response of the model this is.
  let source: [Int32]
  /// Category, counted from the model's lowest score.
  let category: [Int32]
  let scale: [Int32]
  /// One column a facet.
  let levels: [[Int32]]
  /// Lowest and highest category that is possible on each scale; `lowest > highest` where a scale has no responses.
  let lowest: [Int32]
  let highest: [Int32]
  /// `used[scale * (steps + 1) + category]`.
  let used: [Bool]
  let status: [[ElementStatus]]
  /// In which round an extreme element was set aside; later rounds are estimated first.
  let round: [[Int]]

  var count: Int { source.count }

  /// The largest distance from one used score to the next on the same scale, at least 1.
  func largestGap(width: Int) -> Int {
    var largest = 1
    for g in lowest.indices where lowest[g] < highest[g] {
      var last = Int(lowest[g])
      for k in Int(lowest[g])...Int(highest[g]) where used[g * width + k] {
        largest = max(largest, k - last)
        last = k
      }
    }
    return largest
  }

  /// Sets extreme elements aside until none is left: without their responses others may become extreme.
  ///
  /// - Parameter keepsExtremeUnits: units with a distribution have finite measures whatever their scores.
  init(_ model: ManyFacetRaschModel, keepsExtremeUnits: Bool) throws(RaschError) {
    let n = model.scores.count
    let facets = model.facets
    let width = model.steps + 1
    var active = [Bool](repeating: true, count: n)
    var status = facets.map { [ElementStatus](repeating: .estimated, count: $0.levels) }
    var round = facets.map { [Int](repeating: 0, count: $0.levels) }
    for (f, values) in model.anchors.measures { for level in values.keys { status[f][level] = .anchored } }
    var low: [Int32] = []
    var high: [Int32] = []
    var pass = 0
    var changed = true
    while changed {
      changed = false
      pass += 1
      low = [Int32](repeating: Int32(width), count: model.scaleCount)
      high = [Int32](repeating: -1, count: model.scaleCount)
      for i in 0..<n where active[i] {
        let g = model.scale(of: i)
        let x = model.scores[i] - Int32(model.lowest)
        low[g] = min(low[g], x)
        high[g] = max(high[g], x)
      }
      for g in model.anchors.thresholds.keys where g < low.count { (low[g], high[g]) = (0, Int32(model.steps)) }
      for i in 0..<n where active[i] {
        let g = model.scale(of: i)
        if low[g] == high[g] {
          active[i] = false
          changed = true
        }
      }
      var extremes: [(Int, Int)] = []
      for f in facets.indices where !(keepsExtremeUnits && f == model.unitFacet) {
        var below = [Int](repeating: 0, count: facets[f].levels)
        var above = below
        var count = below
        for i in 0..<n where active[i] {
          let g = model.scale(of: i)
          let x = model.scores[i] - Int32(model.lowest)
          let level = Int(facets[f].codes[i])
          below[level] += Int(x - low[g])
          above[level] += Int(high[g] - x)
          count[level] += 1
        }
        for level in 0..<facets[f].levels where count[level] > 0 && status[f][level] == .estimated {
          if below[level] > 0 && above[level] > 0 { continue }
          status[f][level] = below[level] == 0 ? .extremeLow : .extremeHigh
          round[f][level] = pass
          extremes.append((f, level))
        }
      }
      if extremes.isEmpty { continue }
      changed = true
      let set = facets.indices.map { f in
        var flags = [Bool](repeating: false, count: facets[f].levels)
        for (facet, level) in extremes where facet == f { flags[level] = true }
        return flags
      }
      for i in 0..<n where active[i] && facets.indices.contains(where: { set[$0][Int(facets[$0].codes[i])] }) { active[i] = false }
    }
    let kept = model.order.filter { active[Int($0)] }
    if kept.isEmpty { throw .onlyExtremeScores }
    var starts = [Int](repeating: 0, count: facets[model.unitFacet].levels + 1)
    for i in kept { starts[Int(facets[model.unitFacet].codes[Int(i)]) + 1] += 1 }
    for u in 1..<starts.count { starts[u] += starts[u - 1] }
    var used = [Bool](repeating: false, count: model.scaleCount * width)
    for i in kept { used[model.scale(of: Int(i)) * width + Int(model.scores[Int(i)]) - model.lowest] = true }
    for g in model.anchors.thresholds.keys where g < model.scaleCount { for k in 0..<width { used[g * width + k] = true } }
    for f in facets.indices {
      var observed = [Bool](repeating: false, count: facets[f].levels)
      var informative = observed
      for i in 0..<n { observed[Int(facets[f].codes[i])] = true }
      for i in kept { informative[Int(facets[f].codes[Int(i)])] = true }
      for level in 0..<facets[f].levels where status[f][level] == .estimated && !informative[level] {
        status[f][level] = observed[level] ? .undetermined : .unobserved
      }
    }
    unitStart = starts
    source = kept
    category = kept.map { model.scores[Int($0)] - Int32(model.lowest) }
    scale = kept.map { Int32(model.scale(of: Int($0))) }
    levels = facets.map { facet in kept.map { facet.codes[Int($0)] } }
    lowest = low
    highest = high
    self.used = used
    self.status = status
    self.round = round
  }
}
