/// The effects that are eliminated block by block: where they stand, and their sums of products
///
///     G[b] = Z_b'W Z_b     C[b] = Z_b'W [Z_k X]
///
/// in flat arrays, column after column of each block.
struct EliminatedEffects: Sendable {
  /// A run of k consecutive effects in a block: one level of one term.
  struct Group: Sendable {
    let term: Int
    let level: Int
    /// Position in the block.
    let position: Int
  }

  struct Block: Sendable {
    let order: Int
    /// Where its square, its touched columns and its vectors begin in the flat arrays.
    let square: Int
    let cross: Int
    let vector: Int
    /// The range of `places`: touched kept columns, ascending, then the fixed columns.
    let places: Range<Int>
    let groups: Range<Int>
    var columns: Int { places.count }
  }

  private(set) var blocks: [Block] = []
  private(set) var groups: [Group] = []
  private(set) var places: [Int32] = []
  private(set) var squares: [Double] = []
  private(set) var crosses: [Double] = []
  private(set) var count = 0
  /// Per eliminated term and level, where its effects begin among them all.
  private(set) var addresses: [[Int32]]

  private let terms: [RandomTerm]
  private let eliminated: [Int]
  private let columns: KeptColumns
  private let weights: [Double]?

  init(_ layout: TermLayout, of terms: [RandomTerm], columns: KeptColumns, weights: [Double]?) {
    self.terms = terms
    self.columns = columns
    self.weights = weights
    eliminated = layout.eliminated
    addresses = terms.map { [Int32](repeating: -1, count: $0.factor.levels) }
    guard let blocking = layout.blocking else { return }
    var members = [[Int32]](repeating: [], count: blocking.levels)
    for (i, code) in blocking.codes.enumerated() { members[Int(code)].append(Int32(i)) }
    var room = Room(local: [Int32](repeating: -1, count: columns.count))
    for rows in members where !rows.isEmpty { append(rows, &room) }
  }

  /// Room that serves one block after the other.
  private struct Room {
    /// Per kept column, its place in the block; −1 where the block does not touch it.
    var local: [Int32]
    var row: [(column: Int, value: Double)] = []
  }

  /// The block of these observations.
  private mutating func append(_ rows: [Int32], _ room: inout Room) {
    let firstGroup = groups.count
    let order = appendGroups(rows)
    let touched = touchedColumns(rows, &room.local)
    let block = Block(
      order: order, square: squares.count, cross: crosses.count, vector: count, places: places.count..<(places.count + touched.count),
      groups: firstGroup..<groups.count)
    blocks.append(block)
    places += touched
    squares += [Double](repeating: 0, count: order * order)
    crosses += [Double](repeating: 0, count: order * touched.count)
    for row in rows { addProducts(of: Int(row), to: block, &room) }
    for c in touched { room.local[Int(c)] = -1 }
    count += order
  }

  /// Gives the levels in these observations their positions, and returns how many effects they have.
  private mutating func appendGroups(_ rows: [Int32]) -> Int {
    var order = 0
    for t in eliminated {
      for level in sortedDistinct(rows.map { terms[t].factor.codes[Int($0)] }) {
        groups.append(Group(term: t, level: Int(level), position: order))
        addresses[t][Int(level)] = Int32(count + order)
        order += terms[t].order
      }
    }
    return order
  }

  private func touchedColumns(_ rows: [Int32], _ local: inout [Int32]) -> [Int32] {
    var touched: [Int32] = []
    for row in rows {
      for t in columns.kept {
        for c in columns.effects(of: t, at: Int(row)) where local[c] < 0 {
          local[c] = 0
          touched.append(Int32(c))
        }
      }
    }
    touched.sort()
    touched += (columns.effects..<columns.count).map { Int32($0) }
    for (place, c) in touched.enumerated() { local[Int(c)] = Int32(place) }
    return touched
  }

  private mutating func addProducts(of i: Int, to block: Block, _ room: inout Room) {
    columns.read(i, into: &room.row)
    for t in eliminated {
      let a = position(of: t, at: i, in: block)
      for c in 0..<terms[t].order {
        let z = (weights?[i] ?? 1) * terms[t].values[c][i]
        if z == 0 { continue }
        for s in eliminated {
          let b = position(of: s, at: i, in: block)
          for d in 0..<terms[s].order { squares[block.square + a + c + (b + d) * block.order] += z * terms[s].values[d][i] }
        }
        for (column, value) in room.row { crosses[block.cross + a + c + Int(room.local[column]) * block.order] += z * value }
      }
    }
  }

  private func position(of t: Int, at i: Int, in block: Block) -> Int { Int(addresses[t][Int(terms[t].factor.codes[i])]) - block.vector }
}
