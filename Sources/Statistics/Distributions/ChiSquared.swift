import Foundation

/// The χ² distribution: a gamma distribution with shape ν/2 and scale 2.
public struct ChiSquared: ContinuousDistribution, Hashable {
  public let degreesOfFreedom: Double
  private var gamma: Gamma { Gamma(shape: 0.5 * degreesOfFreedom, scale: 2) }

  /// - Precondition: `degreesOfFreedom` is positive and finite; it need not be whole.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0 && degreesOfFreedom.isFinite, "degrees of freedom must be positive and finite")
    self.degreesOfFreedom = degreesOfFreedom
  }

  public func logDensity(_ x: Double) -> Double { gamma.logDensity(x) }
  public func lowerTail(_ x: Double) -> Double { gamma.lowerTail(x) }
  public func upperTail(_ x: Double) -> Double { gamma.upperTail(x) }
  public func logLowerTail(_ x: Double) -> Double { gamma.logLowerTail(x) }
  public func logUpperTail(_ x: Double) -> Double { gamma.logUpperTail(x) }
  public func quantile(logLowerTail logP: Double) -> Double { gamma.quantile(logLowerTail: logP) }
  public func quantile(logUpperTail logP: Double) -> Double { gamma.quantile(logUpperTail: logP) }
}
