/// Which numbers are free, and which of them each unit's responses touch.
///
/// Thresholds are kept as cumulative sums κ[k] = τ[1] + … + τ[k], zero at a scale's lowest and highest category. Then each free κ belongs to one
/// category, its sufficient statistic is a count, and the sum of the thresholds is zero without a constraint.
struct ParameterMap: Sendable {
  /// Facets other than the units', in the model's order.
  let keptFacets: [Int]
  /// By kept facet and level: the parameter, or −1 if it is fixed.
  let facetParameter: [[Int32]]
  /// By scale: its first free κ; the others follow.
  let scaleParameter: [Int32]
  /// By scale: its free categories are `freeCategories[freeStart[g]..<freeStart[g + 1]]`, in ascending order.
  let freeStart: [Int]
  let freeCategories: [Int32]
  /// Mean and log standard deviation of the units are the last two parameters in marginal estimation.
  let population: Int?
  let count: Int

  /// The parameters that unit u touches, in ascending order: `local[localStart[u]..<localStart[u + 1]]`.
  let localStart: [Int]
  let local: [Int32]
  /// By response and kept facet: position in the unit's list, or −1.
  let facetPosition: [Int32]
  /// By response: position of its scale's first free κ in the unit's list.
  let scalePosition: [Int32]

  init(_ model: ManyFacetRaschModel, _ active: ActiveResponses, marginal: Bool) {
    let kept = model.facets.indices.filter { $0 != model.unitFacet }
    var next: Int32 = 0
    var facetParameter: [[Int32]] = []
    for f in kept {
      facetParameter.append(
        active.status[f].map {
          guard $0 == .estimated else { return -1 }
          next += 1
          return next - 1
        })
    }
    let width = model.steps + 1
    var scaleParameter: [Int32] = []
    var freeStart = [0]
    var freeCategories: [Int32] = []
    for g in 0..<model.scaleCount {
      scaleParameter.append(next)
      if model.anchors.thresholds[g] == nil, active.lowest[g] < active.highest[g] {
        for k in (active.lowest[g] + 1)..<active.highest[g] where active.used[g * width + Int(k)] { freeCategories.append(k) }
      }
      freeStart.append(freeCategories.count)
      next += Int32(freeStart[g + 1] - freeStart[g])
    }
    population = marginal ? Int(next) : nil
    count = Int(next) + (marginal ? 2 : 0)
    keptFacets = kept
    self.facetParameter = facetParameter
    self.scaleParameter = scaleParameter
    self.freeStart = freeStart
    self.freeCategories = freeCategories

    var localStart = [0]
    var local: [Int32] = []
    var facetPosition = [Int32](repeating: -1, count: active.count * kept.count)
    var scalePosition = [Int32](repeating: 0, count: active.count)
    var place = [Int32](repeating: -1, count: Int(next))
    for u in 0..<(active.unitStart.count - 1) {
      let begin = local.count
      for o in active.unitStart[u]..<active.unitStart[u + 1] {
        for (j, f) in kept.enumerated() {
          let parameter = facetParameter[j][Int(active.levels[f][o])]
          if parameter >= 0, place[Int(parameter)] < 0 {
            place[Int(parameter)] = 0
            local.append(parameter)
          }
        }
        let g = Int(active.scale[o])
        let first = scaleParameter[g]
        let free = Int32(freeStart[g + 1] - freeStart[g])
        if free > 0, place[Int(first)] < 0 {
          for r in 0..<free {
            place[Int(first + r)] = 0
            local.append(first + r)
          }
        }
      }
      local[begin...].sort()
      for i in begin..<local.count { place[Int(local[i])] = Int32(i - begin) }
      for o in active.unitStart[u]..<active.unitStart[u + 1] {
        for (j, f) in kept.enumerated() {
          let parameter = facetParameter[j][Int(active.levels[f][o])]
          if parameter >= 0 { facetPosition[o * kept.count + j] = place[Int(parameter)] }
        }
        let g = Int(active.scale[o])
        if freeStart[g + 1] > freeStart[g] { scalePosition[o] = place[Int(scaleParameter[g])] }
      }
      for i in begin..<local.count { place[Int(local[i])] = -1 }
      if marginal, active.unitStart[u] < active.unitStart[u + 1] { local += [next, next + 1] }
      localStart.append(local.count)
    }
    self.localStart = localStart
    self.local = local
    self.facetPosition = facetPosition
    self.scalePosition = scalePosition
  }

  private var sizes: [Int] { zip(localStart.dropFirst(), localStart).map { $0 - $1 } }
  /// The most parameters that one unit touches.
  var largestUnit: Int { sizes.max() ?? 0 }
  /// Numbers in the units' squares of information.
  var squares: Int { sizes.reduce(0) { $0 + $1 * $1 } }
}
