internal import Models
internal import Wording

/// What the residual variance of an analysis depends on, as the user types it.
public enum ResidualStructure: Sendable, Equatable {
  /// One variance for all.
  case constant
  /// A variance of its own for every level of a grouping factor: `by:rater`.
  case by(String)
  /// The same, drawn towards each other where there are few scores: `shrunken:rater`.
  case shrunken(String)
  /// A variance that changes with the expected score: `level`.
  case level
  /// Student-t errors, against which outliers count little: `student-t`.
  case studentT

  public init?(_ text: String) {
    switch text {
    case "constant": self = .constant
    case "level": self = .level
    case "student-t": self = .studentT
    default:
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else { return nil }
      switch parts[0] {
      case "by": self = .by(parts[1])
      case "shrunken": self = .shrunken(parts[1])
      default: return nil
      }
    }
  }

  public var text: String {
    switch self {
    case .constant: "constant"
    case .by(let name): "by:\(name)"
    case .shrunken(let name): "shrunken:\(name)"
    case .level: "level"
    case .studentT: "student-t"
    }
  }
}

/// A fit with a residual structure beside the one without.
struct ResidualAnalysis: Sendable {
  let structure: ResidualStructure
  let fit: HeteroscedasticFit
  /// Names of the levels, where the variance goes by level.
  let labels: [String]
  let counts: [Int]
  /// The confidence level of intervals.
  let level: Double

  /// - Throws: `ModelProblem` where the structure does not go with the formula, or does not settle.
  init?(_ structure: ResidualStructure, _ design: ModelDesign, _ model: LinearMixedFit, level: Double) throws(ModelProblem) {
    if structure == .constant { return nil }
    self.structure = structure
    self.level = level
    if let slope = design.terms.first(where: { !$0.isIntercept }) {
      throw ModelProblem(
        Text(
          "--residual \(structure.text) goes with random intercepts only; (\(slope.columns.joined(separator: " + ")) | \(slope.name)) is a slope. Take it out of the formula.",
          zh: "--residual \(structure.text) 只能与随机截距同用；(\(slope.columns.joined(separator: " + ")) | \(slope.name)) 是随机斜率，请从公式中去掉。"))
    }
    if model.method != .reml {
      throw ModelProblem(
        Text(
          "--residual \(structure.text) is fitted by REML; leave out --method ml.",
          zh: "--residual \(structure.text) 按 REML 拟合，请去掉 --method ml。"))
    }
    let dropped = Set(model.model.droppedColumns)
    let kept = design.fixedNames.indices.filter { !dropped.contains(design.fixedNames[$0]) }
    let intercept = kept.first.map { design.fixedNames[$0] == "(Intercept)" } ?? false
    let columns = kept.dropFirst(intercept ? 1 : 0).map { FixedColumn(design.fixedNames[$0], design.fixedColumns[$0]) }
    var labels: [String] = []
    var counts: [Int] = []
    let residual: ResidualModel
    switch structure {
    case .by(let name), .shrunken(let name):
      guard let term = design.terms.first(where: { $0.name == name }) else {
        let names = design.terms.map(\.name).joined(separator: ", ")
        throw ModelProblem(
          Text("--residual \(structure.text): the grouping factors are \(names).", zh: "--residual \(structure.text)：分组因子有 \(names)。"))
      }
      labels = term.labels
      counts = [Int](repeating: 0, count: term.factor.levels)
      for code in term.factor.codes { counts[Int(code)] += 1 }
      if case .by = structure { residual = .byLevel(term.factor) } else { residual = .shrunkenByLevel(term.factor) }
    case .level: residual = .ofExpectation(degree: 2)
    case .studentT, .constant: residual = .studentT(degreesOfFreedom: nil)
    }
    self.labels = labels
    self.counts = counts
    do throws(MixedModelError) {
      fit = try HeteroscedasticModel(
        response: design.response, weights: design.weights, fixed: columns, intercept: intercept, factors: design.terms.map(\.factor),
        residual: residual
      ).fit()
    } catch {
      throw ModelProblem(structure.failure(error))
    }
  }
}

extension ResidualStructure {
  /// The model has been fitted with one variance, so what fails is the structure.
  fileprivate func failure(_ error: MixedModelError) -> Text {
    switch error {
    case .residualNotConverged, .notConverged, .componentsNotIdentifiable, .noVariation, .illConditioned: break
    default: return error.text
    }
    if case .by(let name) = self {
      return Text(
        "--residual \(text): the residual variances did not settle. Levels of \(name) with few scores can do this: try shrunken:\(name).",
        zh: "--residual \(text)：残差方差未能稳定。\(name) 中有评分很少的水平时会如此；可改用 shrunken:\(name)。")
    }
    return Text(
      "--residual \(text): the residual variances did not settle. The scores do not bear this structure; leave --residual out.",
      zh: "--residual \(text)：残差方差未能稳定。这些评分不足以估计该结构，请去掉 --residual。")
  }
}
