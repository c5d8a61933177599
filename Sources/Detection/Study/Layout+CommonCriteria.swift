extension Layout {
  /// Calls `body` with the observations of two sheets on every criterion that both scored, in ascending order. One merge of two ascending runs.
  @inline(__always)
  func forEachCommonCriterion(_ s: Int, _ t: Int, _ body: (_ criterion: Int, _ first: Int, _ second: Int) -> Void) {
    var i = sheetStart[s]
    var j = sheetStart[t]
    let iEnd = sheetStart[s + 1]
    let jEnd = sheetStart[t + 1]
    while i < iEnd && j < jEnd {
      if criterion[i] < criterion[j] {
        i += 1
      } else if criterion[j] < criterion[i] {
        j += 1
      } else {
        body(Int(criterion[i]), i, j)
        i += 1
        j += 1
      }
    }
  }
}
