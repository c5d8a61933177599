import Foundation
import LinearAlgebra
import Parallel

/// The six deterministic starts of Hubert, Rousseeuw and Verdonck (2012, J. Comput. Graph. Statist. 21, 618–637).
///
/// Each is a rough but robust scatter of standardised data: hyperbolic tangents, ranks, normal scores, spatial signs, the half nearest to the
/// median (Billor, Hadi and Velleman 2000), and orthogonalised pairs (left out beyond 300 variables). Of each only the eigenvectors are kept; the
/// data are measured along them. Directions without spread, as there must be with more variables than observations, get a millionth of the largest.
enum DeterministicStarts {
  /// Centres and scatters; a start that degenerates is left out.
  static func estimates(_ z: Observations) -> [LocationScatter] {
    let columns = (0..<z.dimension).map { z.variable($0) }
    return parallelMap(6) { k in scatter(k, z, columns).flatMap { refined($0, z) } }.compactMap { $0 }
  }

  private static func scatter(_ k: Int, _ z: Observations, _ columns: [[Double]]) -> Matrix? {
    let n = Double(z.count)
    switch k {
    case 0: return correlation(columns.map { $0.map(tanh) })
    case 1: return correlation(columns.map(Ranks.midranks))
    case 2: return correlation(columns.map { Ranks.midranks($0).map { Normal.quantile(($0 - 1 / 3) / (n + 1 / 3)) } })
    case 3: return spatialSigns(z)
    case 4: return nearestHalf(z)
    default:
      if z.dimension > 300 { return nil }
      let measure: @Sendable ([Double]) -> (location: Double, scale: Double) = { (Quantiles.median($0), RobustScale.qnOrTau($0)) }
      return try? OrthogonalizedPairs.estimate(columns, iterations: 1, measure: measure).estimate.scatter
    }
  }

  private static func correlation(_ columns: [[Double]]) -> Matrix? {
    let x = Matrix(rows: columns[0].count, columns: columns.count, elements: Array(columns.joined()))
    let scatter = Observations(x).moments().scatter
    guard scatter.diagonal.allSatisfy({ $0 > 0 }) else { return nil }
    return LocationScatter(center: [Double](repeating: 0, count: columns.count), scatter: scatter).correlation
  }

  /// Σ zz'/‖z‖² / n.
  private static func spatialSigns(_ z: Observations) -> Matrix? {
    var signs = z
    for i in 0..<z.count {
      var norm = 0.0
      for j in 0..<z.dimension { norm += z[i, j] * z[i, j] }
      if norm > 0 { for j in 0..<z.dimension { signs[i, j] = z[i, j] / norm.squareRoot() } }
    }
    var result = Matrix(rows: z.dimension, columns: z.dimension)
    result.addSymmetricProduct(of: Matrix(rows: z.dimension, columns: z.count, elements: signs.elements), scaledBy: 1 / Double(z.count))
    result.mirrorLowerTriangle()
    return result
  }

  /// The covariance of the half with the smallest norms.
  private static func nearestHalf(_ z: Observations) -> Matrix? {
    let norms = (0..<z.count).map { i in
      var norm = 0.0
      for j in 0..<z.dimension { norm += z[i, j] * z[i, j] }
      return norm
    }
    return LocationScatter.classical(z, rows: Concentration.smallest((z.count + 1) / 2, of: norms)).scatter
  }

  /// Eigenvectors E of a scatter, spreads L of Z E, and Σ = E L² E'; centre Σ^½ median(Z Σ^−½).
  private static func refined(_ scatter: Matrix, _ z: Observations) -> LocationScatter? {
    guard let e = try? OrthogonalizedPairs.eigenvectors(scatter) else { return nil }
    let p = z.dimension
    let turned = z.projected(on: e)
    let scales = (0..<p).map { RobustScale.qnOrTau(turned.variable($0)) }
    guard let largest = scales.max(), largest > 0, scales.allSatisfy(\.isFinite) else { return nil }
    var stretched = e
    var narrowed = e
    for j in 0..<p {
      let scale = max(scales[j], 1e-6 * largest)
      for i in 0..<p {
        stretched[i, j] = e[i, j] * scale
        narrowed[i, j] = e[i, j] / scale
      }
    }
    let covariance = stretched.multiplied(by: stretched, otherTransposed: true)
    let root = stretched.multiplied(by: e, otherTransposed: true)
    let inverseRoot = narrowed.multiplied(by: e, otherTransposed: true)
    let sphered = z.projected(on: inverseRoot)
    let medians = (0..<p).map { Quantiles.median(sphered.variable($0)) }
    return LocationScatter(center: root.multiplied(by: medians), scatter: covariance)
  }
}
