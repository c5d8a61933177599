/// A dense matrix of `Double`, stored by columns as LAPACK wants it.
///
/// Element (i, j) is `elements[i + j * rows]`. A value type: copies share storage until one is written to.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  @usableFromInline internal var storage: [Double]

  /// The elements, column after column; `rows * columns` of them.
  @inlinable public var elements: [Double] { storage }

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative dimension")
    self.init(rows: rows, columns: columns, elements: [Double](repeating: 0, count: rows * columns))
  }

  /// - Parameter elements: `rows * columns` values, column after column.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "\(elements.count) elements do not make a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    storage = elements
  }

  /// - Parameter rowArrays: the rows, all of the same length.
  public init(rowArrays: [[Double]]) {
    self.init(rows: rowArrays.count, columns: rowArrays.first?.count ?? 0)
    for (i, row) in rowArrays.enumerated() {
      precondition(row.count == columns, "row \(i) has \(row.count) elements instead of \(columns)")
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  /// The unit matrix of an order.
  public static func identity(_ order: Int) -> Matrix {
    var result = Matrix(rows: order, columns: order)
    for i in 0..<order { result[i, i] = 1 }
    return result
  }

  /// Element (row, column), from 0. Programming error: out of range.
  @inlinable public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "matrix index out of range")
      return storage[row + column * rows]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "matrix index out of range")
      storage[row + column * rows] = newValue
    }
  }

  /// A copy of column j.
  public func column(_ j: Int) -> [Double] { Array(elements[(j * rows)..<((j + 1) * rows)]) }

  /// The rows, one array each.
  public var rowArrays: [[Double]] { (0..<rows).map { i in (0..<columns).map { self[i, $0] } } }

  /// Elements (i, i), as many as the shorter side has.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// A copy with rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns { for i in 0..<rows { result[j, i] = self[i, j] } }
    return result
  }
}

extension Matrix {
  /// The block of `count` rows and columns that begins at (start, start).
  public func diagonalBlock(from start: Int, count: Int) -> Matrix {
    precondition(start >= 0 && count >= 0 && start + count <= min(rows, columns), "no such block")
    var result = Matrix(rows: count, columns: count)
    for j in 0..<count { for i in 0..<count { result[i, j] = self[start + i, start + j] } }
    return result
  }

  /// Adds the columns `range`, times their elements of x, to `y`: a product with a block of columns, without copying it.
  ///
  /// - Parameter rows: the only rows that count; all when nil.
  public func addProduct(ofColumns range: Range<Int>, rows: Range<Int>? = nil, with x: [Double], to y: inout [Double]) {
    let used = rows ?? 0..<self.rows
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "no such columns")
    precondition(x.count == range.count && y.count == self.rows, "shapes do not fit")
    precondition(used.lowerBound >= 0 && used.upperBound <= self.rows, "no such rows")
    for (k, j) in range.enumerated() where x[k] != 0 {
      let base = j * self.rows
      for i in used { y[i] += storage[base + i] * x[k] }
    }
  }
}
