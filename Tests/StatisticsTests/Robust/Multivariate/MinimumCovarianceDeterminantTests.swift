import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct MinimumCovarianceDeterminantTests {
  struct Peer: Decodable {
    struct Fit: Decodable {
      let crit: Double
      let quan: Int
      let best: [Int]
      let center: [Double]
      let cov: [[Double]]
      let rawCenter: [Double]
      let rawCov: [[Double]]
      let cnp2, rawFactors: [Double]
      let mah, rawMah: [Double]

      enum CodingKeys: String, CodingKey {
        case crit, quan, best, center, cov, cnp2, mah
        case rawCenter = "raw_center"
        case rawCov = "raw_cov"
        case rawFactors = "raw_cnp2"
        case rawMah = "raw_mah"
      }
    }
    let input: [[Double]]
    let fast, deterministic, fast75: Fit
    let exact: Fit?
  }

  private func expectSame(_ m: MinimumCovarianceDeterminant, _ peer: Peer.Fit, _ tolerance: Double = 1e-9) {
    #expect(m.subset.map { $0 + 1 } == peer.best)
    // covMcd's criterion has the divisor h − 1 as well.
    #expect(abs(m.objective - peer.crit) < 1e-9)
    #expect(relativeError(m.rawFactors.consistency, peer.rawFactors[0]) < 1e-10)
    #expect(relativeError(m.rawFactors.smallSample, peer.rawFactors[1]) < 1e-10)
    #expect(relativeError(m.factors.consistency, peer.cnp2[0]) < 1e-10)
    #expect(relativeError(m.factors.smallSample, peer.cnp2[1]) < 1e-10)
    for j in peer.center.indices {
      #expect(relativeError(m.reweighted.center[j], peer.center[j]) < tolerance)
      #expect(relativeError(m.raw.center[j], peer.rawCenter[j]) < tolerance)
      for k in peer.center.indices {
        #expect(abs(m.reweighted.scatter[j, k] - peer.cov[j][k]) < tolerance * abs(peer.cov[j][j]))
        #expect(abs(m.raw.scatter[j, k] - peer.rawCov[j][k]) < tolerance * abs(peer.rawCov[j][j]))
      }
    }
    for i in peer.mah.indices {
      #expect(relativeError(m.distances[i], peer.mah[i]) < 1e-8)
      #expect(relativeError(m.rawDistances[i], peer.rawMah[i]) < 1e-8)
    }
  }

  /// robustbase 0.95-0, `covMcd(nsamp = "exact")`: every elemental subset.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence), arguments: ["covMcd_stackloss", "covMcd_wood", "covMcd_starsCYG"])
  func exactSearchOfRobustbase(_ name: String) throws {
    let peer = try Oracle.read("R", name, as: Peer.self)
    var options = MinimumCovarianceDeterminant.Options()
    options.search = .exhaustive
    let m = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    if let exact = peer.exact { expectSame(m, exact) }
    #expect(m.objective <= min(peer.fast.crit, peer.deterministic.crit) + 1e-9)
  }

  /// robustbase 0.95-0: whatever it finds, the automatic search finds no worse.
  @Test(.enabled(if: Oracle.isPresent, Oracle.absence), arguments: ["covMcd_hbk", "covMcd_stackloss", "covMcd_wood", "covMcd_starsCYG"])
  func noWorseThanRobustbase(_ name: String) throws {
    let peer = try Oracle.read("R", name, as: Peer.self)
    let m = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input))
    #expect(m.subset.count == peer.fast.quan)
    #expect(m.objective <= min(peer.fast.crit, peer.deterministic.crit) + 1e-9)
    var options = MinimumCovarianceDeterminant.Options()
    options.share = 0.75
    let wide = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    #expect(wide.objective <= peer.fast75.crit + 1e-9)
    if wide.objective > peer.fast75.crit - 1e-9 { expectSame(wide, peer.fast75) }
    options.share = 0.5
    options.search = .deterministic
    let det = try MinimumCovarianceDeterminant(Matrix(rowArrays: peer.input), options: options)
    if abs(det.objective - peer.deterministic.crit) < 1e-9 { expectSame(det, peer.deterministic) }
  }

  /// A normal sample, a tenth of it shifted.
  static func contaminated(_ n: Int, _ p: Int, seed: UInt64 = 1, shift: Double = 4) -> Matrix {
    var stream = RandomStream(seed: seed, 7)
    var x = Matrix(rows: n, columns: p)
    for i in 0..<n {
      let common = stream.normal()
      for j in 0..<p { x[i, j] = 0.5 * common + stream.normal() * (1 + 0.2 * Double(j)) + (i < n / 10 ? shift : 0) }
    }
    return x
  }

  /// Every subset of h observations, by definition.
  private func naive(_ x: Matrix, _ h: Int) -> (objective: Double, subset: [Int]) {
    let data = Observations(x)
    var best = (objective: Double.infinity, subset: [Int]())
    var rows = Array(0..<h)
    repeat {
      let value = LocationScatter.classical(data, rows: rows.map { Int32($0) }).logDeterminant
      if value < best.objective { best = (value, rows) }
    } while Combinations.advance(&rows, count: x.rows)
    return best
  }

  @Test(arguments: 1...6) func findsTheMinimumOverAllSubsets(_ seed: UInt64) throws {
    let x = Self.contaminated(14, 2, seed: seed)
    let m = try MinimumCovarianceDeterminant(x)
    let expected = naive(x, m.subset.count)
    #expect(m.subset.count == 8)
    #expect(m.subset == expected.subset)
    #expect(abs(m.objective - expected.objective) < 1e-10)
  }

  @Test(arguments: 1...4) func oneVariableIsExact(_ seed: UInt64) throws {
    let x = Self.contaminated(16, 1, seed: seed)
    let m = try MinimumCovarianceDeterminant(x)
    #expect(m.subset == naive(x, m.subset.count).subset)
  }

  /// With the exhaustive search x ↦ A x + b carries the estimate along.
  @Test func affineEquivariance() throws {
    let x = Self.contaminated(22, 3)
    var options = MinimumCovarianceDeterminant.Options()
    options.search = .exhaustive
    let a = Matrix(rowArrays: [[2, 0.5, 0], [-30, 4, 1], [0.01, 0, 0.02]])
    let b = [100, -2, 0.5]
    var moved = x
    for i in 0..<22 {
      let y = a.multiplied(by: (0..<3).map { x[i, $0] })
      for j in 0..<3 { moved[i, j] = y[j] + b[j] }
    }
    let m = try MinimumCovarianceDeterminant(x, options: options)
    let t = try MinimumCovarianceDeterminant(moved, options: options)
    #expect(t.subset == m.subset && t.outliers == m.outliers)
    for i in m.distances.indices { #expect(relativeError(t.distances[i], m.distances[i]) < 1e-8) }
    let center = a.multiplied(by: m.reweighted.center)
    let scatter = a.multiplied(by: m.reweighted.scatter).multiplied(by: a, otherTransposed: true)
    for j in 0..<3 {
      #expect(relativeError(t.reweighted.center[j], center[j] + b[j]) < 1e-9)
      for k in 0..<3 { #expect(abs(t.reweighted.scatter[j, k] - scatter[j, k]) < 1e-9 * (scatter[j, j] * scatter[k, k]).squareRoot()) }
    }
  }

  /// To the last bit, ties included: some rows occur twice.
  @Test(arguments: [(40, 2), (300, 4), (3000, 3)]) func orderOfRowsPlaysNoPart(_ n: Int, _ p: Int) throws {
    var x = Self.contaminated(n, p)
    for i in 0..<(n / 20) { for j in 0..<p { x[n - 1 - i, j] = x[n / 2 - i, j] } }
    var stream = RandomStream(seed: 8, 8)
    let order = stream.permutation(n)
    let a = try MinimumCovarianceDeterminant(x)
    let b = try MinimumCovarianceDeterminant(Observations(x).selecting(order).matrix)
    #expect(a.objective == b.objective && a.reweighted == b.reweighted && a.raw == b.raw)
    for (place, i) in order.enumerated() { #expect(b.distances[place] == a.distances[i]) }
  }

  @Test func unitsPlayNoPart() throws {
    let x = Self.contaminated(200, 4)
    let factors = [1e-6, 1e6, 3, 0.7]
    var scaled = x
    for j in 0..<4 { for i in 0..<200 { scaled[i, j] = factors[j] * x[i, j] } }
    let a = try MinimumCovarianceDeterminant(x)
    let b = try MinimumCovarianceDeterminant(scaled)
    #expect(a.subset == b.subset && a.outliers == b.outliers)
    #expect(abs(b.objective - a.objective - 2 * factors.map { log($0) }.reduce(0, +)) < 1e-8)
  }

  /// Forty per cent of arbitrary values do not carry the estimate away.
  @Test(arguments: [MinimumCovarianceDeterminant.Search.deterministic, .random(subsets: 500), .automatic])
  func survivesFortyPercent(_ search: MinimumCovarianceDeterminant.Search) throws {
    var x = Self.contaminated(400, 4, shift: 0)
    for i in 0..<160 { for j in 0..<4 { x[i, j] = 50 + x[i, j] * 0.1 + (j == 0 ? 1000 : 0) } }
    var options = MinimumCovarianceDeterminant.Options()
    options.search = search
    let m = try MinimumCovarianceDeterminant(x, options: options)
    #expect(Set(m.outliers).isSuperset(of: 0..<160))
    #expect(m.reweighted.center.allSatisfy { abs($0) < 0.5 })
    #expect(m.outliers.count < 160 + 20)
  }

  /// The subset stays where it is: no concentration step improves it, and its determinant is what it says.
  @Test func endsAtAFixedPoint() throws {
    let x = Self.contaminated(5000, 5)
    let m = try MinimumCovarianceDeterminant(x)
    let data = Observations(x)
    let core = LocationScatter.classical(data, rows: m.subset.map { Int32($0) })
    #expect(abs(core.logDeterminant - m.objective) < 1e-10)
    let distances = data.squaredDistances(from: core.center, try Cholesky(core.scatter))
    #expect(Concentration.smallest(m.subset.count, of: distances).map { Int($0) } == m.subset)
    #expect(Set(m.outliers).isSuperset(of: (0..<500).filter { m.distances[$0] > m.cut }))
  }

  /// At the normal the reweighted covariance estimates the true one without bias: 30 samples of 100 observations, 4 variables.
  @Test func correctionsMakeItUnbiased() throws {
    var (raw, reweighted) = (0.0, 0.0)
    for seed in 0..<30 {
      var stream = RandomStream(seed: 77, UInt64(seed))
      var values = [Double](repeating: 0, count: 400)
      stream.fillNormal(&values)
      var options = MinimumCovarianceDeterminant.Options()
      options.search = .deterministic
      let m = try MinimumCovarianceDeterminant(Matrix(rows: 100, columns: 4, elements: values), options: options)
      raw += exp(m.raw.logDeterminant / 4) / 30
      reweighted += exp(m.reweighted.logDeterminant / 4) / 30
    }
    #expect(abs(raw - 1) < 0.12)
    #expect(abs(reweighted - 1) < 0.08)
  }

  /// The curves of Pison, Van Aelst and Willems end at negative factors: robustbase 0.95-0 gives negative variances for 8 observations of 5 variables.
  @Test func noCorrectionIsKnownForVeryFewObservations() throws {
    for (n, p, needed) in [(8, 5, 14), (11, 4, 12)] {
      let x = Self.contaminated(n, p, shift: 0)
      #expect(throws: RobustEstimateError.tooFewObservations(count: n, needed: needed)) { try MinimumCovarianceDeterminant(x) }
      var options = MinimumCovarianceDeterminant.Options()
      options.smallSampleCorrection = false
      #expect(try MinimumCovarianceDeterminant(x, options: options).raw.scatter[0, 0] > 0)
    }
  }

  @Test func exactFitIsSaid() throws {
    // Twenty-five of forty observations on x + 2y − z = 3.
    var stream = RandomStream(seed: 9, 1)
    var x = Matrix(rows: 40, columns: 3)
    for i in 0..<40 {
      x[i, 0] = stream.normal()
      x[i, 1] = stream.normal()
      x[i, 2] = i < 15 ? 10 * stream.normal() : x[i, 0] + 2 * x[i, 1] - 3
    }
    for search in [MinimumCovarianceDeterminant.Search.automatic, .deterministic, .random(subsets: 300)] {
      var options = MinimumCovarianceDeterminant.Options()
      options.search = search
      let m = try MinimumCovarianceDeterminant(x, options: options)
      let fit = try #require(m.exactFit)
      #expect(m.objective == -.infinity)
      #expect(fit.rows == Array(15..<40))
      #expect(m.outliers.filter { $0 < 15 } == Array(0..<15))
      #expect(m.weights == (0..<40).map { $0 >= 15 })
      let scale = fit.normal[0]
      #expect(abs(fit.normal[1] / scale - 2) < 1e-9 && abs(fit.normal[2] / scale + 1) < 1e-9 && abs(fit.offset / scale - 3) < 1e-9)
    }
  }

  @Test func constantVariableIsAnExactFit() throws {
    var x = Self.contaminated(50, 3)
    for i in 0..<30 { x[i, 1] = 7 }
    let fit = try #require(try MinimumCovarianceDeterminant(x).exactFit)
    #expect(fit.normal == [0, 1, 0] && fit.offset == 7 && fit.rows == Array(0..<30))
  }

  @Test func refusesWhatCannotBeEstimated() throws {
    #expect(throws: RobustEstimateError.noVariables) { try MinimumCovarianceDeterminant(Matrix(rows: 9, columns: 0)) }
    #expect(throws: RobustEstimateError.tooFewObservations(count: 6, needed: 7)) {
      try MinimumCovarianceDeterminant(Self.contaminated(6, 5))
    }
    var x = Self.contaminated(30, 2)
    x[4, 1] = .nan
    #expect(throws: RobustEstimateError.notFinite(row: 4, column: 1)) { try MinimumCovarianceDeterminant(x) }
    var options = MinimumCovarianceDeterminant.Options()
    options.search = .exhaustive
    #expect(throws: RobustEstimateError.tooManySubsets(limit: 20_000_000)) {
      try MinimumCovarianceDeterminant(Self.contaminated(500, 6), options: options)
    }
  }

  /// All observations: the classical estimate.
  @Test func shareOneIsClassical() throws {
    let x = Self.contaminated(60, 3, shift: 0)
    var options = MinimumCovarianceDeterminant.Options()
    options.share = 1
    options.smallSampleCorrection = false
    let m = try MinimumCovarianceDeterminant(x, options: options)
    let classical = LocationScatter.classical(Observations(x))
    #expect(m.subset == Array(0..<60))
    for j in 0..<3 { #expect(relativeError(m.raw.scatter[j, j], classical.scatter[j, j]) < 1e-12) }
  }
}
