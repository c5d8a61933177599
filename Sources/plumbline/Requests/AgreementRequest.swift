import Analysis
import Foundation
import Models
import Wording

/// Options of an analysis of agreement: values made of `AgreementArguments`.
struct AgreementRequest {
  var options = AgreementOptions()
  /// A file with custom weights, read when the command is carried out.
  var weightsPath: String?
  /// Whether scores are names, and their order.
  private(set) var labels = false
  private(set) var order: [String]?

  init(_ typed: AgreementArguments, threads: Int, _ problems: inout Problems) {
    options.threads = threads
    options.scale = problems.choice(
      typed.scale, option: "--scale", default: nil,
      ["nominal": .nominal, "ordinal": .ordinal, "interval": .interval, "ratio": .ratio, "circular": .circular])
    options.period = problems.number(typed.period, option: "--period", above: 0)
    if typed.period != nil, options.scale != .circular {
      problems.add("--period goes with --scale circular.", zh: "--period 须与 --scale circular 同用。")
    }
    if let weights = typed.weights {
      if let kind = AgreementWeights.Kind(rawValue: weights), kind != .custom {
        options.weights = kind
      } else if weights.contains(".") || weights.contains("/") {
        weightsPath = weights
      } else {
        let kinds = AgreementWeights.Kind.allCases.filter { $0 != .custom }.map(\.rawValue)
        problems.add(
          "--weights \(weights): say one of \(kinds.joined(separator: ", ")), or name a CSV file.",
          zh: "--weights \(weights)：可用的值有 \(kinds.joined(separator: "、"))，或写一个 CSV 文件。")
      }
    }
    coefficients(typed.coefficients, &problems)
    options.byCriterion = problems.choice(typed.by, option: "--by", default: false, ["criterion": true])
    ranges(typed.decide, &problems)
    options.goal = problems.number(typed.goal, option: "--goal", above: 0, below: 1) ?? 0.8
    options.randomCriteria = problems.choice(typed.criteria, option: "--criteria", default: false, ["fixed": false, "random": true])
    names(typed, &problems)
    options.expert = typed.expert
    options.retest = typed.retest
    options.tolerance = problems.number(typed.tolerance, option: "--tolerance", above: 0, inclusive: true)
    options.fullMarks = problems.number(typed.fullMarks, option: "--full-marks", above: 0)
    options.thirdMark = problems.number(typed.thirdMark, option: "--third-mark", above: 0)
    options.level = problems.number(typed.level, option: "--level", above: 0, below: 1) ?? 0.95
    options.bootstrap = problems.whole(typed.bootstrap, option: "--bootstrap", in: 0...1_000_000) ?? 1000
    options.seed = problems.seed(typed.seed) ?? options.seed
  }

  private mutating func names(_ typed: AgreementArguments, _ problems: inout Problems) {
    labels = typed.labels || typed.order != nil
    options.labelsAreOrdered = typed.order != nil
    if let list = typed.order {
      let names = list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
      if names.contains("") || Set(names).count < names.count || names.count < 2 {
        problems.add(
          "--order \(list): name two or more different labels, from the lowest up.", zh: "--order \(list)：请由低到高写两个以上互不相同的类别。")
      }
      order = names
    }
    guard labels else { return }
    if typed.order == nil {
      if let scale = options.scale, scale != .nominal {
        problems.add(
          "--scale \(scale.rawValue) is not meaningful for names without an order; add --order A,B,C.",
          zh: "类别没有次序时 --scale \(scale.rawValue) 没有意义；请加 --order A,B,C。")
      }
      if weightsPath != nil || options.weights.map({ $0 != .identity }) ?? false {
        problems.add(
          "--weights \(typed.weights ?? "") is not meaningful for names without an order; add --order A,B,C.",
          zh: "类别没有次序时 --weights \(typed.weights ?? "") 没有意义；请加 --order A,B,C。")
      }
    } else if options.scale == .interval || options.scale == .ratio {
      problems.add("--order makes grades, not points: say --scale ordinal.", zh: "--order 得到的是等级而非分数：请用 --scale ordinal。")
    }
    for (option, value) in [
      ("--tolerance", typed.tolerance), ("--full-marks", typed.fullMarks), ("--third-mark", typed.thirdMark), ("--decide", typed.decide),
    ]
    where value != nil {
      problems.add("\(option) counts points; names have none.", zh: "\(option) 以分数计；类别没有分数。")
    }
  }

