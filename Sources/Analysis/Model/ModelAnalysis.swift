public import Models
internal import Wording

/// A linear mixed model of a table and everything that is said about it.
public struct ModelAnalysis: Sendable {
  public let options: ModelOptions
  public let fit: LinearMixedFit
  let design: ModelDesign
  private(set) var remarks: [Text] = []
  private(set) var components: [ComponentEstimate] = []
  private(set) var intervals: [ParameterInterval.Parameter: ParameterInterval] = [:]
  private(set) var intervalNote: Text?
  private(set) var tests: FixedEffectTests?
  private(set) var comparison: ModelComparison?
  private(set) var predictions: [LevelPredictions] = []
  private(set) var residual: ResidualAnalysis?

  /// What is being done, for someone who waits.
  public enum Stage: Sendable { case fitting, tests, intervals, comparison, residual }

  /// - Throws: `ModelProblem`.
  public init(
    _ frame: ModelFrame, _ options: ModelOptions, progress: (Stage) -> Void = { _ in }
  ) throws(ModelProblem) {
    progress(.fitting)
    self.options = options
    design = try Self.design(options.formula, frame, options)
    fit = try Self.fit(design, options)
    do throws(MixedModelError) { components = try fit.componentEstimates() } catch { throw ModelProblem(error.text) }
    if let choice = options.choice { remarks.append(choice) }
    describeFit()
    if options.tests != .none { progress(.tests) }
    try addTests()
    if options.intervals != .none { progress(.intervals) }
    try addIntervals()
    if options.comparison != nil { progress(.comparison) }
    try addComparison(frame)
    try addPredictions()
    if options.residual != .constant { progress(.residual) }
    residual = try ResidualAnalysis(options.residual, design, fit, level: options.level)
  }

  private static func design(_ formula: ModelFormula, _ frame: ModelFrame, _ options: ModelOptions) throws(ModelProblem) -> ModelDesign {
    var weights: [Double]?
    if let name = options.weights {
      guard case .numbers(let values)? = frame.columns[name] else {
        throw ModelProblem(Text("--weights \(name): the column holds no numbers.", zh: "--weights \(name)：这一列不是数字。"))
      }
      if let wrong = values.first(where: { $0 < 0 || $0.isInfinite }) {
        throw ModelProblem(Text("--weights \(name): a weight cannot be \(wrong).", zh: "--weights \(name)：权重不能为 \(wrong)。"))
      }
      // A missing weight leaves its row out.
      weights = values.map { $0.isNaN ? 0 : $0 }
    }
    do throws(ModelFrameError) { return try ModelDesign(formula, frame, weights: weights) } catch { throw ModelProblem(error.text) }
  }

  private static func fit(_ design: ModelDesign, _ options: ModelOptions) throws(ModelProblem) -> LinearMixedFit {
    let limit = options.exact ? CrossedModel.largestDense : CrossedModel.denseLimit
    do throws(MixedModelError) {
      let model = try LinearMixedModel(design, denseLimit: limit)
      if !options.exact || model.isExact { return try model.fit(options.method) }
    } catch {
      let mayBeExact =
        switch error {
        case .notConverged, .noVariation, .illConditioned, .componentsNotIdentifiable: true
        default: false
        }
      if mayBeExact, ExactExplanation.holds(of: design) { throw ModelProblem(ExactExplanation.text) }
      throw ModelProblem(error.text)
    }
    throw ModelProblem(
      Text(
        "--exact: more than \(limit) levels would have to be kept in a dense matrix. Leave --exact out: the likelihood is then estimated, with its error stated.",
        zh: "--exact：需在稠密矩阵中保留的水平超过 \(limit) 个。请去掉 --exact：似然改为近似估计，并给出其误差。"))
  }

  private mutating func describeFit() {
    if design.droppedRows > 0 {
      let (dropped, used) = (design.droppedRows, design.count)
      remarks.append(
        Text(
          "\(dropped) rows miss a value that the formula needs and are left out; \(used) are used.",
          zh: "有 \(dropped) 行缺少公式所需的值，未使用；使用了 \(used) 行。"))
    }
    let single = design.fixedTerms.indices.dropFirst().filter { !design.fixedTermOfColumn.contains($0) }.map { design.fixedTerms[$0] }
    if !single.isEmpty {
      remarks.append(
        Text(
          "These fixed terms have one level only and are left out: \(single.joined(separator: ", ")).",
          zh: "以下固定效应项只有一个水平，已略去：\(single.joined(separator: "、"))。"))
    }
    let columns = fit.model.droppedColumns
    if !columns.isEmpty {
      remarks.append(
        Text(
          "These fixed columns follow from the others and are left out: \(columns.joined(separator: ", ")).",
          zh: "以下固定效应列可由其他列推出，已略去：\(columns.joined(separator: "、"))。"))
    }
    let singular = fit.terms.filter { fit.singularTerms.contains($0.name) }
    // Terms of one factor are told apart by their columns.
    let zero = singular.filter { $0.columns.count == 1 && $0.standardDeviation(0) < 1e-5 * fit.residualStandardDeviation }.map { term in
      fit.terms.count { $0.name == term.name } > 1 ? "\(term.columns[0]) | \(term.name)" : term.name
    }
    if !zero.isEmpty {
      remarks.append(
        Text(
          "The fit is singular: the \(zero.count == 1 ? "variance of \(zero[0]) is" : "variances of \(zero.joined(separator: ", ")) are") estimated as zero. The data show no differences of this kind beyond what the rest explains; that does not prove that there are none.",
          zh: "拟合是奇异的：\(zero.joined(separator: "、")) 的方差估计为零。除其他各项之外，数据没有显示这一类差异；这并不证明没有。"))
    }
    for name in singular.filter({ $0.columns.count > 1 }).map(\.name) {
      remarks.append(
        Text(
          "The fit is singular: the random coefficients of \(name) determine each other (a correlation of 1 or −1, or a variance of zero). The data are too few for the term; try (x || \(name)) or (1 | \(name)).",
          zh: "拟合是奇异的：\(name) 的各随机系数相互决定（相关系数为 1 或 −1，或某方差为零）。数据不足以估计这一项；可改用 (x || \(name)) 或 (1 | \(name))。"))
    }
    if !fit.model.isExact { remarks.append(Self.sentence(InferenceError.notExact)) }
  }

