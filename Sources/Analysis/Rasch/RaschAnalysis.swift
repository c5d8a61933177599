public import Models
import Scores
import Wording

/// The report of a many-facet Rasch model: the tables that users of this field know.
public struct RaschAnalysis: Sendable {
  public let fit: ManyFacetRaschFit
  public let facets: [RaschFacet]
  public let scores: RaschScores
  /// The line of the file where each response stands.
  public let lines: [UInt32]
  /// Rows left out for a blank field, and the lines on which they (or the first of them) stand, ascending.
  public let dropped: Int
  public let droppedLines: [UInt32]
  /// |z| from which a response is listed.
  public let unexpected: Double
  /// Pairs of facets whose interaction is asked for.
  public let bias: [(Int, Int)]

  public init(
    fit: ManyFacetRaschFit, facets: [RaschFacet], scores: RaschScores, lines: [UInt32], dropped: Int = 0,
    droppedLines: [UInt32] = [], unexpected: Double = 2, bias: [(Int, Int)] = []
  ) {
    precondition(facets.count == fit.model.facets.count && lines.count == fit.model.scores.count, "facets and lines of the model fitted")
    self.fit = fit
    self.facets = facets
    self.scores = scores
    self.lines = lines
    self.dropped = dropped
    self.droppedLines = droppedLines
    self.unexpected = unexpected
    self.bias = bias
  }

  public func report() -> AnalysisReport {
    var parts: [AnalysisReport.Part] = [.facts(fitFacts)]
    if let population = populationFacts { parts.append(.facts(population)) }
    parts.append(.picture(WrightMap(self).picture))
    for f in facets.indices { parts.append(.table(measures(of: f))) }
    parts.append(.table(separation))
    parts.append(.table(homogeneity))
    if let rater { parts.append(.table(agreement(of: rater))) }
    parts.append(.table(categories))
    parts.append(.table(unexpectedResponses))
    for pair in bias { parts += biasParts(pair.0, pair.1) }
    let remarks = self.remarks
    if !remarks.isEmpty { parts.append(.remarks(remarks)) }
    return AnalysisReport(
      schema: "plumbline.rasch/1", title: Text("Many-facet Rasch model", zh: "多面 Rasch 模型"), parts: parts)
  }

  /// The raters' facet.
  var rater: Int? { facets.firstIndex { $0.role == .rater } }

  private var fitFacts: AnalysisFacts {
    let account = fit.account
    let method =
      switch fit.method {
      case .joint(.none): Text("joint maximum likelihood", zh: "联合极大似然（JML）")
      case .joint(.lengthFactor): Text("joint maximum likelihood, times (L − 1)/L", zh: "联合极大似然（JML），乘以 (L − 1)/L")
      case .marginal: Text("marginal maximum likelihood", zh: "边际极大似然（MML）")
      }
    let scale =
      switch fit.model.scales {
      case .shared: Text("one rating scale for all", zh: "共用一套评定量表（评定量表模型）")
      case .each(let f): Text("a scale for each \(facets[f].label.en)", zh: "每个\(facets[f].label.zh)自成量尺")
      }
    let overall = fit.overallFit
    return AnalysisFacts(
      id: "fit", title: Text("Fit", zh: "拟合"),
      facts: [
        .init("method", Text("Method", zh: "方法"), .words(method)), .init("scale", Text("Scales", zh: "量尺"), .words(scale)),
        .init("responses", Text("Scores", zh: "评分数"), .count(fit.model.scores.count)),
        .init("activeResponses", Text("Scores used to estimate", zh: "用于估计的评分数"), .count(fit.activeResponses)),
        .init("parameters", Text("Free parameters", zh: "自由参数"), .count(parameters)),
        .init("deviance", Text("−2 log-likelihood", zh: "−2 对数似然"), .number(fit.deviance), .fixed(4)),
        .init("infit", Text("Infit", zh: "Infit 均方"), .number(overall.infit.value), .fixed(2)),
        .init("outfit", Text("Outfit", zh: "Outfit 均方"), .number(overall.outfit.value), .fixed(2)),
        .init("steps", Text("Steps", zh: "迭代步数"), .count(account.steps)),
        .init("lastStep", Text("Last step, logits", zh: "末次迭代变化（logit）"), .number(account.lastStep), .significant(2)),
      ])
  }

  /// Units count among the parameters of joint estimation.
  private var parameters: Int {
    let units = fit.status(of: fit.model.unitFacet).count { $0 == .estimated }
    return fit.account.freeParameters + (fit.population == nil ? units : 0)
  }

  private var populationFacts: AnalysisFacts? {
    guard let population = fit.population else { return nil }
    return AnalysisFacts(
      id: "population", title: Text("Distribution of the units", zh: "被考评单位的分布"),
      facts: [
        .init("mean", Text("Mean", zh: "均值"), .number(population.mean), .fixed(3)),
        .init("meanError", Text("Its standard error", zh: "其标准误"), .number(population.meanError), .fixed(3)),
        .init("deviation", Text("Standard deviation", zh: "标准差"), .number(population.deviation), .fixed(3)),
        .init("deviationError", Text("Its standard error", zh: "其标准误"), .number(population.deviationError), .fixed(3)),
        .init("reliability", Text("Reliability of the posterior means", zh: "后验均值的信度"), .optional(fit.posteriorReliability), .fixed(3)),
      ])
  }
}
