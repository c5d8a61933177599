/// How well raters agree on one category against all others.
///
/// Over the n units with r_i ≥ 2 ratings, x_i of them in the category:
///
///     P_j = Σ x_i (x_i − 1)/(r_i − 1) / Σ x_i      another rater of a unit in this category says so too (specific agreement)
///     κ_j = (P_j − p̂_j) / (1 − p̂_j),  p̂_j = Σ x_i / Σ r_i
///
/// Source: Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76, 378–382, for equal r_i; the
/// weights 1/(r_i − 1) are those of Krippendorff's coincidences, equal to Fleiss's there. NaN where no pairable rating is in the category; κ also
/// where all are. O(N + q).
public struct LabelAgreement: Sendable, Equatable {
  /// The value of the category.
  public let category: Double
  /// All ratings in it, also those of units with one rating.
  public let count: Int
  public let specific: Double
  public let kappa: Double

  /// One for each category that occurs, in ascending order.
  public static func all(_ table: RatingsTable) -> [LabelAgreement] {
    let q = table.categories.count
    var (count, pairable, agreeing) = ([Int](repeating: 0, count: q), [Double](repeating: 0, count: q), [Double](repeating: 0, count: q))
    var total = 0.0
    var here = [Int](repeating: 0, count: q)
    for u in 0..<table.units {
      let range = table.unitStart[u]..<table.unitStart[u + 1]
      for i in range { here[Int(table.category[i])] += 1 }
      for i in range {
        let k = Int(table.category[i])
        let x = Double(here[k])
        if x == 0 { continue }
        here[k] = 0
        count[k] += Int(x)
        if range.count < 2 { continue }
        pairable[k] += x
        agreeing[k] += x * (x - 1) / Double(range.count - 1)
      }
      if range.count >= 2 { total += Double(range.count) }
    }
    return (0..<q).filter { count[$0] > 0 }.map { k in
      let specific = agreeing[k] / pairable[k]
      let share = pairable[k] / total
      return LabelAgreement(
        category: table.categories[k], count: count[k], specific: pairable[k] > 0 ? specific : .nan,
        kappa: pairable[k] > 0 && share < 1 ? (specific - share) / (1 - share) : .nan)
    }
  }
}
