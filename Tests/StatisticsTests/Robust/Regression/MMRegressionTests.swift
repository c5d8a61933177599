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
}
