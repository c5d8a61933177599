import Models
import Statistics

/// Scores of units (merits of standard deviation 6) by 8 raters each (severities of 2) around 50, with errors of the test's own.
struct CrossedScores {
  private(set) var y: [Double] = []
  let factors: [GroupingFactor]

  /// - Parameter error: of one score, given what unit and rater add to 50.
  init(units: Int, raters: Int, seed: UInt64, error: (_ expected: Double, inout RandomStream) -> Double) {
    var stream = RandomStream(seed: seed)
    let merit = (0..<units).map { _ in 6 * stream.normal() }
    let severity = (0..<raters).map { _ in 2 * stream.normal() }
    var (u, r): ([Int32], [Int32]) = ([], [])
    for unit in 0..<units {
      for k in 0..<8 {
        let rater = (unit * 3 + k * 7) % raters
        let expected = merit[unit] + severity[rater]
        u.append(Int32(unit))
        r.append(Int32(rater))
        y.append(50 + expected + error(expected, &stream))
      }
    }
    factors = [GroupingFactor("unit", codes: u, levels: units), GroupingFactor("rater", codes: r, levels: raters)]
  }
}
