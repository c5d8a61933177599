import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct MMRegressionTests {
  typealias Fit = (coefficients: [Double], errors: [Double], scale: Double)

  /// robustbase 0.95-0, R 4.2.2: `lmrob` (bisquare, `cov = .vcov.avar1`), the best of five seeds by scale, with
  /// `lmrob.control(nResample = 5000, refine.tol = 1e-12, rel.tol = 1e-12, scale.tol = 1e-13, max.it = 5000, k.max = 5000, maxit.scale = 2000, best.r.s = 20)`.
  static let robustbase: [String: Fit] = [
    "hbk": (
      [-0.189616136141649, 0.0852735663031629, 0.0410131487412664, -0.0537134005919877],
      [0.11674342830938, 0.0732861579370079, 0.0295606710416718, 0.0319455495325942], 0.789173203873351
    ),
    "stackloss": (
      [-41.5246116701544, 0.938845476896302, 0.57955274415962, -0.112921861953804],
      [5.29779766461908, 0.117429410765521, 0.262963024594036, 0.0698899320270952], 1.9123519066632
    ),
    "wood": (
      [0.378389323793782, 0.216512373381843, -0.0807684926616526, -0.563887375966027, -0.398165275512464, 0.604639442652347],
      [0.0439897158196156, 0.0318370931652379, 0.14219388658178, 0.0201660977615394, 0.0533245327171947, 0.0754586352437551],
      0.0135170124131157
    ),
    "starsCYG": ([-4.96938773153117, 2.25316129183306], [3.41003476978237, 0.76906063932316], 0.471457903157151),
    "telef": ([-5.24235013262652, 0.110095709484185], [0.248081322962684, 0.00430679557132117], 0.212894392719965),
    "phosphor": (
      [64.7323844743485, 1.27775847122906, -0.0542466861281601], [11.7238053004206, 0.265808277138552, 0.347862050981231], 12.7187436628888
    ),
    "education": (
      [-278.524085026354, 0.0715972344270212, 0.0474146152743655, 0.889798087197189],
      [102.599765879187, 0.0423883076135449, 0.0106307543784921, 0.264095488238779], 37.1137802498397
    ),
    "Animals": ([2.04875254247421, 0.751292937498647], [0.188261240596054, 0.0262736703896865], 0.632930589738867),
  ]

  @Test(.enabled(if: RobustClassics.isPresent), arguments: robustbase.keys.sorted())
  func lmrobOfRobustbase(_ set: String) throws {
    let expected = Self.robustbase[set]!
    let m = try MMRegression(RobustClassics.design(set), RobustClassics.response(set))
    #expect(relativeError(m.scale, expected.scale) < 1e-9)
    for (ours, theirs) in zip(m.coefficients, expected.coefficients) { #expect(relativeError(ours, theirs) < 1e-8) }
    for (ours, theirs) in zip(m.standardErrors, expected.errors) { #expect(relativeError(ours, theirs) < 1e-7) }
  }

  static func sample(_ n: Int, bad: Int = 0) -> (x: Matrix, y: [Double]) {
    var stream = RandomStream(seed: 31, 1)
    var x = Matrix(rows: n, columns: 2)
    var y = [Double](repeating: 0, count: n)
    for i in 0..<n {
      x[i, 0] = stream.normal()
      x[i, 1] = 3 + 2 * stream.normal()
      y[i] = 1 + 2 * x[i, 0] - x[i, 1] + 0.5 * stream.normal()
      if i < bad {
        x[i, 0] += 20
        y[i] -= 50
      }
    }
    return (x, y)
  }

  @Test func survivesBadLeverage() throws {
    let (x, y) = Self.sample(200, bad: 80)
    let m = try MMRegression(x, y)
    #expect(m.outliers().filter { $0 < 80 } == Array(0..<80))
    for (value, truth) in zip(m.coefficients, [1.0, 2, -1]) { #expect(abs(value - truth) < 0.25) }
    #expect(m.outliers().count < 84)
  }

  /// The estimating equation Σ ψ(r/s) x = 0 and the scale equation Σ ρ(r₀/s) = (n − p)/2 hold.
  @Test func solvesItsEquations() throws {
    let (x, y) = Self.sample(150, bad: 30)
    let m = try MMRegression(x, y)
    let b = m.initialCoefficients
    let residuals0 = (0..<150).map { y[$0] - b[0] - b[1] * x[$0, 0] - b[2] * x[$0, 1] }
    var rho = 0.0
    for r in residuals0 {
      let u = r / (1.54764 * m.scale)
      rho += abs(u) < 1 ? 1 - pow(1 - u * u, 3) : 1
    }
    #expect(abs(rho - 147 / 2) < 1e-8)
    for j in 0..<3 {
      var sum = 0.0
      for i in 0..<150 { sum += m.weights[i] * m.residuals[i] * (j == 0 ? 1 : x[i, j - 1]) }
      #expect(abs(sum) < 1e-8)
    }
  }

  @Test func orderOfRowsPlaysNoPart() throws {
    let (x, y) = Self.sample(300, bad: 50)
    var stream = RandomStream(seed: 32, 1)
    let order = stream.permutation(300)
    let a = try MMRegression(x, y)
    let b = try MMRegression(Observations(x).selecting(order).matrix, order.map { y[$0] })
    #expect(a.coefficients == b.coefficients && a.scale == b.scale && a.covariance == b.covariance)
    for (place, i) in order.enumerated() { #expect(b.weights[place] == a.weights[i]) }
  }

  /// y ↦ a y + X b + c and x ↦ A x carry the fit along, when all elemental subsets are tried.
  @Test func equivariance() throws {
    let (x, y) = Self.sample(40, bad: 8)
    var moved = x
    for i in 0..<40 {
      moved[i, 0] = 100 * x[i, 0] + x[i, 1]
      moved[i, 1] = -0.01 * x[i, 1]
    }
    let response = (0..<40).map { 3 * y[$0] + 7 + 0.5 * x[$0, 0] }
    let a = try MMRegression(x, y)
    let b = try MMRegression(moved, response)
    #expect(relativeError(b.scale, 3 * a.scale) < 1e-9)
    let slopes = [3 * a.coefficients[1] + 0.5, 3 * a.coefficients[2]]
    #expect(relativeError(b.coefficients[0], 3 * a.coefficients[0] + 7) < 1e-8)
    #expect(relativeError(b.coefficients[1], slopes[0] / 100) < 1e-8)
    #expect(relativeError(b.coefficients[2], -100 * (slopes[1] - slopes[0] / 100)) < 1e-8)
    for i in 0..<40 { #expect(abs(a.weights[i] - b.weights[i]) < 1e-8) }
  }

  /// Starts that a bound rules out would not have been kept: the best are the same as when every start is followed.
  @Test func boundLosesNoStart() throws {
    let (x, y) = Self.sample(400, bad: 120)
    let design = try RegressionDesign(x, y, intercept: true)
    let rho = Bisquare(c: 1.54764)
    let target = 0.5 * Double(design.count - design.columns)
    let fits = ElementalFits(design, subsets: 700, exhaustiveLimit: 100, seed: 3)
    func best(bounded: Bool) -> [SRegression.Candidate] {
      fits.best(
        20, value: { $0.scale },
        improve: { start, bound in
          SRegression.Candidate(start, design).refined(design, rho, target, limit: 1, bound: bounded ? bound : .infinity)
        })
    }
    let (some, all) = (best(bounded: true), best(bounded: false))
    #expect(some.count == 20 && some.map(\.gamma) == all.map(\.gamma) && some.map(\.scale) == all.map(\.scale))
  }

  /// Three tenths shifted in response and explanatory variables: two near minima of the scale. The default search, on a sample of the observations, has to
  /// end as low as ten times as many starts.
  @Test(arguments: [UInt64(1), 2, 3]) func fewStartsEndAsLowAsMany(seed: UInt64) throws {
    let (n, p) = (4000, 6)
    var stream = RandomStream(seed: 37, seed)
    var x = Matrix(rows: n, columns: p)
    var y = [Double](repeating: 0, count: n)
    for i in 0..<n {
      for j in 0..<p {
        x[i, j] = stream.normal() + (i < 1200 ? 2.5 : 0)
        y[i] += 0.5 * x[i, j]
      }
      y[i] += stream.normal() - (i < 1200 ? 8 : 0)
    }
    var options = MMRegression.Options()
    options.seed = seed
    let quick = try MMRegression(x, y, options: options)
    options.subsets = 5000
    let thorough = try MMRegression(x, y, options: options)
    #expect(quick.scale <= thorough.scale * (1 + 1e-9))
  }

  @Test func exactFit() throws {
    let x = Matrix(rows: 20, columns: 1, elements: (0..<20).map(Double.init))
    let y = (0..<20).map { (i: Int) -> Double in i < 6 ? Double(i * i + 40) : 5 - 2 * Double(i) }
    let m = try MMRegression(x, y)
    #expect(m.isExactFit && m.scale == 0)
    #expect(abs(m.coefficients[0] - 5) < 1e-9 && abs(m.coefficients[1] + 2) < 1e-9)
    #expect(m.outliers() == Array(0..<6))
    let lts = try LeastTrimmedSquares(x, y)
    #expect(lts.isExactFit && lts.outliers() == Array(0..<6))
  }

  @Test func refusesDependentColumns() {
    let x = Matrix(rowArrays: (0..<10).map { [Double($0), 2 * Double($0) + 1] })
    #expect(throws: RobustEstimateError.dependentColumns(rank: 2, columns: 3)) { try MMRegression(x, (0..<10).map(Double.init)) }
    #expect(throws: RobustEstimateError.tooFewObservations(count: 2, needed: 3)) {
      try MMRegression(Matrix(rows: 2, columns: 1, elements: [1, 2]), [1, 2])
    }
  }

  /// At the normal 95 % efficient: standard errors close to those of least squares, and close to what the estimates scatter.
  @Test func standardErrorsDescribeTheScatter() throws {
    var squares = 0.0
    var errors = 0.0
    for seed in 0..<60 {
      var stream = RandomStream(seed: 33, UInt64(seed))
      let x = (0..<60).map { _ in stream.normal() }
      let y = x.map { 2 * $0 + stream.normal() }
      var options = MMRegression.Options()
      options.subsets = 100
      let m = try MMRegression(Matrix(rows: 60, columns: 1, elements: x), y, options: options)
      squares += (m.coefficients[1] - 2) * (m.coefficients[1] - 2) / 60
      errors += m.standardErrors[1] * m.standardErrors[1] / 60
    }
    #expect(errors / squares > 0.6 && errors / squares < 1.6)
  }
}
