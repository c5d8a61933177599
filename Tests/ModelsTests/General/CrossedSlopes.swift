import Models

/// Invented unbalanced data with crossed random slopes, weights and an own-group indicator, from a linear congruence that R reproduces
/// (s ← 16807 s mod 2³¹ − 1, normal = twelve uniforms − 6). The numbers of other programs in the tests are of this very table.
struct CrossedSlopes {
  private(set) var frame = ModelFrame()
  private(set) var weights: [Double] = []
  private(set) var y: [Double] = []

  init() {
    var state: Int = 20_261_124
    func draw() -> Double {
      state = 16807 * state % 2_147_483_647
      return Double(state) / 2_147_483_647
    }
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + draw() } }
    let units = (0..<14).map { _ in 3 * normal() }
    let raters = (0..<8).map { _ in 2 * normal() }
    let slopes = (0..<8).map { _ in 1.5 * normal() }
    var (unit, rater, criterion): ([String], [String], [String]) = ([], [], [])
    var (x, own): ([Double], [Double]) = ([], [])
    for u in 1...14 {
      for r in 1...8 where (3 * u + 5 * r) % 4 != 0 {
        for k in 1...2 where (u + r + k) % 5 != 0 {
          unit.append(u < 10 ? "U0\(u)" : "U\(u)")
          rater.append("R\(r)")
          criterion.append(["a", "b", "c"][(u * r + k) % 3])
          x.append(4 * draw())
          own.append(u % 3 == r % 3 ? 1 : 0)
          weights.append(0.5 + draw())
          let noise = 2 * normal() / weights.last!.squareRoot()
          y.append(60 + 1.2 * x.last! + 2 * own.last! + units[u - 1] + raters[r - 1] + slopes[r - 1] * x.last! + noise)
        }
      }
    }
    frame.add("unit", labels: unit)
    frame.add("rater", labels: rater)
    frame.add("criterion", labels: criterion)
    frame.add("x", x)
    frame.add("own", own)
    frame.add("y", y)
  }

  func fit(_ formula: String, _ method: EstimationMethod = .reml, weighted: Bool = false) throws -> LinearMixedFit {
    try LinearMixedModel(ModelDesign(ModelFormula(formula), frame, weights: weighted ? weights : nil)).fit(method)
  }
}
