/// The positions of a code column by code, in ascending order: members of group `g` in one contiguous run.
struct GroupedIndices: Sendable {
  let start: [Int]
  let index: [Int32]

  /// One counting sort; linear.
  init(_ codes: [Int32], groups: Int) {
    var start = [Int](repeating: 0, count: groups + 1)
    for code in codes { start[Int(code) + 1] += 1 }
    for g in 0..<groups { start[g + 1] += start[g] }
    var next = start
    var index = [Int32](repeating: 0, count: codes.count)
    for (i, code) in codes.enumerated() {
      index[next[Int(code)]] = Int32(i)
      next[Int(code)] += 1
    }
    self.start = start
    self.index = index
  }

  func members(of group: Int) -> some Sequence<Int> { index[start[group]..<start[group + 1]].lazy.map(Int.init) }

  func count(of group: Int) -> Int { start[group + 1] - start[group] }
}
