import Foundation
import LinearAlgebra
import Statistics

// Usage: accuracy FOLDER DATASETS. Prints "program,set,statistic,value" with 17 digits for the certified sets of NIST.

struct RegressionSet: Decodable {
  let kind: String
  let degree: Int?
  let y: [Double]
  let x: [[Double]]
}

func show(_ program: String, _ set: String, _ statistic: String, _ value: Double) { print("\(program),\(set),\(statistic),\(value)") }

func samples(_ url: URL) throws -> [(name: String, values: [Double], groups: [Int])] {
  let text = try String(contentsOf: url, encoding: .utf8)
  let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  guard let score = lines[0].firstIndex(of: "score") else { return [] }
  let group = lines[0].firstIndex(of: "rater")
  var result: [(name: String, values: [Double], groups: [Int])] = []
  var codes: [Substring: Int] = [:]
  for line in lines.dropFirst() {
    let name = String(line[0].dropFirst("NIST ".count))
    if result.last?.name != name { result.append((name, [], [])) }
    result[result.count - 1].values.append(Double(line[score]) ?? .nan)
    let label = group.map { line[$0] } ?? ""
    let code = codes[label] ?? codes.count
    codes[label] = code
    result[result.count - 1].groups.append(code)
  }
  return result
}

let folder = URL(filePath: CommandLine.arguments[1])
let datasets = URL(filePath: CommandLine.arguments[2])
for (program, reading) in [("decimal", NumberReading.decimal), ("binary", .binary)] {
  for set in try samples(datasets.appending(path: "nist_numacc/data.csv")) {
    let summary = UnivariateSummary(set.values, reading: reading)
    show(program, set.name, "mean", summary.mean)
    show(program, set.name, "sd", summary.standardDeviation)
    show(program, set.name, "lag1_autocorrelation", summary.lagOneAutocorrelation)
  }
  for set in try samples(datasets.appending(path: "nist_anova/data.csv")) {
    guard let anova = OneWayAnova(set.values, groups: set.groups, reading: reading) else { continue }
    show(program, set.name, "ss_between", anova.betweenSumOfSquares)
    show(program, set.name, "ss_within", anova.withinSumOfSquares)
    show(program, set.name, "F", anova.f)
    show(program, set.name, "r_squared", anova.rSquared)
    show(program, set.name, "residual_sd", anova.residualStandardDeviation)
  }
  let file = try Data(contentsOf: folder.appending(path: "data/linear_regression.json"))
  let regressions = try JSONDecoder().decode([String: RegressionSet].self, from: file)
  for (name, set) in regressions.sorted(by: { $0.key < $1.key }) {
    let fit =
      if let degree = set.degree {
        try LinearRegression.polynomial(set.y, on: set.x[0], degree: degree, reading: reading)
      } else {
        try LinearRegression(response: set.y, predictors: set.x, intercept: set.kind == "linear", reading: reading)
      }
    for (j, b) in fit.coefficients.enumerated() {
      show(program, name, "b\(j)", b)
      show(program, name, "se\(j)", fit.standardErrors[j])
    }
    show(program, name, "residual_sd", fit.residualStandardDeviation)
    show(program, name, "r_squared", fit.rSquared)
    show(program, name, "F", fit.f)
  }
}