  private mutating func coefficients(_ typed: String?, _ problems: inout Problems) {
    guard let typed else { return }
    if typed == "all" {
      options.coefficients = CoefficientRegistry.all
      return
    }
    var wanted: [AgreementCoefficient] = []
    for name in typed.split(separator: ",").map(String.init) {
      guard let coefficient = CoefficientRegistry.coefficient(name) else {
        let names = CoefficientRegistry.all.map(\.id)
        problems.add(
          "--coefficients \(name): say all or some of \(names.joined(separator: ", ")).",
          zh: "--coefficients \(name)：可写 all，或以下若干项：\(names.joined(separator: "、"))。")
        continue
      }
      if !wanted.contains(where: { $0.id == name }) { wanted.append(coefficient) }
    }
    if !wanted.isEmpty { options.coefficients = wanted }
  }

  private mutating func ranges(_ typed: String?, _ problems: inout Problems) {
    guard let typed else { return }
    for part in typed.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let sides = part.split(separator: "=").map(String.init)
      let ends = sides.count == 2 ? sides[1].components(separatedBy: "..").map { Int($0) } : []
      guard let low = ends.first ?? nil, let high = ends.last ?? nil, ends.count <= 2, low >= 1, low <= high, high - low < 1000,
        high <= 1_000_000,
        sides[0] == "raters" || sides[0] == "criteria"
      else {
        problems.add(
          "--decide \(part): write it as raters=2..10 or criteria=3..9.", zh: "--decide \(part)：请写成 raters=2..10 或 criteria=3..9。")
        continue
      }
      if sides[0] == "raters" { options.raterNumbers = low...high } else { options.criterionNumbers = low...high }
    }
  }

  /// The rows of the file of weights.
  static func weights(at path: String, _ language: Language) throws -> [[Double]] {
    let text: String
    do {
      text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    } catch {
      let reason = SystemErrorText.reason(of: error)
      throw InputError(lines: [Text("\(path): \(reason.en)", zh: "\(path)：\(reason.zh)")(language)])
    }
    var (rows, problems): ([[Double]], [String]) = ([], [])
    for (i, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if line.allSatisfy(\.isWhitespace) { continue }
      var row: [Double] = []
      for (j, field) in line.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
        let trimmed = field.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"]))
        if let weight = Double(trimmed), weight.isFinite {
          row.append(weight)
        } else {
          problems.append(
            Text(
              "\(path):\(i + 1): column \(j + 1): “\(trimmed)” is not a number; write weights from 0 to 1.",
              zh: "\(path):\(i + 1)：第 \(j + 1) 列：“\(trimmed)”不是数；请写 0 至 1 的权重。")(language))
        }
      }
      rows.append(row)
    }
    if problems.isEmpty { problems += misshapen(rows).map { "\(path): \($0(language))" } }
    if !problems.isEmpty { throw InputError(lines: problems) }
    return rows
  }

  /// What keeps rows of numbers from being weights of agreement.
  private static func misshapen(_ rows: [[Double]]) -> [Text] {
    let n = rows.count
    if n < 2 { return [Text("there are no weights; write a row and a column for each category.", zh: "没有权重；请为每个类别写一行一列。")] }
    let ragged = rows.indices.filter { rows[$0].count != n }
    if let row = ragged.first {
      return [
        Text(
          "row \(row + 1) has \(rows[row].count) weights; there are \(n) rows, so each needs \(n).",
          zh: "第 \(row + 1) 行有 \(rows[row].count) 个权重；共 \(n) 行，每行须有 \(n) 个。")
      ]
    }
    var problems: [Text] = []
    for i in 0..<n {
      if rows[i][i] != 1 {
        problems.append(
          Text("row \(i + 1), column \(i + 1): full agreement has the weight 1.", zh: "第 \(i + 1) 行第 \(i + 1) 列：完全一致的权重须为 1。"))
      }
      for j in 0..<n where j != i && !(0...1).contains(rows[i][j]) {
        problems.append(Text("row \(i + 1), column \(j + 1): weights are from 0 to 1.", zh: "第 \(i + 1) 行第 \(j + 1) 列：权重须在 0 与 1 之间。"))
      }
      for j in 0..<i where rows[i][j] != rows[j][i] {
        problems.append(
          Text(
            "row \(i + 1), column \(j + 1) differs from row \(j + 1), column \(i + 1).",
            zh: "第 \(i + 1) 行第 \(j + 1) 列与第 \(j + 1) 行第 \(i + 1) 列不一致。"))
      }
    }
    return problems
  }
}
