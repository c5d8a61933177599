internal import Foundation
internal import Statistics

/// The indicators that marking centres watch, for each rater (网上阅卷 quality monitors).
///
///     mean, SD, lowest, highest
///     safe marks (保险分)     share of marks at `safeCentre` ± `safeWidth` of full marks; centres use 71 % ± 3 %
///     third marks            share of double-marked units on which the rater was `threshold` or more away from the other marker(s)
///     consistency            correlation of the rater's marks with the mean of the others on the same units
///
/// A high share of safe marks is only odd beside the other raters': a unit may deserve 71 %.
public struct MarkingIndicators: Sendable, Equatable {
  public let rater: Int
  public let marks: Int
  public let mean: Double
  /// With n − 1; NaN for one mark.
  public let standardDeviation: Double
  public let lowest: Double
  public let highest: Double
  public let safe: Int
  /// Units that others marked too, and those of them that would need another mark.
  public let compared: Int
  public let third: Int
  /// NaN below three units or without variation.
  public let consistency: Double

  /// - Parameters:
  ///   - fullMarks: what a perfect unit gets.
  ///   - threshold: a difference to the mean of the other marks from which another mark is called for.
  public static func all(
    _ table: RatingsTable, fullMarks: Double, threshold: Double, safeCentre: Double = 0.71, safeWidth: Double = 0.03
  ) -> [MarkingIndicators] {
    precondition(fullMarks > 0 && threshold > 0, "full marks and threshold are positive")
    var sums = [Double](repeating: 0, count: table.units)
    for u in 0..<table.units { for i in table.unitStart[u]..<table.unitStart[u + 1] { sums[u] += table.value[i] } }
    let (start, places, unitOf) = table.byRater()
    return table.activeRaters.map { r in
      var (marks, own, rest): ([Double], [Double], [Double]) = ([], [], [])
      for j in start[r]..<start[r + 1] {
        let (u, mark) = (Int(unitOf[j]), table.value[Int(places[j])])
        marks.append(mark)
        let others = table.unitStart[u + 1] - table.unitStart[u] - 1
        if others > 0 {
          own.append(mark)
          rest.append((sums[u] - mark) / Double(others))
        }
      }
      return MarkingIndicators(
        r, marks, own, rest, safe: (safeCentre - safeWidth) * fullMarks...(safeCentre + safeWidth) * fullMarks, threshold: threshold)
    }
  }

  private init(_ rater: Int, _ marks: [Double], _ own: [Double], _ rest: [Double], safe: ClosedRange<Double>, threshold: Double) {
    self.rater = rater
    self.marks = marks.count
    let n = Double(marks.count)
    let mean = marks.reduce(0, +) / n
    self.mean = mean
    standardDeviation = (marks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    (lowest, highest) = (marks.min() ?? .nan, marks.max() ?? .nan)
    let slack = 1e-12 * safe.upperBound
    self.safe = marks.count { $0 >= safe.lowerBound - slack && $0 <= safe.upperBound + slack }
    compared = own.count
    third = zip(own, rest).count { abs($0 - $1) >= threshold - 1e-12 * threshold }
    consistency = own.count > 2 ? Ranks.correlation(own, rest) : .nan
  }
}
