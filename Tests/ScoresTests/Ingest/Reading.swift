import Scores

/// Reads a text as if it were a file.
func read(_ text: String, _ change: (inout ScoreReadingOptions) -> Void = { _ in }) throws -> ScoreReading {
  try read(Array(text.utf8), change)
}

func read(_ bytes: [UInt8], _ change: (inout ScoreReadingOptions) -> Void = { _ in }) throws -> ScoreReading {
  var options = ScoreReadingOptions()
  change(&options)
  return try ScoreReader.read(.bytes(bytes, name: "test.csv"), options: options)
}

/// The problems of a text that must not be read.
func problems(_ text: String, _ change: (inout ScoreReadingOptions) -> Void = { _ in }) -> [ScoreProblem] {
  problems(Array(text.utf8), change)
}

func problems(_ bytes: [UInt8], _ change: (inout ScoreReadingOptions) -> Void = { _ in }) -> [ScoreProblem] {
  do {
    _ = try read(bytes, change)
    return []
  } catch let error as ScoreReadingError {
    return error.problems
  } catch {
    return []
  }
}

/// One score with all names spelled out.
struct Row: Hashable, Comparable {
  var unit: String
  var round: String?
  var rater: String
  var criterion: String
  var score: Double

  static func < (a: Row, b: Row) -> Bool {
    (a.unit, a.round ?? "", a.rater, a.criterion, a.score) < (b.unit, b.round ?? "", b.rater, b.criterion, b.score)
  }
}

func rows(_ table: ScoreTable) -> [Row] {
  table.units.indices.flatMap { u in
    (table.unitStart[u]..<table.unitStart[u + 1]).map { i in
      Row(
        unit: table.units[u].name, round: table.units[u].round, rater: table.raters[Int(table.rater[i])].name,
        criterion: table.criteria[Int(table.criterion[i])], score: table.score[i])
    }
  }
}

/// A small generator for tests (SplitMix64, Steele, Lea and Flood 2014), so that a failing case can be repeated.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
