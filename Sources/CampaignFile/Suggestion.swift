/// Which of the known words a mistyped one is likely to be.
enum Suggestion {
  /// The known word with the smallest edit distance (insert, delete, replace, swap neighbours), at most two and less than half of the word; nil when
  /// there is none. Case, `-` and `_` do not count.
  static func closest(to word: String, among known: [String]) -> String? {
    let plain = fold(word)
    var best: (word: String, distance: Int)?
    for candidate in known {
      let distance = distance(plain, fold(candidate))
      if distance <= 2, 2 * distance < max(candidate.count, 2), distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  private static func fold(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
  }

  /// Optimal string alignment (Damerau–Levenshtein without repeated edits of one place).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1..<(a.count + 1) {
      var row = [Int](repeating: i, count: b.count + 1)
      for j in 1..<(b.count + 1) {
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
