/// A sheet that alone holds two parts of the design together: without it they could not be compared.
public struct WeakLink: Sendable, Equatable {
  public var sheet: Int
  /// The smaller of the two parts.
  public var raters: Int
  public var units: Int

  public init(sheet: Int, raters: Int, units: Int) {
    self.sheet = sheet
    self.raters = raters
    self.units = units
  }
}

extension Design {
  /// The bridges of the rater–unit graph with at least one rater and one unit on either side, most raters on the smaller side first.
  ///
  /// A unit with a single rater, or a rater with a single unit, hangs on a bridge as well; that is a small panel, not a weak link, and is left out.
  /// Tarjan's low-link algorithm (R. E. Tarjan, "A note on finding the bridges of a graph", 1974) with an explicit stack; linear.
  public func weakLinks() -> [WeakLink] {
    let units = unitSheets.count - 1
    let nodes = units + sheetsOfRater.count
    // Edges of unit u are its sheets; those of a rater are gathered by a counting sort.
    var raterStart = [0]
    for load in sheetsOfRater { raterStart.append(raterStart[raterStart.count - 1] + load) }
    var raterSheets = [Int](repeating: 0, count: sheetCount)
    var next = raterStart
    for s in 0..<sheetCount {
      let r = Int(sheetRater[s])
      raterSheets[next[r]] = s
      next[r] += 1
    }
    var order = [Int](repeating: -1, count: nodes)
    var low = order
    var below = [Component](repeating: Component(units: 0, raters: 0, sheets: 0), count: nodes)
    var edge = (0..<nodes).map { $0 < units ? unitSheets[$0] : raterStart[$0 - units] }
    var entered = [Int](repeating: -1, count: nodes)
    var visited = 0
    var found: [WeakLink] = []
    for root in 0..<units where order[root] < 0 {
      let whole = components[componentOfUnit[root]]
      var stack = [root]
      order[root] = visited
      low[root] = visited
      visited += 1
      while let node = stack.last {
        let end = node < units ? unitSheets[node + 1] : raterStart[node - units + 1]
        if edge[node] < end {
          let s = node < units ? edge[node] : raterSheets[edge[node]]
          edge[node] += 1
          if s == entered[node] { continue }
          let other = node < units ? units + Int(sheetRater[s]) : Int(sheetUnit[s])
          if order[other] < 0 {
            order[other] = visited
            low[other] = visited
            visited += 1
            entered[other] = s
            stack.append(other)
          } else {
            low[node] = min(low[node], order[other])
          }
          continue
        }
        stack.removeLast()
        if node < units { below[node].units += 1 } else { below[node].raters += 1 }
        guard let parent = stack.last else { continue }
        low[parent] = min(low[parent], low[node])
        below[parent].units += below[node].units
        below[parent].raters += below[node].raters
        if low[node] > order[parent] {
          let inside = below[node]
          let outside = Component(units: whole.units - inside.units, raters: whole.raters - inside.raters, sheets: 0)
          if inside.units > 0, inside.raters > 0, outside.units > 0, outside.raters > 0 {
            let smaller = inside.raters <= outside.raters ? inside : outside
            found.append(WeakLink(sheet: entered[node], raters: smaller.raters, units: smaller.units))
          }
        }
      }
    }
    return found.sorted { ($1.raters, $1.units, $0.sheet) < ($0.raters, $0.units, $1.sheet) }
  }
}
