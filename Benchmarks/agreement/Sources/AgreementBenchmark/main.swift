// Times coefficients of agreement on a matrix of ratings, a row a unit, NaN where a rating is missing.
//   AgreementBenchmark FILE.csv        every coefficient from factors and values in arrays, α with 1,000 bootstrap resamples
//   AgreementBenchmark FILE.csv icc    intraclass correlations beside one pass over the data
import Foundation
import Models

func time<T>(_ name: String, repeats: Int = 5, _ body: () throws -> T) rethrows {
  var (wall, cpu): ([Double], [Double]) = ([], [])
  var value: T?
  for _ in 0..<repeats {
    let (start, used) = (Date(), clock())
    value = try body()
    wall.append(Date().timeIntervalSince(start))
    cpu.append(Double(clock() - used) / Double(CLOCKS_PER_SEC))
  }
  let best = cpu.min()!
  let padded = name.padding(toLength: 44, withPad: " ", startingAt: 0)
  print("plumbline  \(padded) cpu \(String(format: "%.6f", best)) s  wall \(String(format: "%.6f", wall.min()!)) s  \(value!)")
}

guard CommandLine.arguments.count > 1, let text = try? String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8) else {
  let usage = "Usage: AgreementBenchmark TABLE [icc]: a table of numbers, a unit a line, separated by commas."
  FileHandle.standardError.write(Data("\(usage)\n".utf8))
  exit(2)
}
let rows = text.split(separator: "\n").map { $0.split(separator: ",").map { Double($0)! } }
let (n, k) = (rows.count, rows[0].count)
let values = rows.flatMap { $0 }
let units = GroupingFactor("unit", codes: (0..<n).flatMap { [Int32](repeating: Int32($0), count: k) }, levels: n)
let raters = GroupingFactor("rater", codes: (0..<n).flatMap { _ in (0..<Int32(k)) }, levels: k)
let table = try RatingsTable(units: units, raters: raters, values: values)

if CommandLine.arguments.count > 2 {
  time("one pass: sum and sum of squares") { () -> Double in
    var (sum, squares) = (0.0, 0.0)
    for value in values {
      sum += value
      squares += value * value
    }
    return squares - sum * sum / Double(values.count)
  }
  try time("table") { try RatingsTable(units: units, raters: raters, values: values).count }
  try time("six ICCs with limits, from the table") {
    let squares = try TwoWaySums(table).meanSquares
    return try IntraclassForm.allCases.map { try squares.estimate($0).low }
  }
  try time("leaving out every unit and every rater") {
    let measure = AgreementMeasure.intraclass(.agreementSingle)
    return try measure.valuesWithoutUnits(table)[0] + measure.valuesWithoutRaters(table)[0]
  }
} else {
  let metrics: [KrippendorffMetric] = [.nominal, .ordinal, .interval, .ratio]
  try time("table") { try RatingsTable(units: units, raters: raters, values: values).count }
  for metric in metrics {
    try time("alpha \(metric.name), table and all") {
      let table = try RatingsTable(units: units, raters: raters, values: values)
      return try KrippendorffAlpha(RatingPatterns(table), metric: metric).value()
    }
  }
  for metric in metrics {
    let measure = AgreementMeasure.krippendorff(metric)
    try time("alpha \(metric.name), 1,000 resamples, BCa", repeats: 2) { try AgreementBootstrap(table).interval(measure) }
  }
  try time("AC1, alpha, Fleiss, BP with SE, table and all") {
    let patterns = RatingPatterns(try RatingsTable(units: units, raters: raters, values: values))
    let agreement = try ChanceCorrectedAgreement(patterns, weights: AgreementWeights(.identity, categories: patterns.categories))
    return try [ChanceCorrected.gwet, .krippendorff, .fleiss, .brennanPrediger].map { try agreement.estimate($0).standardError }
  }
  try time("Conger with SE, table and all") {
    let table = try RatingsTable(units: units, raters: raters, values: values)
    return try CongerKappa(table, weights: AgreementWeights(.identity, categories: table.categories)).estimate().standardError
  }
  try time("influence of every rater and unit, alpha interval", repeats: 2) {
    try InfluenceAnalysis(table, measure: .krippendorff(.interval)).raters[0].difference
  }
}
