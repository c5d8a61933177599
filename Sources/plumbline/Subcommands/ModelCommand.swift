import Analysis
import ArgumentParser
import Models
import Scores
import Wording

struct ModelCommand: Subcommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "model",
      abstract: say(
        "Fits a linear mixed model: how much of the scores is due to units, raters, criteria, and what else matters.",
        zh: "拟合线性混合模型：得分差异有多少来自单位、考评员、指标，还有哪些因素起作用。"),
      discussion: say(
        """
        Behind ~ stands what explains the scores. Plain terms are fixed effects: their size is estimated level by level. Terms
        like (1|rater) are random: each rater has an effect, and the model says how much these effects vary. (own|rater) lets
        the effect of a column differ by rater; a:b is a combination, a*b is a + b + a:b, (1|a/b) is b within a. factor(x)
        takes numbers as names; same(a, b) is 1 where two columns agree, such as a rater's and a unit's home department.
        Without --formula the columns of scores are recognised and a model is chosen; the output says which.

        Examples:
          plumbline model scores.csv
          plumbline model scores.csv --formula "score ~ criterion + (1|unit) + (1|rater)" --effects rater
          plumbline model scores.csv --formula "score ~ same(rater_group, unit_group) + (1|unit) + (1|rater)" \\
            --compare "score ~ 1 + (1|unit) + (1|rater)" --intervals profile

        Exit code: 0 when there is a result, 2 when the input or the command is wrong or no fit was found.
        """,
        zh: """
          ~ 之后写用来解释得分的项。普通的项是固定效应，逐个水平估计大小。(1|rater) 这样的项是随机效应：每名考评员有自己的
          效应，模型给出这些效应相差多大。(own|rater) 让某一列的作用因考评员而异；a:b 是组合，a*b 即 a + b + a:b，(1|a/b)
          表示 b 嵌套在 a 中。factor(x) 把数字当作名称；same(a, b) 在两列相同时为 1，例如考评员与被考评单位的归属相同。
          不写 --formula 时自动识别各列并选定模型，输出中会写明。

          示例：
            plumbline model scores.csv
            plumbline model scores.csv --formula "score ~ criterion + (1|unit) + (1|rater)" --effects rater
            plumbline model scores.csv --formula "score ~ same(rater_group, unit_group) + (1|unit) + (1|rater)" \\
              --compare "score ~ 1 + (1|unit) + (1|rater)" --intervals profile

          退出码：0 得出结果；2 输入或命令有误，或未能拟合。
          """))
  }

  @Argument(
    help: help("The table: CSV or TSV with a header; - is standard input.", zh: "表格：带表头的 CSV 或 TSV；- 表示标准输入。", "table"),
    completion: .file(extensions: ["csv", "tsv", "txt"]))
  var table: String
  @OptionGroup(title: say("Model", zh: "模型")) var model: ModelArguments
  @OptionGroup(title: say("Input and output", zh: "输入与输出")) var analysis: AnalysisArguments

  func run(_ console: Console) throws -> ExitStatus {
    var problems = Problems()
    let request = AnalysisRequest(analysis, console.surroundings, &problems)
    let model = ModelRequest(model, &problems)
    problems.add(Paths.problem(reads: [table], writes: [("--output", request.path)]))
    try problems.refuse(in: request.display.language)

    let (frame, options, input) = try read(model, request, console)
    do {
      let language = request.display.language
      let progress = Progress(console: console, quiet: request.display.quiet)
      defer { progress.finish() }
      var report = try ModelAnalysis(frame, options) { progress.stage($0.words(language)) }.report
      progress.finish()
      report.inputs = [input]
      try request.deliver(report, console)
    } catch let problem as ModelProblem {
      throw InputError(lines: ["\(table): \(problem.text(request.display.language))"])
    }
    return .nothing
  }

  private func read(
    _ model: ModelRequest, _ request: AnalysisRequest, _ console: Console
  ) throws -> (ModelFrame, ModelOptions, Input) {
    guard let formula = model.formula else {
      let (reading, input) = try AnalysisReading.scores(of: table, request, console)
      do throws(ModelProblem) {
        let chosen = try DefaultModel(reading.table)
        var options = model.options(for: chosen.formula)
        options.choice = chosen.explanation
        return (chosen.frame, options, input)
      } catch {
        throw InputError(lines: ["\(table): \(error.text(request.display.language))"])
      }
    }
    let options = model.options(for: formula)
    let names = options.columns
    let (columns, input) = try AnalysisReading.columns(of: table, request, console) { header in
      names.map { name in
        // A formula may also call a recognised column by its role.
        if header.index(of: name) == nil, let role = ColumnRole(written: name), let found = header.header(of: role) {
          return ColumnChoice(found)
        }
        return ColumnChoice(name)
      }
    }
    return (ModelFrame(columns, names: names), options, input)
  }
}

extension ModelAnalysis.Stage {
  fileprivate func words(_ language: Language) -> String {
    switch self {
    case .fitting: Text("fitting the model", zh: "拟合模型")(language)
    case .tests: Text("testing fixed effects", zh: "检验固定效应")(language)
    case .intervals: Text("computing intervals (bootstrap and profiles refit the model many times)", zh: "计算区间（自助法和剖面似然须多次重新拟合）")(language)
    case .comparison: Text("comparing models", zh: "比较模型")(language)
    case .residual: Text("fitting the residual variance", zh: "拟合残差方差")(language)
    }
  }
}
