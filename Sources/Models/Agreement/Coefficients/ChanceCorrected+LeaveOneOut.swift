extension ChanceCorrectedAgreement {
  /// The coefficient without one unit of each pattern; NaN where it is then not defined. O(patterns · k²) for k categories a unit.
  public func valuesWithoutPattern(_ coefficient: ChanceCorrected) -> [Double] {
    (0..<patterns.count).map { p in
      var rest = sums
      let r = patterns.size[p]
      // With d the unit's part of s: (s − d)'W(s − d) = s'Ws − 2 d'Ws + d'Wd.
      var (cross, squares, own, crossMargin) = (0.0, 0.0, 0.0, 0.0)
      for i in patterns.start[p]..<patterns.start[p + 1] {
        let (k, t) = (Int(patterns.category[i]), patterns.times[i])
        cross += t / r * weightedShares[k]
        squares += (t / r) * (2 * shares[k] - t / r)
        crossMargin += t * weightedMargins[k]
      }
      own = forms[p]
      rest.units -= 1
      rest.shareForm += own / (r * r) - 2 * cross
      rest.shareSquares -= squares
      if r >= 2 {
        rest.pairable -= 1
        rest.agreement -= (own - r) / (r * (r - 1))
        rest.values -= r
        rest.within -= (own - r) / (r - 1)
        rest.marginForm += own - 2 * crossMargin
      }
      return rest.pairable > 0.5 ? rest.value(coefficient, weights: weights) : .nan
    }
  }

  /// The coefficient without each rater of the table that the patterns were made of; NaN for a rater without ratings and where nothing is
  /// left to compare.
  ///
  /// Each rating changes its own unit's sums only: O(N k + R q²) for N ratings, R raters, k categories a unit.
  public func valuesWithoutRater(_ coefficient: ChanceCorrected, table: RatingsTable) -> [Double] {
    let (start, places, unitOf) = table.byRater()
    return (0..<table.raters).map { rater in
      if start[rater] == start[rater + 1] { return .nan }
      var rest = sums
      var shares = shares
      var margins = margins
      for j in start[rater]..<start[rater + 1] {
        let p = Int(patterns.ofUnit[Int(unitOf[j])])
        let v = Int(table.category[Int(places[j])])
        let r = patterns.size[p]
        var row = 0.0
        for i in patterns.start[p]..<patterns.start[p + 1] {
          let (k, t) = (Int(patterns.category[i]), patterns.times[i])
          row += t * weights[v, k]
          shares[k] -= t / r
          if r > 1 { shares[k] += (k == v ? t - 1 : t) / (r - 1) }
          if r == 2 { margins[k] -= t }
        }
        if r == 1 { rest.units -= 1 }
        if r < 2 { continue }
        if r > 2 { margins[v] -= 1 }
        rest.agreement -= (forms[p] - r) / (r * (r - 1))
        rest.within -= (forms[p] - r) / (r - 1)
        rest.values -= r == 2 ? 2 : 1
        if r == 2 {
          rest.pairable -= 1
        } else {
          let form = forms[p] - 2 * row + 1 - (r - 1)
          rest.agreement += form / ((r - 1) * (r - 2))
          rest.within += form / (r - 2)
        }
      }
      if rest.pairable < 0.5 { return .nan }
      rest.shareForm = dot(shares, weights.times(shares))
      rest.shareSquares = dot(shares, shares)
      rest.marginForm = dot(margins, weights.times(margins))
      return rest.value(coefficient, weights: weights)
    }
  }
}

func dot(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}
