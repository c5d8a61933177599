// reading FILE [THREADS]: reads a score table once and prints seconds, scores and peak resident kilobytes.
import Foundation
import Scores

let arguments = CommandLine.arguments
guard arguments.count > 1 else { fatalError("usage: reading FILE [THREADS]") }
var options = ScoreReadingOptions()
if arguments.count > 2 { options.threads = Int(arguments[2]) ?? 2 }
let start = ContinuousClock.now
let reading = try ScoreReader.read(.file(arguments[1]), options: options)
let seconds = (ContinuousClock.now - start) / .seconds(1)
let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "0"
print(seconds, reading.table.count, peak)
