import Foundation
import LinearAlgebra
import Models

/// The model written down naively: V and P as dense n × n matrices. Slow, and independent of how the library eliminates anything.
struct DenseReference {
  let criterion: Double
  let fixed: [Double]
  let fixedErrors: [Double]
  let fixedCovariance: Matrix
  /// Per factor and level.
  let effects: [[Double]]
  let errors: [[Double]]
  let leaveOneOut: [Double]
  let leaveOneOutVariances: [Double]
  /// P = V⁻¹ − V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹.
  let projection: Matrix

  init(y: [Double], weights: [Double], x: [[Double]], factors: [GroupingFactor], components: [Double], reml: Bool) throws {
    let n = y.count
    let p = x.count
    var v = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        for (factor, variance) in zip(factors, components) where factor.codes[i] == factor.codes[j] { v[i, j] += variance }
      }
      v[i, i] += components.last! / weights[i]
    }
    let factor = try Cholesky(v)
    var logDeterminant = 0.0
    for pivot in factor.diagonal { logDeterminant += 2 * log(pivot) }
    let inverse = factor.inverse()
    let design = Matrix(rows: n, columns: p, elements: x.flatMap { $0 })
    let vx = inverse.multiplied(by: design)
    let information = try Cholesky(design.multiplied(by: vx, transposed: true))
    var informationDeterminant = 0.0
    for pivot in information.diagonal { informationDeterminant += 2 * log(pivot) }
    let covariance = information.inverse()
    let beta = covariance.multiplied(by: vx.transposeMultiplied(by: y))
    let correction = vx.multiplied(by: covariance).multiplied(by: vx, otherTransposed: true)
    let projection = Matrix(rows: n, columns: n, elements: zip(inverse.elements, correction.elements).map { $0 - $1 })
    let py = projection.multiplied(by: y)
    let degrees = Double(reml ? n - p : n)
    criterion = logDeterminant + (reml ? informationDeterminant : 0) + dot(y, py) + degrees * log(2 * Double.pi)
    fixed = beta
    fixedCovariance = covariance
    fixedErrors = covariance.diagonal.map { $0.squareRoot() }
    effects = zip(factors, components).map { factor, variance in
      (0..<factor.levels).map { level in
        variance * (0..<n).reduce(0.0) { Int(factor.codes[$1]) == level ? $0 + py[$1] : $0 }
      }
    }
    errors = zip(factors, components).map { factor, variance in
      (0..<factor.levels).map { level in
        let z = factor.codes.map { Int($0) == level ? 1.0 : 0 }
        return (variance - variance * variance * dot(z, projection.multiplied(by: z))).squareRoot()
      }
    }
    self.projection = projection
    leaveOneOut = (0..<n).map { py[$0] / projection[$0, $0] }
    leaveOneOutVariances = (0..<n).map { 1 / projection[$0, $0] }
  }
}

/// A small unbalanced campaign with weights, a covariate and a team above the raters. Invented numbers from a linear congruence.
struct SmallCampaign {
  let y: [Double]
  let weights: [Double]
  let covariate: [Double]
  let units: GroupingFactor
  let raters: GroupingFactor
  let teams: GroupingFactor
  let criteria: GroupingFactor

  init(count: Int = 60, unitCount: Int = 12, raterCount: Int = 7) {
    var state: UInt64 = 41
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + draw() } }
    let unitEffects = (0..<unitCount).map { _ in 4 * normal() }
    let raterEffects = (0..<raterCount).map { _ in 2 * normal() }
    var y: [Double] = []
    var w: [Double] = []
    var z: [Double] = []
    var u: [Int32] = []
    var r: [Int32] = []
    var c: [Int32] = []
    for s in 0..<count {
      let unit = s % unitCount
      let rater = Int(draw() * Double(raterCount))
      let criterion = Int(draw() * 3)
      let weight = 0.5 + draw()
      let covariate = draw()
      u.append(Int32(unit))
      r.append(Int32(rater))
      c.append(Int32(criterion))
      w.append(weight)
      z.append(covariate)
      y.append(60 + 3 * covariate + unitEffects[unit] + raterEffects[rater] + 1.5 * normal() / weight.squareRoot())
    }
    self.y = y
    weights = w
    covariate = z
    units = GroupingFactor("unit", codes: u, levels: unitCount)
    raters = GroupingFactor("rater", codes: r, levels: raterCount)
    teams = GroupingFactor("team", codes: r.map { $0 / 3 }, levels: (raterCount + 2) / 3)
    criteria = GroupingFactor("criterion", codes: c, levels: 3)
  }
}
