import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct RegularizedDeterminantTests {
  /// rrcov 1.7-2: `CovMrcd(x)` on the first three columns of hbk and the first five of wood, with its ρ = 10⁻⁶ and h = n/2 rounded up.
  @Test(.enabled(if: RobustClassics.isPresent)) func covMrcdOfRrcov() throws {
    var options = RegularizedDeterminant.Options()
    options.regularization = 1e-6
    let hbk = try RegularizedDeterminant(RobustClassics.design("hbk"), options: options)
    #expect(
      hbk.subset.map { $0 + 1 } == [
        15, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 29, 32, 33, 35, 36, 38, 40, 41, 43, 48, 49, 50, 51, 54, 55, 56, 58, 59, 63, 64, 66, 67,
        70,
        71, 72, 73, 74,
      ])
    expect(
      hbk, center: [1.6, 2.36578947368421, 1.64473684210526],
      scatter: [
        [2.810012618659415, 0.123971011546432, 1.248237222078626], [0.123971011546432, 1.017058992881156, 0.208465316965506],
        [1.248237222078626, 0.208465316965506, 2.217964886187536],
      ])
    #expect(hbk.outliers == Array(0..<14))
    #expect(try RegularizedDeterminant(RobustClassics.design("hbk")).regularization == 0)
    let wood = try RegularizedDeterminant(RobustClassics.design("wood"), options: options)
    #expect(wood.subset.map { $0 + 1 } == [1, 2, 3, 5, 11, 14, 15, 17, 18, 20])
    expect(
      wood, center: [0.5717, 0.12002, 0.5041, 0.5447, 0.8989],
      scatter: [
        [0.007543046509659073, 0.001720148410317019, 0.000412037931058786, -0.001229739772688676, -0.001222175935043292],
        [0.001720148410317019, 0.000568124547531302, 0.000355347392841334, -0.000532770377789485, -0.000131513040048867],
        [0.000412037931058786, 0.000355347392841334, 0.002477564309721014, 0.000190434485437009, 0.000810796652768233],
        [-0.001229739772688676, -0.000532770377789485, 0.000190434485437009, 0.002326968688766573, 0.000966662700427039],
        [-0.001222175935043292, -0.000131513040048867, 0.000810796652768233, 0.000966662700427039, 0.001894128103985702],
      ])
  }

  private func expect(_ m: RegularizedDeterminant, center: [Double], scatter: [[Double]]) {
    for j in center.indices {
      #expect(relativeError(m.estimate.center[j], center[j]) < 1e-12)
      // rrcov standardises by Qn with a rounded constant, which ρ = 10⁻⁶ lets through to the tenth digit.
      for k in center.indices { #expect(abs(m.estimate.scatter[j, k] - scatter[j][k]) < 1e-9 * scatter[j][j]) }
    }
  }

  /// More variables than observations; a fifth of the rows shifted.
  private func planted(_ n: Int = 50, _ p: Int = 80) -> Matrix {
    var stream = RandomStream(seed: 5, 2)
    var x = Matrix(rows: n, columns: p)
    for i in 0..<n {
      let common = stream.normal()
      for j in 0..<p {
        let shift = (i < n / 5 ? 2.5 : 0) * (j % 2 == 0 ? 1 : -1)
        x[i, j] = 10 + Double(j) + (1 + Double(j % 5)) * (0.6 * common + 0.8 * stream.normal() + shift)
      }
    }
    return x
  }

  @Test(arguments: [RegularizedDeterminant.Target.identity, .equicorrelation])
  func manyVariables(_ target: RegularizedDeterminant.Target) throws {
    let x = planted()
    var options = RegularizedDeterminant.Options()
    options.target = target
    options.share = 0.75
    let m = try RegularizedDeterminant(x, options: options)
    #expect(m.subset.count == 38 && m.subset.allSatisfy { $0 >= 10 })
    #expect(Set(m.outliers).isSuperset(of: 0..<10))
    // The ten shifted rows are the ten farthest.
    let farthest = m.distances.indices.sorted { m.distances[$0] > m.distances[$1] }.prefix(10)
    #expect(Set(farthest) == Set(0..<10))
    #expect(m.regularization > 0 && m.regularization < 1)
    let direct = try m.estimate.squaredDistances(x)
    for i in direct.indices { #expect(relativeError(direct[i], m.distances[i]) < 1e-6) }
  }

  /// The eigenvalues of K for a chosen ρ have at most the wanted condition number.
  @Test func conditionNumberIsHeld() throws {
    var options = RegularizedDeterminant.Options()
    options.maximalCondition = 20
    let x = planted(60, 20)
    let m = try RegularizedDeterminant(x, options: options)
    var standardized = m.estimate.scatter
    standardized.scaleRowsAndColumns(by: (0..<20).map { 1 / RobustScale.qn(x.column($0)) })
    let values = try SymmetricEigen(standardized, vectors: false).values
    #expect(values.last! / values.first! < 20 * 1.5)
    options.regularization = 1
    let target = try RegularizedDeterminant(x, options: options).estimate.scatter
    for j in 0..<20 {
      #expect(relativeError(target[j, j].squareRoot(), RobustScale.qn(x.column(j))) < 1e-12)
      #expect(j == 0 || target[j, 0] == 0)
    }
  }

  @Test func followsRowsScalesAndShifts() throws {
    let x = planted(40, 30)
    let a = try RegularizedDeterminant(x)
    var stream = RandomStream(seed: 1, 9)
    let order = stream.permutation(40)
    let b = try RegularizedDeterminant(Observations(x).selecting(order).matrix)
    #expect(a.estimate == b.estimate && a.objective == b.objective)
    var moved = x
    for j in 0..<30 { for i in 0..<40 { moved[i, j] = -3 + Double(j + 1) * 0.25 * x[i, j] } }
    let c = try RegularizedDeterminant(moved)
    #expect(c.subset == a.subset)
    for j in 0..<30 {
      let factor = Double(j + 1) * 0.25
      #expect(relativeError(c.estimate.center[j], -3 + factor * a.estimate.center[j]) < 1e-9)
      #expect(relativeError(c.estimate.scatter[j, j], factor * factor * a.estimate.scatter[j, j]) < 1e-9)
    }
  }
}
