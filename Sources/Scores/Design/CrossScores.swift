/// A score that is not there and would help: this rater should score this unit too.
public struct CrossScore: Sendable, Equatable {
  public enum Gain: Sendable, Equatable {
    /// It joins two parts of the design that cannot be compared otherwise; this many raters are in the part that is joined.
    case joins(raters: Int)
    /// It lowers the mean variance of the difference between two raters by this share of what it is.
    case lowersVariance(share: Double)
  }
  public var rater: Int
  public var unit: Int
  public var gain: Gain

  public init(rater: Int, unit: Int, gain: Gain) {
    self.rater = rater
    self.unit = unit
    self.gain = gain
  }
}

extension Design {
  /// The few extra scores that would help most, best first; at most `limit`.
  ///
  /// In a design of several components: one score for each of the others, largest first, that joins it to the largest. The rater is the one of the
  /// largest component with the fewest units, the unit the one of the other with the largest panel, for a large panel ties the link to many raters.
  ///
  /// In a connected design: those that most lower the mean variance of a difference between two raters' severities. With one observation a sheet
  /// and units eliminated, raters have the information matrix `L = diag(sheets of r) − Σ_u N_u N_u'/n_u` (a weighted Laplacian; `n_u` is the size of
  /// the panel with indicator `N_u`), the variance of the difference of raters i and j is σ² times the effective resistance
  /// `(e_i − e_j)' L⁺ (e_i − e_j)`, and the mean over all pairs is `2σ²/(R−1) · trace L⁺`. Rater x scoring unit u adds `v v'` to L with
  /// `v = √(n_u/(n_u+1)) · (e_x − N_u/n_u)`, hence takes `|L⁺v|² / (1 + v'L⁺v)` off the trace (Sherman–Morrison). Chosen greedily. Ties go to the rater
  /// with the fewest units, then to the first rater and unit.
  ///
  /// Cost: linear for several components. Otherwise R³ for the inverse and R²·(distinct panels) for each choice; beyond `ratersLimit` raters, or 4·10⁸ steps a
  /// choice, nothing is suggested.
  public func suggestedCrossScores(limit: Int = 5, ratersLimit: Int = 400) -> [CrossScore] {
    guard limit > 0 else { return [] }
    if components.count > 1 { return joiningScores(limit) }
    let raters = sheetsOfRater.count
    guard raters > 1, raters <= ratersLimit else { return [] }
    let panels = distinctPanels()
    guard raters * raters * panels.count <= 400_000_000 else { return [] }
    var inverse = ContrastInverse(panels: unitSheets.indices.dropLast().map { panel($0) }, raters: raters)
    var load = sheetsOfRater
    var used: Set<Int> = []
    var chosen: [CrossScore] = []
    while chosen.count < limit {
      var best: (gain: Double, rater: Int, unit: Int)?
      for candidate in panels {
        guard let unit = candidate.units.first(where: { !used.contains($0) }) else { continue }
        for rater in 0..<raters where !candidate.raters.contains(rater) {
          let gain = inverse.gain(adding: rater, to: candidate.raters)
          if let known = best {
            // Gains that differ in the last digits only are ties, so that the choice does not hang on rounding.
            let tie = abs(gain - known.gain) <= 1e-9 * known.gain
            if tie ? (load[rater], rater, unit) >= (load[known.rater], known.rater, known.unit) : gain < known.gain { continue }
          }
          best = (gain, rater, unit)
        }
      }
      guard let best, best.gain > 0 else { break }
      let share = best.gain / inverse.trace
      inverse.add(best.rater, to: panel(best.unit))
      // One extra score a unit: the panel the next choice would join has changed.
      used.insert(best.unit)
      load[best.rater] += 1
      chosen.append(CrossScore(rater: best.rater, unit: best.unit, gain: .lowersVariance(share: share)))
    }
    return chosen
  }

  /// The raters of a unit in ascending order.
  public func panel(_ unit: Int) -> [Int] { (unitSheets[unit]..<unitSheets[unit + 1]).map { Int(sheetRater[$0]) } }

