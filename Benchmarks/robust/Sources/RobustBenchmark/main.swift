// RobustBenchmark METHOD FILE ROWS COLUMNS [REPETITIONS]
//   METHOD: mcd deterministic random ogk mrcd mm cells
// FILE holds doubles, column after column (generate.py). The first tenth of the rows is shifted; `hit` says how many of them are flagged.
import Foundation
import LinearAlgebra
import Statistics

/// Bits put together byte by byte: no pointer is needed to read a file of doubles.
func doubles(_ path: String) throws -> [Double] {
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
  return stride(from: 0, to: bytes.count, by: 8).map { start in
    var bits: UInt64 = 0
    for k in 0..<8 { bits |= UInt64(bytes[start + k]) << UInt64(8 * k) }
    return Double(bitPattern: bits)
  }
}

/// User and system seconds of all threads.
func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

func peakMebibytes() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
  return (Int(line.filter(\.isNumber)) ?? 0) / 1024
}

let arguments = CommandLine.arguments
guard arguments.count >= 5, let rows = Int(arguments[3]), let columns = Int(arguments[4]) else {
  print("RobustBenchmark mcd|deterministic|random|ogk|mrcd|mm|cells FILE ROWS COLUMNS [REPETITIONS]")
  exit(2)
}
let method = arguments[1]
let x = Matrix(rows: rows, columns: columns, elements: try doubles(arguments[2]))
for _ in 0..<(arguments.count > 5 ? Int(arguments[5]) ?? 1 : 1) {
  let start = Date()
  let cpu = processorSeconds()
  var objective = Double.nan
  var flagged: [Int] = []
  switch method {
  case "mcd", "deterministic", "random":
    var options = MinimumCovarianceDeterminant.Options()
    options.search = method == "mcd" ? .automatic : method == "random" ? .random(subsets: 500) : .deterministic
    let fit = try MinimumCovarianceDeterminant(x, options: options)
    (objective, flagged) = (fit.objective, fit.outliers)
  case "ogk":
    let fit = try OrthogonalizedPairs(x)
    let cut = ChiSquared(degreesOfFreedom: Double(columns)).quantile(0.975)
    flagged = fit.distances.indices.filter { fit.distances[$0] > cut }
  case "mrcd":
    let fit = try RegularizedDeterminant(x)
    (objective, flagged) = (fit.objective, fit.outliers)
  case "mm":
    let others = Matrix(rows: rows, columns: columns - 1, elements: Array(x.elements.dropFirst(rows)))
    let fit = try MMRegression(others, x.column(0))
    (objective, flagged) = (fit.scale, fit.outliers())
  case "cells":
    let fit = try DeviatingCells(x)
    flagged = fit.deviatingRows
    objective = Double(fit.flaggedCount)
  default:
    print("no method \(method)")
    exit(2)
  }
  let wall = Date().timeIntervalSince(start)
  let used = processorSeconds() - cpu
  let hit = flagged.count { $0 < rows / 10 }
  let name = method.padding(toLength: 13, withPad: " ", startingAt: 0)
  print(
    "\(rows)x\(columns) here \(name) wall \(String(format: "%.3f", wall)) s  cpu \(String(format: "%.3f", used)) s  objective "
      + "\(String(format: "%.9f", objective))  hit \(hit)/\(rows / 10)  false \(flagged.count - hit)  peak \(peakMebibytes()) MiB")
}
