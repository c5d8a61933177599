import Foundation
import LinearAlgebra
import Parallel

/// Cells that deviate: the DetectDeviatingCells method (Rousseeuw and Van den Bossche 2018, Technometrics 60, 135–145).
///
/// A row with one bad cell is not a bad row. Each cell is predicted from the cells of its row in correlated columns; a cell far from its prediction is flagged.
///
/// 1. Columns are standardised robustly (z). 2. Cells with |z| > c = √χ²_{1, level} are set aside. 3. For each pair of columns, a robust correlation; pairs with
/// |r| ≥ `minimalCorrelation` are connected, with robust slopes through the origin. 4. ẑ is the mean of the connected columns' predictions, weighted by |r|
/// (0 without any). 5. ẑ is stretched by the robust slope of z on ẑ, since averages shrink. 6. Residuals z − ẑ are divided by their
/// robust scale in the column; cells with more than c are flagged. 7. A row is flagged when the mean of P(χ²₁ ≤ r²) over its cells lies more than c robust
/// standard deviations above the middle.
///
/// NaN is a missing cell: predicted, never flagged. Not affine equivariant, on purpose (cells belong to variables); it follows shifts and changes of scale of
/// variables, and permutations of rows and columns. Up to half of a column's cells may deviate. Cost: n p² with medians.
public struct DeviatingCells: Sendable {
  /// Cutoffs of the search; the defaults are those of the paper.
  public struct Options: Sendable {
    /// Of χ²₁ for the cut.
    public var level = 0.99
    /// Pairs below are not connected.
    public var minimalCorrelation = 0.5

    public init() {}
  }

  /// n × p; NaN where the cell is missing.
  public let residuals: Matrix
  /// What the other cells of the row make one expect, in the units of the data.
  public let predicted: Matrix
  /// The data with flagged and missing cells replaced by their predictions.
  public let imputed: Matrix
  /// |residual| beyond this is flagged.
  public let cut: Double
  /// Rows of cells flagged, by column.
  public let flaggedRows: [[Int]]
  /// Rows whose cells deviate as a whole, ascending.
  public let deviatingRows: [Int]
  /// How far each row's mean P(χ²₁ ≤ r²) lies above the middle, in robust standard deviations.
  public let rowScores: [Double]
  /// For each column the connected ones, in descending order of |r|, with r.
  public let connections: [[(column: Int, correlation: Double)]]

  /// Deviating cells of all columns together.
  public var flaggedCount: Int { flaggedRows.reduce(0) { $0 + $1.count } }

  /// - Throws: `RobustEstimateError`: `noVariables`, `notFinite` (infinite only), `tooFewObservations`, `noScale` (leave such columns out).
  public init(_ x: Matrix, options: Options = Options()) throws {
    let (n, p) = (x.rows, x.columns)
    if p == 0 { throw RobustEstimateError.noVariables }
    if n < 4 { throw RobustEstimateError.tooFewObservations(count: n, needed: 4) }
    for j in 0..<p { for i in 0..<n where x[i, j].isInfinite { throw RobustEstimateError.notFinite(row: i, column: j) } }
    let level = options.level
    let c = ChiSquared(degreesOfFreedom: 1).quantile(level).squareRoot()
    let minimal = options.minimalCorrelation
    let columns = parallelMap(p) { CellColumn(x.column($0), cut: c) }
    if let j = columns.firstIndex(where: { !($0.scale > 0) }) { throw RobustEstimateError.noScale(column: j) }
    let lower = parallelMap(p) { j in (0..<j).map { CellPair.correlation(columns[$0].kept, columns[j].kept, level: level) } }
    let found = (0..<p).map { j in
      (0..<p).compactMap { h -> (column: Int, correlation: Double)? in
        guard h != j else { return nil }
        let r = lower[max(j, h)][min(j, h)]
        return abs(r) >= minimal ? (h, r) : nil
      }.sorted { (-abs($0.correlation), $0.column) < (-abs($1.correlation), $1.column) }
    }
    let predictions = parallelMap(p) { j in
      CellColumn.prediction(of: columns[j], from: found[j].map { (columns[$0.column], $0.correlation) }, cut: c)
    }
    var residuals = Matrix(rows: n, columns: p)
    var predicted = residuals
    var imputed = x
    var flagged: [[Int]] = []
    for j in 0..<p {
      let difference = (0..<n).map { columns[j].standardized[$0] - predictions[j][$0] }
      let scale = CellColumn.scale(difference.filter { !$0.isNaN })
      var rows: [Int] = []
      for i in 0..<n {
        // Predictions without error leave nothing to compare with but zero.
        residuals[i, j] = scale > 0 ? difference[i] / scale : (difference[i] == 0 ? 0 : difference[i] * .infinity)
        predicted[i, j] = columns[j].location + columns[j].scale * predictions[j][i]
        if abs(residuals[i, j]) > c { rows.append(i) }
        if x[i, j].isNaN || abs(residuals[i, j]) > c { imputed[i, j] = predicted[i, j] }
      }
      flagged.append(rows)
    }
    let means = (0..<n).map { i in
      var (sum, count) = (0.0, 0)
      for j in 0..<p where !residuals[i, j].isNaN {
        // P(χ²₁ ≤ r²).
        sum += erf(abs(residuals[i, j]) * 0.5.squareRoot())
        count += 1
      }
      return count > 0 ? sum / Double(count) : 0.5
    }
    let middle = Quantiles.median(means)
    let spread = RobustScale.medianAbsoluteDeviation(means, center: middle)
    rowScores = means.map { spread > 0 ? ($0 - middle) / spread : 0 }
    let scores = rowScores
    deviatingRows = scores.indices.filter { scores[$0] > c }
    self.residuals = residuals
    self.predicted = predicted
    self.imputed = imputed
    cut = c
    flaggedRows = flagged
    connections = found
  }
}
