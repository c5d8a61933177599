public import Foundation

/// Which responses share one set of thresholds.
public enum RatingScales: Sendable, Equatable {
  /// One rating scale for all (Andrich 1978).
  case shared
  /// Each level of this facet has thresholds of its own: the partial credit model (Masters 1982) when the facet is the criteria, and raters with
  /// own scales, which show central tendency, when it is the raters.
  case each(facet: Int)
}

/// How the measures are estimated.
public enum RaschMethod: Sendable, Equatable {
  /// Joint maximum likelihood: the units are parameters like all others, as in FACETS.
  case joint(JointCorrection)
  /// Marginal maximum likelihood: the units are a sample from a normal distribution with estimated mean and variance, as in ConQuest and TAM.
  case marginal
}

/// What is done about the bias of joint maximum likelihood, which stretches all measures when the units have few responses.
public enum JointCorrection: Sendable, Equatable {
  case none
  /// Measures and thresholds are multiplied by (L − 1)/L with L the mean number of responses of a unit, and the units estimated again at these
  /// values (Wright and Douglas 1977; Andersen 1980). Exact for two items, about right otherwise; anchored values are not touched, so it makes sense
  /// without anchors only.
  case lengthFactor
}

/// Values that are held fixed, so that measures of several campaigns are on one scale.
public struct RaschAnchors: Sendable, Equatable {
  /// By facet, then level: the measure.
  public var measures: [Int: [Int: Double]]
  /// By scale (0 for the shared one, the level of the facet otherwise): one threshold for each step from the lowest to the highest score.
  public var thresholds: [Int: [Double]]

  public init(measures: [Int: [Int: Double]] = [:], thresholds: [Int: [Double]] = [:]) {
    self.measures = measures
    self.thresholds = thresholds
  }
}

/// When a search ends.
public struct RaschOptions: Sendable, Equatable {
  /// The last Newton step has no element larger than this, in logits.
  public var tolerance: Double
  public var maximumSteps: Int
  /// With more free parameters beside the units than this, Newton's equations are solved by conjugate gradients instead of a Cholesky factor, and
  /// standard errors do not reflect the uncertainty of the other measures.
  public var denseLimit: Int
  /// How far, in steps from one category to the next, an extreme total is moved inwards so that it has a finite measure. FACETS and Winsteps use 0.3.
  public var extremeCorrection: Double
  /// The facet whose mean is left to the data while the other facets' means are zero; the units when nil.
  public var leavesUncentred: Int?
  /// Fixed, equally spaced quadrature points for marginal estimation in place of each unit's own, with the units' mean held at zero: what ConQuest and
  /// TAM do (TAM: 21 points from −6 to 6). Only for comparison with them: such a grid is too coarse for units with many responses, too short for a
  /// wide distribution.
  public var grid: [Double]?
  /// At most so many threads; no result depends on it.
  public var threads: Int

  public init(
    tolerance: Double = 1e-9, maximumSteps: Int = 100, denseLimit: Int = 3000, extremeCorrection: Double = 0.3,
    leavesUncentred: Int? = nil, grid: [Double]? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    precondition(grid.map { $0.count > 1 } ?? true, "one point is no grid")
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
    self.denseLimit = denseLimit
    self.extremeCorrection = extremeCorrection
    self.leavesUncentred = leavesUncentred
    self.grid = grid
    self.threads = threads
  }
}

/// How a search went.
public struct RaschAccount: Sendable, Equatable {
  public var steps: Int
  public var evaluations: Int
  /// The largest element of the last Newton step, in logits.
  public var lastStep: Double
  /// The largest element of the gradient at the end, in score points.
  public var maximumGradient: Double
  /// "Cholesky" or "conjugate gradients".
  public var solver: String
  public var freeParameters: Int
  public var converged: Bool
}
