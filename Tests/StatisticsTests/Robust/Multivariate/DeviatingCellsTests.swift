import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct DeviatingCellsTests {
  /// n rows of p variables that share a factor; every `spacing`-th cell of the rows from 20 on is moved.
  private func planted(_ n: Int, _ p: Int, move: Double) -> (matrix: Matrix, cells: Set<[Int]>) {
    var stream = RandomStream(seed: 21, 1)
    var x = Matrix(rows: n, columns: p)
    var cells = Set<[Int]>()
    for i in 0..<n {
      let common = stream.normal()
      for j in 0..<p { x[i, j] = 100 * Double(j) + (1 + Double(j)) * ((j % 2 == 0 ? 0.9 : -0.9) * common + 0.4 * stream.normal()) }
    }
    for i in stride(from: 20, to: n, by: 5) {
      let j = (i * 7) % p
      x[i, j] += (1 + Double(j)) * move * (i % 2 == 0 ? 1 : -1)
      cells.insert([i, j])
    }
    return (x, cells)
  }

  @Test func findsPlantedCells() throws {
    let (x, cells) = planted(300, 8, move: 5)
    let found = try DeviatingCells(x)
    var hits = 0
    var alarms = 0
    for j in 0..<8 { for i in found.flaggedRows[j] { if cells.contains([i, j]) { hits += 1 } else { alarms += 1 } } }
    #expect(hits == cells.count)
    // The level promises one per cent of the others; heavy contamination of the neighbours may add some.
    #expect(Double(alarms) < 0.02 * 300 * 8)
    // A moved cell is put back near to where it was.
    let original = planted(300, 8, move: 0).matrix
    for cell in cells { #expect(abs(found.imputed[cell[0], cell[1]] - original[cell[0], cell[1]]) < 2.5 * Double(1 + cell[1])) }
    for j in 0..<8 { #expect(found.connections[j].count == 7) }
  }

  /// A cell ordinary in its column may still contradict its row.
  @Test func findsCellsThatAreOrdinaryInTheirColumn() throws {
    var (x, _) = planted(300, 8, move: 0)
    for j in 0..<8 where j != 3 { x[0, j] = 100 * Double(j) + (1 + Double(j)) * (j % 2 == 0 ? 1.8 : -1.8) }
    x[0, 3] = 300 + 4 * 1.8
    let found = try DeviatingCells(x)
    #expect(found.flaggedRows[3].contains(0))
    for j in 0..<8 where j != 3 { #expect(!found.flaggedRows[j].contains(0)) }
  }

  @Test func findsDeviatingRows() throws {
    var (x, _) = planted(200, 10, move: 0)
    // Row 5 has the right margins and none of the correlations.
    for j in 0..<10 { x[5, j] = 100 * Double(j) + (1 + Double(j)) * (j % 4 < 2 ? 2 : -2) }
    let found = try DeviatingCells(x)
    #expect(found.deviatingRows.contains(5))
    #expect(found.deviatingRows.count < 10)
  }

  @Test func missingCellsArePredicted() throws {
    var (x, _) = planted(200, 6, move: 0)
    let value = x[17, 2]
    x[17, 2] = .nan
    x[30, 0] = .nan
    let found = try DeviatingCells(x)
    #expect(found.residuals[17, 2].isNaN && found.imputed[17, 2] == found.predicted[17, 2])
    #expect(abs(found.imputed[17, 2] - value) < 2.5 * 3)
    #expect(!found.flaggedRows[2].contains(17))
  }

  @Test func followsUnitsAndPermutations() throws {
    let (x, _) = planted(120, 5, move: 6)
    let a = try DeviatingCells(x)
    var stream = RandomStream(seed: 2, 2)
    let rows = stream.permutation(120)
    let columns = [3, 0, 4, 2, 1]
    let factors = [2.0, -0.5, 10, 1, 3]
    var y = Matrix(rows: 120, columns: 5)
    for (i, from) in rows.enumerated() { for (j, k) in columns.enumerated() { y[i, j] = 9 + factors[k] * x[from, k] } }
    let b = try DeviatingCells(y)
    for (j, k) in columns.enumerated() {
      #expect(Set(b.flaggedRows[j].map { rows[$0] }) == Set(a.flaggedRows[k]))
      for (i, from) in rows.enumerated() {
        #expect(abs(b.residuals[i, j] - (factors[k] < 0 ? -1 : 1) * a.residuals[from, k]) < 1e-8)
        #expect(abs(b.predicted[i, j] - (9 + factors[k] * a.predicted[from, k])) < 1e-7 * (1 + abs(b.predicted[i, j])))
      }
    }
  }

  /// The article's steps written out once more, without sharing any code but median, χ² and normal.
  @Test func followsTheArticle() throws {
    let (x, _) = planted(60, 4, move: 6)
    let found = try DeviatingCells(x)
    let c = 2.5758293035489004  // √χ²_{1, 0.99}
    func mad(_ v: [Double]) -> Double { 1.482602218505602 * Quantiles.median(v.map(abs)) }
    func scale(_ v: [Double]) -> Double {
      let s = mad(v)
      let expectation = 1 - 2 * 2.5 * Normal.density(2.5) - 2 * Normal.upperTail(2.5) + 12.5 * Normal.upperTail(2.5)
      return s * (v.map { min(pow($0 / s, 2), 6.25) }.reduce(0, +) / Double(v.count) / expectation).squareRoot()
    }
    func location(_ v: [Double]) -> Double {
      let m = Quantiles.median(v)
      let s = mad(v.map { $0 - m })
      let w = v.map { abs($0 - m) <= 3 * s ? pow(1 - pow(($0 - m) / (3 * s), 2), 2) : 0 }
      return zip(w, v).map { $0 * $1 }.reduce(0, +) / w.reduce(0, +)
    }
    func slope(_ y: [Double], _ z: [Double]) -> Double {
      let pairs = zip(y, z).filter { !$0.0.isNaN && !$0.1.isNaN }
      let b = Quantiles.median(pairs.map { $0.0 / $0.1 })
      let s = scale(pairs.map { $0.0 - b * $0.1 })
      let near = pairs.filter { abs($0.0 - b * $0.1) <= c * s }
      return near.map { $0.0 * $0.1 }.reduce(0, +) / near.map { $0.1 * $0.1 }.reduce(0, +)
    }
    func correlation(_ y: [Double], _ z: [Double]) -> Double {
      let pairs = zip(y, z).filter { !$0.0.isNaN && !$0.1.isNaN }
      let r = (pow(scale(pairs.map { $0.0 + $0.1 }), 2) - pow(scale(pairs.map { $0.0 - $0.1 }), 2)) / 4
      let q = max(-0.99, min(0.99, r))
      let inside = pairs.filter { ($0.0 * $0.0 - 2 * q * $0.0 * $0.1 + $0.1 * $0.1) / (1 - q * q) <= 9.210340371976182 }  // χ²_{2, 0.99}
      let products = inside.map { $0.0 * $0.1 }.reduce(0, +)
      return products / (inside.map { $0.0 * $0.0 }.reduce(0, +) * inside.map { $0.1 * $0.1 }.reduce(0, +)).squareRoot()
    }
    let z = (0..<4).map { j -> [Double] in
      let v = x.column(j)
      let m = location(v)
      let s = scale(v.map { $0 - m })
      return v.map { ($0 - m) / s }
    }
    let u = z.map { $0.map { abs($0) > c ? Double.nan : $0 } }
    for j in 0..<4 {
      let others = (0..<4).filter { $0 != j && abs(correlation(u[j], u[$0])) >= 0.5 }
      var prediction = (0..<60).map { i -> Double in
        let used = others.filter { !u[$0][i].isNaN }
        let weights = used.map { abs(correlation(u[j], u[$0])) }
        if used.isEmpty { return 0 }
        return zip(used, weights).map { $1 * slope(u[j], u[$0]) * u[$0][i] }.reduce(0, +) / weights.reduce(0, +)
      }
      let stretch = slope(u[j], prediction.map { $0 == 0 ? .nan : $0 })
      prediction = prediction.map { $0 * stretch }
      let difference = (0..<60).map { z[j][$0] - prediction[$0] }
      let spread = scale(difference)
      for i in 0..<60 { #expect(abs(found.residuals[i, j] - difference[i] / spread) < 1e-9) }
      #expect(found.flaggedRows[j] == (0..<60).filter { abs(difference[$0] / spread) > c })
    }
  }

  @Test func refusesColumnsWithoutScale() {
    #expect(throws: RobustEstimateError.noScale(column: 1)) {
      try DeviatingCells(Matrix(rowArrays: [[1, 2], [2, 2], [3, 2], [4, 5], [5, 2]]))
    }
  }
}
