internal import Foundation

/// All measures and cumulative thresholds, free and fixed, at one point of the search.
struct RaschValues: Sendable {
  /// By facet and level. The units' are filled in at the end.
  var measures: [[Double]]
  /// By scale and category, `κ[g * (steps + 1) + k]`; +∞ for categories that cannot occur.
  var cumulative: [Double]
  /// Of the units' distribution, in marginal estimation.
  var mean = 0.0
  var logDeviation = 0.0

  /// Anchored values, and starting values for the rest: zero measures, thresholds from the log counts of adjacent categories, and for the units a
  /// standard deviation of 1/g logits, g being the largest gap between used scores. (Two categories g apart are a table of 0 and 1 with all
  /// measures g times smaller; at a fixed 1 logit the search would begin g times too far out.)
  init(_ model: ManyFacetRaschModel, _ active: ActiveResponses) {
    measures = model.facets.map { [Double](repeating: 0, count: $0.levels) }
    for (f, values) in model.anchors.measures { for (level, value) in values { measures[f][level] = value } }
    let width = model.steps + 1
    cumulative = [Double](repeating: .infinity, count: model.scaleCount * width)
    var counts = [Double](repeating: 0, count: model.scaleCount * width)
    for o in 0..<active.count { counts[Int(active.scale[o]) * width + Int(active.category[o])] += 1 }
    for g in 0..<model.scaleCount {
      if let anchored = model.anchors.thresholds[g] {
        cumulative[g * width] = 0
        for k in 1..<width { cumulative[g * width + k] = cumulative[g * width + k - 1] + anchored[k - 1] }
        continue
      }
      let low = Int(active.lowest[g])
      let high = Int(active.highest[g])
      if low >= high { continue }
      // κ[k] = −log(count) up to a line through both ends; half a response more keeps rare categories from extreme starts.
      let ends = (log(counts[g * width + low] + 0.5), log(counts[g * width + high] + 0.5))
      for k in low...high where active.used[g * width + k] {
        let share = Double(k - low) / Double(high - low)
        cumulative[g * width + k] = ends.0 + share * (ends.1 - ends.0) - log(counts[g * width + k] + 0.5)
      }
      cumulative[g * width + low] = 0
      cumulative[g * width + high] = 0
    }
    logDeviation = -log(Double(active.largestGap(width: width)))
  }

  /// The same with the free parameters taken from `vector`.
  func with(_ vector: [Double], _ map: ParameterMap, width: Int) -> RaschValues {
    var result = self
    for (j, f) in map.keptFacets.enumerated() {
      for (level, parameter) in map.facetParameter[j].enumerated() where parameter >= 0 {
        result.measures[f][level] = vector[Int(parameter)]
      }
    }
    for g in map.scaleParameter.indices {
      for r in map.freeStart[g]..<map.freeStart[g + 1] {
        result.cumulative[g * width + Int(map.freeCategories[r])] = vector[Int(map.scaleParameter[g]) + r - map.freeStart[g]]
      }
    }
    if let p = map.population {
      result.mean = vector[p]
      result.logDeviation = vector[p + 1]
    }
    return result
  }

  /// The free parameters.
  func vector(_ map: ParameterMap, width: Int) -> [Double] {
    var vector = [Double](repeating: 0, count: map.count)
    for (j, f) in map.keptFacets.enumerated() {
      for (level, parameter) in map.facetParameter[j].enumerated() where parameter >= 0 { vector[Int(parameter)] = measures[f][level] }
    }
    for g in map.scaleParameter.indices {
      for r in map.freeStart[g]..<map.freeStart[g + 1] {
        vector[Int(map.scaleParameter[g]) + r - map.freeStart[g]] = cumulative[g * width + Int(map.freeCategories[r])]
      }
    }
    if let p = map.population {
      vector[p] = mean
      vector[p + 1] = logDeviation
    }
    return vector
  }
}
