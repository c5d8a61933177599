internal import Foundation
internal import Scores
internal import Wording

/// Damage that makes statements about people meaningless: criteria that are copies of one another.
struct DamageReport: Sendable {
  /// Groups of criteria with identical scores on every sheet that has them.
  let duplicateCriteria: [[Int]]
  /// Sheets on which they were compared.
  let sheets: Int

  /// Criteria on fewer sheets than this may agree by chance.
  static let minimumSheets = 20

  /// Why nothing is said about people.
  var reason: Text {
    Text(
      "the data are damaged (see duplicate-criteria); nothing can be said about people until they are mended",
      zh: "数据已损坏（见 duplicate-criteria），修复之前不能对任何人作出判断")
  }

  /// Finds groups of identical criteria by hashing each criterion's column; nil when there is none. Linear in the scores.
  init?(table: ScoreTable, layout: Layout, scores: [Double]) {
    let criteria = layout.criterionCount
    guard criteria > 1 else { return nil }
    var hash = [UInt64](repeating: 0, count: criteria)
    var count = [Int](repeating: 0, count: criteria)
    var low = [Double](repeating: .infinity, count: criteria)
    var high = [Double](repeating: -.infinity, count: criteria)
    for s in 0..<layout.sheetCount {
      for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
        let c = Int(layout.criterion[o])
        // A sum over sheets, so that the columns need not be gathered; each term mixes sheet and score.
        var x = UInt64(s) &* 0x9E37_79B9_7F4A_7C15 ^ scores[o].bitPattern
        x = (x ^ (x >> 31)) &* 0xD6E8_FEB8_6659_FD93
        hash[c] &+= x ^ (x >> 29)
        count[c] += 1
        low[c] = min(low[c], scores[o])
        high[c] = max(high[c], scores[o])
      }
    }
    var groups: [UInt64: [Int]] = [:]
    for c in 0..<criteria where count[c] >= DamageReport.minimumSheets && high[c] > low[c] { groups[hash[c], default: []].append(c) }
    let duplicates = groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    guard let first = duplicates.first else { return nil }
    duplicateCriteria = duplicates
    sheets = count[first[0]]
  }
}
