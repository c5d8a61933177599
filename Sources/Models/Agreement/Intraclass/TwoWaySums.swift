/// The sums of a complete table of n units by k raters that every intraclass correlation is a function of. One pass over the data; a unit
/// or a rater can be left out by subtraction.
public struct TwoWaySums: Sendable {
  /// Units and raters with ratings, by their number in the table.
  let unit: [Int]
  let rater: [Int]
  let unitCount: Int
  let raterCount: Int
  /// Row by row, less the mean of all.
  private let x: [Double]
  private let rows: [Double]
  private let columns: [Double]
  private let total: Double
  private let squares: Double
  private let rowSquares: Double
  private let columnSquares: Double

  /// - Throws: `incomplete` when a rater lacks a unit that others rated, `tooFewUnits`, `tooFewRaters` below two.
  public init(_ table: RatingsTable) throws(AgreementError) {
    unit = table.units(withAtLeast: 1)
    rater = table.activeRaters
    (unitCount, raterCount) = (table.units, table.raters)
    let (n, k) = (unit.count, rater.count)
    if n < 2 { throw .tooFewUnits(n, needed: 2) }
    if k < 2 { throw .tooFewRaters(k, needed: 2) }
    if table.count != n * k { throw .incomplete(missing: n * k - table.count) }
    var mean = 0.0
    for value in table.value { mean += value }
    mean /= Double(n * k)
    // Complete, and raters ascend within a unit: the values are the matrix row by row.
    x = table.value.map { $0 - mean }
    var rows = [Double](repeating: 0, count: n)
    var columns = [Double](repeating: 0, count: k)
    var squares = 0.0
    var total = 0.0
    for i in 0..<n {
      var sum = 0.0
      for j in 0..<k {
        let value = x[i * k + j]
        sum += value
        columns[j] += value
        squares += value * value
      }
      rows[i] = sum
      total += sum
    }
    (self.rows, self.columns, self.total, self.squares) = (rows, columns, total, squares)
    rowSquares = dot(rows, rows)
    columnSquares = dot(columns, columns)
  }

  /// The analysis of variance. O(1).
  public var meanSquares: TwoWayMeanSquares {
    TwoWayMeanSquares(
      units: unit.count, raters: rater.count, squares: squares, rows: rowSquares, columns: columnSquares, total: total)
  }

  public func value(_ form: IntraclassForm) -> Double { meanSquares.value(form) }

  /// The coefficient without each unit. O(n k).
  func valuesWithoutUnit(_ form: IntraclassForm) -> [Double] {
    let k = rater.count
    var values = [Double](repeating: .nan, count: unitCount)
    for i in unit.indices {
      var (own, cross) = (0.0, 0.0)
      for j in 0..<k {
        own += x[i * k + j] * x[i * k + j]
        cross += x[i * k + j] * columns[j]
      }
      values[unit[i]] = TwoWayMeanSquares(
        units: unit.count - 1, raters: k, squares: squares - own, rows: rowSquares - rows[i] * rows[i],
        columns: columnSquares - 2 * cross + own, total: total - rows[i]
      ).value(form)
    }
    return values
  }

  /// The coefficient without each rater. O(n k).
  func valuesWithoutRater(_ form: IntraclassForm) -> [Double] {
    let k = rater.count
    var own = [Double](repeating: 0, count: k)
    var cross = own
    for i in unit.indices {
      for j in 0..<k {
        own[j] += x[i * k + j] * x[i * k + j]
        cross[j] += x[i * k + j] * rows[i]
      }
    }
    var values = [Double](repeating: .nan, count: raterCount)
    for j in 0..<k {
      values[rater[j]] = TwoWayMeanSquares(
        units: unit.count, raters: k - 1, squares: squares - own[j], rows: rowSquares - 2 * cross[j] + own[j],
        columns: columnSquares - columns[j] * columns[j], total: total - columns[j]
      ).value(form)
    }
    return values
  }

  /// The coefficient with unit u counted `weights[u]` times: a bootstrap resample. O(n k).
  func value(_ form: IntraclassForm, unitWeights: [Double]) -> Double {
    let k = rater.count
    var columns = [Double](repeating: 0, count: k)
    var (n, squares, rowSquares, total) = (0.0, 0.0, 0.0, 0.0)
    for i in unit.indices {
      let weight = unitWeights[unit[i]]
      if weight == 0 { continue }
      n += weight
      for j in 0..<k {
        columns[j] += weight * x[i * k + j]
        squares += weight * x[i * k + j] * x[i * k + j]
      }
      rowSquares += weight * rows[i] * rows[i]
      total += weight * rows[i]
    }
    return TwoWayMeanSquares(
      units: Int(n), raters: k, squares: squares, rows: rowSquares, columns: dot(columns, columns), total: total
    ).value(form)
  }
}

/// Mean squares of a complete two-way table with one rating a cell.
public struct TwoWayMeanSquares: Sendable, Equatable {
  public let units: Int
  public let raters: Int
  /// Between units (BMS, MSR), within units (WMS, MSW), between raters (JMS, MSC), residual (EMS, MSE).
  public let betweenUnits: Double
  public let withinUnits: Double
  public let betweenRaters: Double
  public let residual: Double

  /// - Parameters: Σ x², Σ row sums², Σ column sums² and Σ x.
  init(units: Int, raters: Int, squares: Double, rows: Double, columns: Double, total: Double) {
    let (n, k) = (Double(units), Double(raters))
    let correction = total * total / (n * k)
    let unitSquares = max(0, rows / k - correction)
    let raterSquares = max(0, columns / n - correction)
    let within = max(0, squares - rows / k)
    self.units = units
    self.raters = raters
    betweenUnits = unitSquares / (n - 1)
    withinUnits = within / (n * (k - 1))
    betweenRaters = raterSquares / (k - 1)
    residual = max(0, within - raterSquares) / ((n - 1) * (k - 1))
  }

  /// Shrout and Fleiss (1979), McGraw and Wong (1996, table 4), with MSR, MSW, MSC, MSE for the mean squares. NaN when the ratings do not
  /// vary, and with fewer than two units or raters.
  ///
  ///     ICC(1)   (MSR − MSW)/(MSR + (k − 1) MSW)                             ICC(k)    (MSR − MSW)/MSR
  ///     ICC(C,1) (MSR − MSE)/(MSR + (k − 1) MSE)                             ICC(C,k)  (MSR − MSE)/MSR
  ///     ICC(A,1) (MSR − MSE)/(MSR + (k − 1) MSE + (k/n)(MSC − MSE))          ICC(A,k)  (MSR − MSE)/(MSR + (MSC − MSE)/n)
  public func value(_ form: IntraclassForm) -> Double {
    if units < 2 || raters < 2 { return .nan }
    let (n, k) = (Double(units), Double(raters))
    switch form {
    case .oneWaySingle: return (betweenUnits - withinUnits) / (betweenUnits + (k - 1) * withinUnits)
    case .oneWayAverage: return (betweenUnits - withinUnits) / betweenUnits
    case .consistencySingle: return (betweenUnits - residual) / (betweenUnits + (k - 1) * residual)
    case .consistencyAverage: return (betweenUnits - residual) / betweenUnits
    case .agreementSingle:
      return (betweenUnits - residual) / (betweenUnits + (k - 1) * residual + k * (betweenRaters - residual) / n)
    case .agreementAverage: return (betweenUnits - residual) / (betweenUnits + (betweenRaters - residual) / n)
    }
  }
}
