// Times a mixed model from scores in arrays to the finished fit (components, standard errors, predictions), reading apart.
//   MixedModelBenchmark insteval FILE [RUNS]   y ~ service + (1|s) + (1|d) + (1|dept), ML
//   MixedModelBenchmark simple|full FILE [RUNS] complete sheets, REML; the file lists each sheet's criteria together
//   MixedModelBenchmark large                  10,000 raters × 500,000 units, 4 raters a unit, simulated sheet means, REML
//   MixedModelBenchmark movielens [RATINGS]    25,000,000 ratings of 162,000 × 59,000 with skewed popularity, simulated, REML
//   MixedModelBenchmark cost [SIZES]           seconds against size, 10⁴ to 10⁷ scores, with the fitted slope
import Foundation
import Models

struct Table {
  let columns: [String: [Substring]]

  init(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines = text.split(separator: "\n")
    let header = lines.removeFirst().split(separator: ",").map(String.init)
    var columns = [[Substring]](repeating: [], count: header.count)
    for line in lines {
      for (i, field) in line.split(separator: ",", omittingEmptySubsequences: false).enumerated() { columns[i].append(field) }
    }
    self.columns = Dictionary(uniqueKeysWithValues: zip(header, columns))
  }

  func factor(_ column: String) -> GroupingFactor {
    let values = columns[column]!
    let levels = Set(values).sorted()
    let code = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return GroupingFactor(column, codes: values.map { code[$0]! }, levels: levels.count)
  }

  func numbers(_ column: String) -> [Double] { columns[column]!.map { Double($0)! } }
}

func report(
  _ name: String, _ criterion: Double, _ components: [VarianceComponent], _ account: FitAccount, since start: Date, _ cpu: clock_t
) {
  let wall = Date().timeIntervalSince(start)
  let used = Double(clock() - cpu) / Double(CLOCKS_PER_SEC)
  print(
    "\(name)  wall \(String(format: "%.3f", wall)) s  cpu \(String(format: "%.3f", used)) s  criterion \(criterion)  evaluations \(account.evaluations)"
  )
  for component in components { print("   \(component.name)  \(component.variance)  se \(component.standardError ?? 0)") }
  if account.monteCarloError > 0 { print("   Monte Carlo error \(account.monteCarloError), of the criterion \(account.criterionError)") }
}

/// The every `stride`-th code: sheets list their criteria together.
func bySheet(_ factor: GroupingFactor, _ stride: Int) -> GroupingFactor {
  GroupingFactor(
    factor.name, codes: Swift.stride(from: 0, to: factor.codes.count, by: stride).map { factor.codes[$0] }, levels: factor.levels)
}

let arguments = CommandLine.arguments
let repetitions = arguments.count > 3 ? Int(arguments[3])! : 3
switch arguments.count > 1 ? arguments[1] : "" {
case "insteval":
  let table = try Table(arguments[2])
  let y = table.numbers("score")
  let service = FixedColumn("service", table.numbers("service"))
  let factors = [table.factor("rater"), table.factor("unit"), table.factor("unit_group")]
  for _ in 0..<repetitions {
    let (start, cpu) = (Date(), clock())
    let fit = try CrossedModel(response: y, fixed: [service], factors: factors).fit(.ml)
    report("insteval", fit.criterion, fit.components, fit.account, since: start, cpu)
  }
case "simple", "full":
  let table = try Table(arguments[2])
  let y = table.numbers("score")
  let criteria = table.factor("criterion").levels
  let units = bySheet(table.factor("unit"), criteria)
  let raters = bySheet(table.factor("rater"), criteria)
  for _ in 0..<repetitions {
    let (start, cpu) = (Date(), clock())
    let fit = try SheetModel(
      scores: y, criteria: criteria, units: units, raters: raters,
      components: arguments[1] == "simple" ? [.unit, .rater] : [.unit, .rater, .unitCriterion, .raterCriterion]
    ).fit()
    report(arguments[1], fit.criterion, fit.components, fit.account, since: start, cpu)
  }
case "large":
  // Every unit sees four raters.
  let ratings = SimulatedRatings(
    units: 500_000, raters: 10_000, unitDeviation: 8, raterDeviation: 3.5, noise: 1.5, step: nil
  ) { _, generator in
    (0..<4).map { _ in Int32(generator.below(10_000)) }
  }
  try fitSimulated("large", ratings)
case "movielens":
  try fitSimulated("movielens", SimulatedRatings.movieLensLike(ratings: arguments.count > 2 ? Int(arguments[2])! : 25_000_000))
case "cost":
  let sizes = arguments.dropFirst(2).compactMap { Int($0) }
  try costAgainstSize(sizes.isEmpty ? [10_000, 31_600, 100_000, 316_000, 1_000_000, 3_160_000, 10_000_000] : sizes)
default:
  print("usage: MixedModelBenchmark insteval|simple|full FILE, or large|movielens [RATINGS]|cost [SIZES]")
}
