/// The sums of a complete table of n units by k raters that every intraclass correlation is a function of. One pass over the data; a unit
/// or a rater can be left out by subtraction.
public struct TwoWaySums: Sendable {
  /// Units and raters with ratings, by their number in the table.
  let unit: [Int]
  let rater: [Int]
  let unitCount: Int
  let raterCount: Int
  /// Row by row, and what is taken from each so that sums of squares do not cancel: about the mean.
  private let x: [Double]
  private let shift: Double
  private let rows: [Double]
  private let columns: [Double]
  private let total: Double
  private let squares: Double
  private let rowSquares: Double
  private let columnSquares: Double

  /// - Throws: `incomplete` when a rater lacks a unit that others rated, `tooFewUnits`, `tooFewRaters` below two.
  public init(_ table: RatingsTable) throws(AgreementError) {
    unit = table.units(withAtLeast: 1)
    (unitCount, raterCount) = (table.units, table.raters)
    let n = unit.count
    if n < 2 { throw .tooFewUnits(n, needed: 2) }
    // Complete, and raters ascend within a unit: the values are the matrix row by row.
    let k = table.count / n
    guard table.count == n * k, TwoWaySums.isComplete(table.rater, k) else {
      throw .incomplete(missing: n * table.activeRaters.count - table.count)
    }
    if k < 2 { throw .tooFewRaters(k, needed: 2) }
    rater = table.rater[0..<k].map(Int.init)
    x = table.value
    shift = TwoWaySums.nearMean(x)
    (rows, columns, squares) = TwoWaySums.sums(x, n, k, shift)
    total = rows.reduce(0, +)
    rowSquares = dot(rows, rows)
    columnSquares = dot(columns, columns)
  }

  /// Whether every k raters are the first k.
  private static func isComplete(_ rater: [Int32], _ k: Int) -> Bool {
    for base in stride(from: k, to: rater.count, by: k) {
      // Without an exit inside, a row is compared many raters at a time.
      var difference: Int32 = 0
      for j in 0..<k { difference |= rater[base + j] ^ rater[j] }
      if difference != 0 { return false }
    }
    return true
  }

  /// The mean of some thousand values spread over all.
  private static func nearMean(_ x: [Double]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for i in stride(from: 0, to: x.count, by: max(1, x.count / 1024)) {
      sum += x[i]
      count += 1
    }
    return sum / count
  }

  private static func sums(_ x: [Double], _ n: Int, _ k: Int, _ shift: Double) -> (rows: [Double], columns: [Double], squares: Double) {
    var rows = [Double](repeating: 0, count: n)
    var columns = [Double](repeating: 0, count: k)
    var squares = 0.0
    // Four rows side by side, each added up in its own order: a sum waits for its last addition, four sums do not wait for each other.
    let fours = n - n % 4
    for i in stride(from: 0, to: fours, by: 4) {
      let base = i * k
      var (sum, own) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for j in 0..<k {
        let value = SIMD4(x[base + j], x[base + k + j], x[base + 2 * k + j], x[base + 3 * k + j]) - shift
        sum += value
        own += value * value
        columns[j] = columns[j] + value[0] + value[1] + value[2] + value[3]
      }
      for row in 0..<4 {
        rows[i + row] = sum[row]
        squares += own[row]
      }
    }
    for i in fours..<n {
      var (sum, own) = (0.0, 0.0)
      for j in 0..<k {
        let value = x[i * k + j] - shift
        sum += value
        own += value * value
        columns[j] += value
      }
      rows[i] = sum
      squares += own
    }
    return (rows, columns, squares)
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
        let value = x[i * k + j] - shift
        own += value * value
        cross += value * columns[j]
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
        let value = x[i * k + j] - shift
        own[j] += value * value
        cross[j] += value * rows[i]
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
        let value = x[i * k + j] - shift
        columns[j] += weight * value
        squares += weight * value * value
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
  /// vary, with fewer than two units or raters, and for an average whose denominator, an estimate of k times the variance of a panel's mean,
  /// is not positive.
  ///
  ///     ICC(1)   (MSR − MSW)/(MSR + (k − 1) MSW)                             ICC(k)    (MSR − MSW)/MSR
  ///     ICC(C,1) (MSR − MSE)/(MSR + (k − 1) MSE)                             ICC(C,k)  (MSR − MSE)/MSR
  ///     ICC(A,1) (MSR − MSE)/(MSR + (k − 1) MSE + (k/n)(MSC − MSE))          ICC(A,k)  (MSR − MSE)/(MSR + (MSC − MSE)/n)
  public func value(_ form: IntraclassForm) -> Double {
    if units < 2 || raters < 2 { return .nan }
    let (n, k) = (Double(units), Double(raters))
    switch form {
    case .oneWaySingle: return (betweenUnits - withinUnits) / (betweenUnits + (k - 1) * withinUnits)
    case .oneWayAverage: return betweenUnits > 0 ? (betweenUnits - withinUnits) / betweenUnits : .nan
    case .consistencySingle: return (betweenUnits - residual) / (betweenUnits + (k - 1) * residual)
    case .consistencyAverage: return betweenUnits > 0 ? (betweenUnits - residual) / betweenUnits : .nan
    case .agreementSingle:
      return (betweenUnits - residual) / (betweenUnits + (k - 1) * residual + k * (betweenRaters - residual) / n)
    case .agreementAverage:
      // MSC − MSE estimates a variance times n and can be negative. Past 0 the quotient would come back from +∞, above 1.
      let total = betweenUnits + (betweenRaters - residual) / n
      return total > 1e-12 * (betweenUnits + (betweenRaters + residual) / n) ? (betweenUnits - residual) / total : .nan
    }
  }
}
