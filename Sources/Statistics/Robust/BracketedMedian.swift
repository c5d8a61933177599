/// The median of many values in one pass, for what takes thousands of medians of long columns.
///
/// A sample of about a thousand values (every k-th, so that nothing is random) brackets the median: ranks ½m ± 2√m of the sample, four standard
/// deviations on either side. One pass without branches counts the values below the bracket and copies those within, an eighth of all, among which
/// the median is then selected. Exact always: where the bracket misses (values in a rhythm, or NaN among them) there is no answer, and the caller selects among all.
enum BracketedMedian {
  /// Below, quickselect is as quick.
  static let smallest = 4096

  static func median(_ values: [Double]) -> Double? {
    let n = values.count
    if n < smallest { return nil }
    let step = n / 1024
    var sample: [Double] = []
    sample.reserveCapacity(n / step + 1)
    for i in stride(from: step / 2, to: n, by: step) { sample.append(values[i]) }
    sample.sort()
    let reach = Int(2 * Double(sample.count).squareRoot())
    let (low, high) = (sample[sample.count / 2 - reach], sample[sample.count / 2 + reach])
    var below = 0
    var count = 0
    var ordered = 0
    var within = [Double](repeating: 0, count: n / 4)
    for x in values {
      below += x < low ? 1 : 0
      ordered += x == x ? 1 : 0
      // Overwritten by the next value unless counted; with many ties the room is used up, and the caller selects.
      if count == within.count { return nil }
      within[count] = x
      count += x >= low && x <= high ? 1 : 0
    }
    // The two middle ranks, counted from 0; the same for an odd number.
    let (first, second) = ((n - 1) / 2 - below, n / 2 - below)
    guard ordered == n, first >= 0, second < count else { return nil }
    let upper = Quantiles.select(second, in: &within, from: 0, to: count)
    if first == second { return upper }
    var lower = within[0]
    for i in 1..<max(1, second) { lower = max(lower, within[i]) }
    return lower == upper ? lower : 0.5 * lower + 0.5 * upper
  }
}