  private mutating func addTests() throws(ModelProblem) {
    guard fit.model.isExact, !fit.coefficients.isEmpty else { return }
    let method: DegreesOfFreedom
    switch options.tests {
    case .none: return
    case .satterthwaite: method = .satterthwaite
    case .kenwardRoger: method = .kenwardRoger
    }
    do throws(InferenceError) {
      tests = try fit.fixedEffectTests(method)
    } catch {
      guard method == .kenwardRoger else { throw ModelProblem(Self.sentence(error)) }
      let reason = error.text
      remarks.append(
        Text("\(reason.en); Satterthwaite's degrees of freedom stand in.", zh: "\(reason.zh)；改用 Satterthwaite 自由度。"))
      do throws(InferenceError) { tests = try fit.fixedEffectTests(.satterthwaite) } catch { throw ModelProblem(Self.sentence(error)) }
    }
    if let tests, !tests.notEstimable.isEmpty {
      remarks.append(
        Text(
          "Some combinations of levels do not occur, so the F tests of \(tests.notEstimable.joined(separator: ", ")) are of their own columns given all others, which depends on the first level.",
          zh: "部分水平组合没有数据，\(tests.notEstimable.joined(separator: "、")) 的 F 检验只针对其自身各列（给定其他列），结果与参照水平有关。"))
    }
  }

  private mutating func addIntervals() throws(ModelProblem) {
    let percent = options.level.percentage
    switch options.intervals {
    case .none: return
    case .wald:
      for interval in fit.waldIntervals(components, tests, level: options.level) { intervals[interval.parameter] = interval }
      intervalNote = Text(
        "\(percent) intervals from standard errors: of deviations on the logarithmic scale, of correlations on Fisher's scale, of coefficients with the degrees of freedom shown.",
        zh: "\(percent) 区间由标准误得出：标准差在对数尺度上，相关系数在 Fisher 变换尺度上，系数按所列自由度。")
    case .profile:
      do throws(InferenceError) {
        for interval in try fit.profileIntervals(level: options.level) { intervals[interval.parameter] = interval }
      } catch { throw ModelProblem(Self.sentence(error)) }
      intervalNote = Text(
        "\(percent) intervals by profile likelihood, of the fit by maximum likelihood.", zh: "\(percent) 剖面似然区间，按极大似然拟合计算。")
    case .bootstrap:
      let result: BootstrapIntervals
      do throws(InferenceError) {
        result = try fit.bootstrapIntervals(replicates: options.replicates, level: options.level, seed: options.seed)
      } catch { throw ModelProblem(Self.sentence(error)) }
      for interval in result.intervals { intervals[interval.parameter] = interval }
      intervalNote = Text(
        "\(percent) percentile intervals of \(result.replicates) parametric bootstrap refits (seed \(options.seed)); \(result.singular) were singular and \(result.failed) failed.",
        zh: "\(percent) 百分位区间，来自 \(result.replicates) 次参数自助法重拟合（种子 \(options.seed)）；其中 \(result.singular) 次奇异，\(result.failed) 次失败。")
    }
  }

  private mutating func addComparison(_ frame: ModelFrame) throws(ModelProblem) {
    guard let formula = options.comparison else { return }
    let other = try Self.fit(Self.design(formula, frame, options), options)
    do throws(InferenceError) { comparison = try fit.compared(with: other) } catch { throw ModelProblem(Self.sentence(error)) }
  }

  private mutating func addPredictions() throws(ModelProblem) {
    if options.effects.isEmpty { return }
    let all: [LevelPredictions]
    do throws(MixedModelError) { all = try fit.predictions() } catch { throw ModelProblem(error.text) }
    for (i, name) in options.effects.enumerated() where !options.effects[..<i].contains(name) {
      let found = all.filter { $0.name == name }
      if found.isEmpty {
        let names = Set(all.map(\.name)).sorted()
        throw ModelProblem(
          Text(
            "--effects \(name): the grouping factors are \(names.joined(separator: ", ")).",
            zh: "--effects \(name)：分组因子有 \(names.joined(separator: "、"))。"))
      }
      predictions += found
    }
  }

  private static func sentence(_ error: InferenceError) -> Text {
    let text = error.text
    return Text(
      text.en.prefix(1).uppercased() + text.en.dropFirst() + (text.en.hasSuffix(".") ? "" : "."),
      zh: text.zh + (text.zh.hasSuffix("。") ? "" : "。"))
  }
}
