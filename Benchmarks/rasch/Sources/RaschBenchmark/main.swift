// Times the many-facet Rasch model from scores in arrays to the finished fit with its tables; reading apart.
//   RaschBenchmark joint|marginal FILE [FILE…]     rating scale, facets rater, unit, criterion
//   RaschBenchmark large joint|marginal            36,000 units × 11,000 raters × 9 criteria, two raters a unit, simulated
import Foundation
import Models

struct Scores {
  var scores: [Int32] = []
  /// Of the raters, where the scores are simulated.
  var severity: [Double]?
  var facets: [GroupingFactor] = []

  init(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines = text.split(separator: "\n")
    let header = lines.removeFirst().split(separator: ",").map(String.init)
    let wanted = ["rater", "unit", "criterion", "score"].map { header.firstIndex(of: $0)! }
    var columns = [[Substring]](repeating: [], count: 4)
    for line in lines {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      for (i, column) in wanted.enumerated() { columns[i].append(fields[column]) }
    }
    scores = columns[3].map { Int32($0)! }
    for (name, values) in zip(["rater", "unit", "criterion"], columns) {
      let levels = Set(values).sorted()
      let code = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
      facets.append(GroupingFactor(name, codes: values.map { code[$0]! }, levels: levels.count))
    }
  }

  /// The shape of a campaign whose design matrix took another program eight days: 36,000 comments, 11,000 raters, 9 items.
  init(units: Int, raters: Int, criteria: Int, ratersEach: Int) {
    var generator = Congruence()
    let severity = (0..<raters).map { _ in 0.5 * generator.normal() }
    let difficulty = (0..<criteria).map { _ in 0.6 * generator.normal() }
    let thresholds = [-1.5, -0.5, 0.5, 1.5]
    var codes = [[Int32]](repeating: [], count: 3)
    // Stubs shuffled, so that every rater has nearly the same load.
    var stubs = (0..<(units * ratersEach)).map { Int32($0 % raters) }
    for i in stride(from: stubs.count - 1, to: 0, by: -1) { stubs.swapAt(i, Int(generator.next() % UInt64(i + 1))) }
    for unit in 0..<units {
      let measure = 1.2 * generator.normal()
      for k in 0..<ratersEach {
        let rater = Int(stubs[unit * ratersEach + k])
        for criterion in 0..<criteria {
          let eta = measure - severity[rater] - difficulty[criterion]
          var weights = [1.0]
          for threshold in thresholds { weights.append(weights[weights.count - 1] * exp(eta - threshold)) }
          var draw = generator.uniform() * weights.reduce(0, +)
          var score = 0
          while score < weights.count - 1, draw > weights[score] {
            draw -= weights[score]
            score += 1
          }
          scores.append(Int32(score + 1))
          for (i, code) in [rater, unit, criterion].enumerated() { codes[i].append(Int32(code)) }
        }
      }
    }
    self.severity = severity
    facets = [
      GroupingFactor("rater", codes: codes[0], levels: raters), GroupingFactor("unit", codes: codes[1], levels: units),
      GroupingFactor("criterion", codes: codes[2], levels: criteria),
    ]
  }
}

/// A linear congruence, so that every run sees the same campaign.
struct Congruence {
  var state: UInt64 = 7

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }

  mutating func uniform() -> Double { Double(next()) / Double(1 << 31) }

  /// Twelve uniform numbers less six: near enough to normal.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }
}

func peakMemory() -> String {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return line.map { $0.split(separator: " ")[1] + " kB" } ?? "unknown"
}

/// Root mean square difference and correlation, both around their means.
func recovery(_ estimate: [Double], _ truth: [Double]) -> String {
  let used = estimate.indices.filter { estimate[$0].isFinite }
  let n = Double(used.count)
  let (a, b) = (used.reduce(0) { $0 + estimate[$1] } / n, used.reduce(0) { $0 + truth[$1] } / n)
  var (aa, bb, ab, dd) = (0.0, 0.0, 0.0, 0.0)
  for i in used {
    let (x, y) = (estimate[i] - a, truth[i] - b)
    aa += x * x
    bb += y * y
    ab += x * y
    dd += (x - y) * (x - y)
  }
  return String(format: "correlation with the truth %.4f, RMSE %.4f logits", ab / (aa * bb).squareRoot(), (dd / n).squareRoot())
}

func time(_ name: String, _ data: Scores, _ method: RaschMethod, repetitions: Int) throws {
  for _ in 0..<repetitions {
    let (start, cpu) = (Date(), clock())
    let model = try ManyFacetRaschModel(scores: data.scores, facets: data.facets, unitFacet: 1)
    let fit = try model.fit(method)
    let wall = Date().timeIntervalSince(start)
    let used = Double(clock() - cpu) / Double(CLOCKS_PER_SEC)
    let deviation = fit.measures(of: 0).filter { !$0.isNaN }.reduce(0) { $0 + $1 * $1 }
    print(
      "\(name) \(method == .marginal ? "marginal" : "joint")  responses \(data.scores.count)  wall \(String(format: "%.3f", wall)) s  cpu \(String(format: "%.3f", used)) s  steps \(fit.account.steps)  evaluations \(fit.account.evaluations)  \(fit.account.solver)  −2 log L \(fit.deviance)  Σ severity² \(deviation)  peak \(peakMemory())"
    )
    if let truth = data.severity { print("   severities of \(truth.count) raters: \(recovery(fit.measures(of: 0), truth))") }
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "joint", "marginal":
  for path in arguments.dropFirst() {
    let data = try Scores(path: path)
    try time(URL(filePath: path).lastPathComponent, data, arguments[0] == "joint" ? .joint(.none) : .marginal, repetitions: 3)
  }
case "large" where arguments.count == 2:
  let data = Scores(units: 36_000, raters: 11_000, criteria: 9, ratersEach: 2)
  try time("large", data, arguments[1] == "joint" ? .joint(.none) : .marginal, repetitions: 1)
default:
  print("usage: RaschBenchmark joint|marginal FILE…, or large joint|marginal")
}
