import Models
import Scores
import Wording

/// What was decided about scale, weights and full marks, once for all parts of an analysis.
struct AgreementSetting {
  let options: AgreementOptions
  let scale: AgreementOptions.Scale
  /// Whether the scale was seen from the scores.
  let scaleWasSeen: Bool
  let coefficients: [AgreementCoefficient]
  let lowest: Double
  let highest: Double
  let fullMarks: Double
  let tolerance: Double
  let thirdMark: Double
  /// The step of the scale; nil when continuous.
  let step: Double?

  init(_ table: ScoreTable, _ options: AgreementOptions) {
    self.options = options
    let distinct = Set(table.score)
    let whole = distinct.count <= 10 && distinct.allSatisfy { $0 == $0.rounded() }
    let scale = options.scale ?? (options.labels != nil ? (options.labelsAreOrdered ? .ordinal : .nominal) : whole ? .ordinal : .interval)
    self.scale = scale
    scaleWasSeen = options.scale == nil && options.labels == nil
    coefficients = options.coefficients ?? CoefficientRegistry.usual(for: scale)
    lowest = distinct.min() ?? 0
    highest = distinct.max() ?? 0
    fullMarks = options.fullMarks ?? (highest > 0 ? highest : 1)
    tolerance = options.tolerance ?? (scale == .nominal ? 0 : 0.05 * fullMarks)
    thirdMark = options.thirdMark ?? 0.1 * fullMarks
    step = distinct.allSatisfy { $0 == $0.rounded() } ? 1 : distinct.allSatisfy { 2 * $0 == (2 * $0).rounded() } ? 0.5 : nil
  }

  /// Where the scale ends: the highest score, or full marks that nobody reached.
  var scaleTop: Double { max(highest, options.fullMarks ?? highest) }

  /// Names in no order: nothing that weighs how far apart two scores are has a meaning.
  var hasOnlyNames: Bool { options.labels != nil && !options.labelsAreOrdered }

  var metric: KrippendorffMetric {
    switch scale {
    case .nominal: .nominal
    case .ordinal: .ordinal
    case .interval: .interval
    case .ratio: .ratio
    case .circular: .circular(period: options.period ?? highest - lowest + 1)
    }
  }

  var weightKind: AgreementWeights.Kind {
    if options.customWeights != nil { return .custom }
    return options.weights ?? (scale == .nominal ? .identity : scale == .circular ? .circular : .quadratic)
  }

  func weights(_ categories: [Double]) throws(AgreementError) -> AgreementWeights {
    guard let rows = options.customWeights else { return try AgreementWeights(weightKind, categories: categories) }
    return try AgreementWeights(customRows: rows, categories: categories.count)
  }
}

extension AgreementSetting {
  /// A number of ours, such as a twentieth of full marks, for a sentence.
  static func text(_ x: Double) -> String { NumberText.significant(x, digits: 6) ?? NumberText.shortest(x) }
}
