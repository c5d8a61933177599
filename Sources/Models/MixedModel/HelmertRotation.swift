/// The Helmert rotation of C criteria, which is orthonormal: row 0 is 1/√C, row j contrasts criterion j with the mean of those before it.
///
/// A row is one number up to the diagonal and one on it, so that running sums turn a sheet there and back at the cost of C, not C²; the
/// rows are never written out.
struct HelmertRotation: Sendable {
  let size: Int
  /// Row 0, in every place.
  let first: Double

  init(size: Int) {
    self.size = size
    first = 1 / Double(size).squareRoot()
  }

  /// Row j > 0 on the diagonal.
  func own(_ j: Int) -> Double { Double(j) / (Double(j) * Double(j + 1)).squareRoot() }

  /// Row j > 0 before the diagonal.
  func before(_ j: Int) -> Double { -1 / (Double(j) * Double(j + 1)).squareRoot() }

  /// Sheet after sheet, less `centre`, turned: one array a coordinate.
  func rotate(_ scores: [Double], centre: Double) -> [[Double]] {
    let sheets = scores.count / size
    var result = (0..<size).map { _ in [Double](repeating: 0, count: sheets) }
    for j in 1..<size {
      let before = before(j)
      let own = own(j)
      // The running sum of the scores before j is kept in coordinate 0 until the end.
      for s in 0..<sheets {
        result[0][s] += scores[s * size + j - 1] - centre
        result[j][s] = own * (scores[s * size + j] - centre) + before * result[0][s]
      }
    }
    for s in 0..<sheets { result[0][s] = first * (result[0][s] + scores[s * size + size - 1] - centre) }
    return result
  }

  /// Coordinates turned back into one value a criterion.
  func turnedBack(_ coordinate: (Int) -> Double) -> [Double] {
    var values = [Double](repeating: 0, count: size)
    // What all rows behind k give to criterion k, and row 0.
    var shared = first * coordinate(0)
    for k in stride(from: size - 1, to: 0, by: -1) {
      let x = coordinate(k)
      values[k] = shared + own(k) * x
      shared += before(k) * x
    }
    values[0] = shared
    return values
  }
}