  private func distinctPanels() -> [(raters: [Int], units: [Int])] {
    var place: [[Int]: Int] = [:]
    var panels: [(raters: [Int], units: [Int])] = []
    for unit in 0..<(unitSheets.count - 1) {
      let raters = panel(unit)
      if let known = place[raters] {
        panels[known].units.append(unit)
      } else {
        place[raters] = panels.count
        panels.append((raters, [unit]))
      }
    }
    return panels
  }

  private func joiningScores(_ limit: Int) -> [CrossScore] {
    let ranked = components.indices.sorted {
      (components[$1].raters, components[$1].units, $0) < (components[$0].raters, components[$0].units, $1)
    }
    guard let hub = ranked.first else { return [] }
    var unitOf = [Int](repeating: -1, count: components.count)
    for (unit, component) in componentOfUnit.enumerated() {
      let panel = unitSheets[unit + 1] - unitSheets[unit]
      if unitOf[component] < 0 || panel > unitSheets[unitOf[component] + 1] - unitSheets[unitOf[component]] { unitOf[component] = unit }
    }
    let free = componentOfRater.indices.filter { componentOfRater[$0] == hub }.sorted { (sheetsOfRater[$0], $0) < (sheetsOfRater[$1], $1) }
    guard !free.isEmpty else { return [] }
    let joined = ranked.dropFirst().filter { unitOf[$0] >= 0 }.prefix(limit)
    return joined.enumerated().map { k, component in
      CrossScore(rater: free[k % free.count], unit: unitOf[component], gain: .joins(raters: components[component].raters))
    }
  }
}

/// The pseudo-inverse of the raters' information matrix, kept up to date as scores are added. Dense, for small designs.
struct ContrastInverse {
  private let size: Int
  /// Row-major.
  private var inverse: [Double]

  /// Of a connected design. `L⁺ = (L + J/R)⁻¹ − J/R`, J the matrix of ones.
  init(panels: [[Int]], raters: Int) {
    size = raters
    var matrix = [Double](repeating: 1 / Double(raters), count: raters * raters)
    for panel in panels {
      let weight = 1 / Double(panel.count)
      for i in panel {
        matrix[i * raters + i] += 1
        for j in panel { matrix[i * raters + j] -= weight }
      }
    }
    inverse = ContrastInverse.inverted(matrix, raters)
    for k in inverse.indices { inverse[k] -= 1 / Double(raters) }
  }

  var trace: Double { (0..<size).reduce(0) { $0 + inverse[$1 * size + $1] } }

  /// What the trace loses when `rater` joins `panel`.
  func gain(adding rater: Int, to panel: [Int]) -> Double {
    let (product, form) = product(rater, panel)
    return product.reduce(0) { $0 + $1 * $1 } / (1 + form)
  }

  mutating func add(_ rater: Int, to panel: [Int]) {
    let (product, form) = product(rater, panel)
    for i in 0..<size {
      for j in 0..<size { inverse[i * size + j] -= product[i] * product[j] / (1 + form) }
    }
  }

  /// `L⁺v` and `v'L⁺v`.
  private func product(_ rater: Int, _ panel: [Int]) -> ([Double], Double) {
    let scale = (Double(panel.count) / Double(panel.count + 1)).squareRoot()
    var product = [Double](repeating: 0, count: size)
    for i in 0..<size {
      var mean = 0.0
      for j in panel { mean += inverse[i * size + j] }
      product[i] = scale * (inverse[i * size + rater] - mean / Double(panel.count))
    }
    var mean = 0.0
    for j in panel { mean += product[j] }
    return (product, scale * (product[rater] - mean / Double(panel.count)))
  }

  /// The inverse of a symmetric positive definite matrix by Gauss–Jordan elimination, which needs no pivoting there.
  private static func inverted(_ matrix: [Double], _ n: Int) -> [Double] {
    var a = matrix
    for k in 0..<n {
      let pivot = 1 / a[k * n + k]
      a[k * n + k] = 1
      for j in 0..<n { a[k * n + j] *= pivot }
      for i in 0..<n where i != k {
        let factor = a[i * n + k]
        if factor == 0 { continue }
        a[i * n + k] = 0
        for j in 0..<n { a[i * n + j] -= factor * a[k * n + j] }
      }
    }
    return a
  }
}
