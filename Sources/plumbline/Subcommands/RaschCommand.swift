import Analysis
import ArgumentParser
import Models
import Scores
import Wording

struct RaschCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rasch",
      abstract: say(
        "Fits the many-facet Rasch model: severities, fair averages, fit, separation, agreement, bias.",
        zh: "拟合多面 Rasch 模型：宽严度、公允分、拟合、区分、一致性与偏差。"),
      discussion: say(
        """
        For scores in few ordered categories, such as 1 to 7. Any number of facets; any score may be missing.

        Examples:
          plumbline rasch scores.csv
          plumbline rasch scores.csv --model partial-credit --method mml
          plumbline rasch scores.csv --bias rater:unit --format csv --table bias-rater-unit
          plumbline rasch marks.csv --facets rater,unit,criterion,round --by rater
          plumbline rasch percent.csv --round-to 10

        Exit code: 0 fitted, 2 the input or the command is wrong.
        """,
        zh: """
          适用于 1 至 7 之类的等级分。侧面不限个数，评分允许缺失。

          示例：
            plumbline rasch scores.csv
            plumbline rasch scores.csv --model partial-credit --method mml
            plumbline rasch scores.csv --bias rater:unit --format csv --table bias-rater-unit
            plumbline rasch 评分.csv --facets rater,unit,criterion,round --by rater
            plumbline rasch 百分制.csv --round-to 10

          退出码：0 已拟合；2 输入或命令有误。
          """))
  }

  @OptionGroup(title: say("Model", zh: "模型")) var rasch: RaschArguments
  @OptionGroup(title: say("Reading and printing", zh: "读入与输出")) var analysis: AnalysisArguments

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let reading = AnalysisRequest(analysis, console.surroundings, &problems)
    let request = RaschRequest(rasch, reading: reading.reading, &problems)
    problems.add(Paths.problem(reads: [request.path, request.anchor], writes: [("--output", reading.path)]))
    try problems.refuse(in: reading.display.language)

    let data = try RaschReading.read(request, reading, console)
    var scales = RatingScales.shared
    if case .each(let name) = request.scales {
      scales = .each(facet: try data.place(name, option: rasch.by == nil ? "--model" : "--by"))
    }
    var options = RaschOptions(extremeCorrection: request.extreme, threads: reading.threads)
    options.leavesUncentred = try request.uncentred.map { try data.place($0, option: "--uncentred") }
    let bias = try request.bias.map { (try data.place($0.0, option: "--bias"), try data.place($0.1, option: "--bias")) }
    var anchors = RaschAnchors()
    if let anchor = request.anchor { anchors = try RaschAnchorFile.read(anchor, data, reading, scales: scales, console) }

    let fit = try fit(data, scales, anchors, request, options, reading.display.language)
    var report = RaschAnalysis(
      fit: fit, facets: data.facets, scores: data.scores, lines: data.lines, dropped: data.dropped,
      droppedLines: data.droppedLines, unexpected: request.unexpected, bias: bias
    ).report()
    report.inputs = [data.input]
    report.options = request.options
    try reading.deliver(report, console)
    return .nothing
  }

  private func fit(
    _ data: RaschReading, _ scales: RatingScales, _ anchors: RaschAnchors, _ request: RaschRequest, _ options: RaschOptions,
    _ language: Language
  ) throws -> ManyFacetRaschFit {
    let unit = data.facets.firstIndex { $0.role == .unit }!
    do {
      let model = try ManyFacetRaschModel(
        scores: data.scores.categories, facets: data.factors, unitFacet: unit, scales: scales, anchors: anchors)
      return try model.fit(request.method, options: options)
    } catch {
      throw InputError(lines: ["\(request.path): \(error.message(step: data.scores.step)(language))"])
    }
  }
}
