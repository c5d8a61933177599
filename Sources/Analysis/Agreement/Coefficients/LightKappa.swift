import Models
import Wording

extension AgreementCoefficient {
  /// With weights, the mean of weighted kappas. Jackknife limits over units.
  public static let light = AgreementCoefficient(
    "light", needsOrder: false, name: { $0.weighted("Light's κ", zh: "Light κ") },
    compute: { input throws(AgreementError) in
      let kappa = try LightKappa(input.ratings, weights: input.weights.get())
      return CoefficientEstimate(kappa.value, jackknife: kappa.valuesWithoutUnit, level: input.options.level, scale: .landisKoch)
    })
}

/// Light's (1971) kappa: the mean of Cohen's κ over all pairs of raters, each on the units that both rated.
///
/// With losses v_kl = 1 − w_kl and counts a_k, b_l of the categories that a pair gave to its n shared units:
///
///     κ = 1 − n Σ_u v(x_u, y_u) / Σ_kl a_k b_l v_kl
///
/// A pair whose κ is 0/0 is left out. Every pair counts alike, however few units it shares: with many gaps Conger's κ is steadier. Cost for r_u
/// ratings of unit u and P pairs that use q categories: O(Σ r_u² + P q²).
/// Source: Light (1971), Psychological Bulletin 76:365–377; gaps pair by pair, as in R's psy.
struct LightKappa {
  let value: Double
  /// Without each unit of two ratings or more in turn; NaN where no pair has a κ then.
  let valuesWithoutUnit: [Double]

  /// - Throws: `nothingToCompare` without a unit of two ratings, `noVariation` when no pair has a κ.
  init(_ table: RatingsTable, weights: AgreementWeights) throws(AgreementError) {
    let pairable = table.units(withAtLeast: 2)
    if pairable.isEmpty { throw .nothingToCompare }
    var places = [[(unit: Int, place: Int)]](repeating: [], count: table.raters)
    for u in pairable { for i in table.unitStart[u]..<table.unitStart[u + 1] { places[Int(table.rater[i])].append((u, i)) } }
    var (sum, pairs) = (0.0, 0.0)
    // By how much the sum and the number of pairs change without each unit.
    var sumChange = [Double](repeating: 0, count: table.units)
    var pairChange = sumChange
    // What one rater shares with each of those who follow.
    var shared = [SharedUnits](repeating: SharedUnits(), count: table.raters)
    for first in 0..<table.raters {
      for (u, i) in places[first] {
        for j in (i + 1)..<table.unitStart[u + 1] { shared[Int(table.rater[j])].add(u, table.category[i], table.category[j]) }
      }
      for second in (first + 1)..<table.raters where !shared[second].units.isEmpty {
        let (kappa, without) = shared[second].kappas(weights)
        if !kappa.isNaN {
          (sum, pairs) = (sum + kappa, pairs + 1)
          for (u, rest) in zip(shared[second].units, without) {
            sumChange[u] += rest.isNaN ? -kappa : rest - kappa
            if rest.isNaN { pairChange[u] -= 1 }
          }
        }
        shared[second].removeAll()
      }
    }
    if pairs == 0 { throw .noVariation }
    value = sum / pairs
    valuesWithoutUnit = pairable.map { u in
      let rest = pairs + pairChange[u]
      return rest > 0 ? (sum + sumChange[u]) / rest : .nan
    }
  }
}

/// The units that two raters share, with the category that each gave.
private struct SharedUnits {
  private(set) var units: [Int] = []
  private var first: [Int32] = []
  private var second: [Int32] = []

  mutating func add(_ unit: Int, _ x: Int32, _ y: Int32) {
    units.append(unit)
    first.append(x)
    second.append(y)
  }

  mutating func removeAll() {
    units.removeAll(keepingCapacity: true)
    first.removeAll(keepingCapacity: true)
    second.removeAll(keepingCapacity: true)
  }

  /// κ, and κ without each of the units; NaN where it is 0/0.
  func kappas(_ weights: AgreementWeights) -> (value: Double, without: [Double]) {
    let used = Set(first).union(second).sorted()
    var place = [Int](repeating: 0, count: weights.order)
    for (k, category) in used.enumerated() { place[Int(category)] = k }
    let (x, y) = (first.map { place[Int($0)] }, second.map { place[Int($0)] })
    let q = used.count
    let loss = used.map { k in used.map { 1 - weights[Int(k), Int($0)] } }
    // Σ_l b_l v_kl for each k, and Σ_k a_k v_kl for each l.
    var (againstSecond, againstFirst) = ([Double](repeating: 0, count: q), [Double](repeating: 0, count: q))
    var (countFirst, countSecond) = (againstFirst, againstFirst)
    for k in x { countFirst[k] += 1 }
    for l in y { countSecond[l] += 1 }
    for k in 0..<q {
      for l in 0..<q {
        againstSecond[k] += countSecond[l] * loss[k][l]
        againstFirst[k] += countFirst[l] * loss[k][l]
      }
    }
    let n = Double(x.count)
    let observed = zip(x, y).reduce(0) { $0 + loss[$1.0][$1.1] }
    let expected = x.reduce(0) { $0 + againstSecond[$1] }
    func kappa(_ n: Double, _ observed: Double, _ expected: Double) -> Double {
      expected > 1e-12 * n * n ? 1 - n * observed / expected : .nan
    }
    let without = zip(x, y).map { k, l in
      kappa(n - 1, observed - loss[k][l], expected - againstSecond[k] - againstFirst[l] + loss[k][l])
    }
    return (kappa(n, observed, expected), without)
  }
}
