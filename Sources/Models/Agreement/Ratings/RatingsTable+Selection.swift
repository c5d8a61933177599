extension RatingsTable {
  /// The same table without one rater's ratings. Units, raters and categories keep their numbers. O(N).
  public func removing(rater removed: Int) -> RatingsTable {
    keeping { Int(rater[$0]) != removed }
  }

  /// The same table without one unit's ratings. O(N).
  public func removing(unit removed: Int) -> RatingsTable {
    let range = unitStart[removed]..<unitStart[removed + 1]
    return keeping { !range.contains($0) }
  }

  private func keeping(_ isKept: (Int) -> Bool) -> RatingsTable {
    var start = [0]
    start.reserveCapacity(units + 1)
    var places: [Int] = []
    places.reserveCapacity(count)
    for u in 0..<units {
      for i in unitStart[u]..<unitStart[u + 1] where isKept(i) { places.append(i) }
      start.append(places.count)
    }
    return RatingsTable(
      units: units, raters: raters, unitStart: start, rater: places.map { rater[$0] }, value: places.map { value[$0] },
      categories: categories, category: places.map { category[$0] })
  }

  /// The place of a rater's rating of a unit, if there is one. O(log k).
  public func place(unit: Int, rater wanted: Int) -> Int? {
    var (low, high) = (unitStart[unit], unitStart[unit + 1])
    while low < high {
      let middle = (low + high) / 2
      if Int(rater[middle]) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < unitStart[unit + 1] && Int(rater[low]) == wanted ? low : nil
  }

  /// Units with at least this many ratings.
  public func units(withAtLeast ratings: Int) -> [Int] {
    (0..<units).filter { unitStart[$0 + 1] - unitStart[$0] >= ratings }
  }

  /// Raters with at least one rating, in ascending order.
  public var activeRaters: [Int] {
    var seen = [Bool](repeating: false, count: raters)
    for r in rater { seen[Int(r)] = true }
    return (0..<raters).filter { seen[$0] }
  }

  /// Places of the ratings by rater and then unit; those of rater r at `start[r] ..< start[r + 1]`. O(N).
  func byRater() -> (start: [Int], places: [Int32], unit: [Int32]) {
    var start = [Int](repeating: 0, count: raters + 1)
    for r in rater { start[Int(r) + 1] += 1 }
    for r in 0..<raters { start[r + 1] += start[r] }
    var next = start
    var places = [Int32](repeating: 0, count: count)
    var unit = [Int32](repeating: 0, count: count)
    for u in 0..<units {
      for i in unitStart[u]..<unitStart[u + 1] {
        let r = Int(rater[i])
        places[next[r]] = Int32(i)
        unit[next[r]] = Int32(u)
        next[r] += 1
      }
    }
    return (start, places, unit)
  }
}
