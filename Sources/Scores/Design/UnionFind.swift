/// Sets of connected elements of 0 ..< count, by union by size with path halving (Tarjan and van Leeuwen 1984).
public struct UnionFind: Sendable {
  private var parent: [Int]
  private var size: [Int]

  public init(_ count: Int) {
    parent = Array(0..<count)
    size = Array(repeating: 1, count: count)
  }

  /// The element that stands for the set of `node`.
  public mutating func root(_ node: Int) -> Int {
    var node = node
    while parent[node] != node {
      parent[node] = parent[parent[node]]
      node = parent[node]
    }
    return node
  }

  public mutating func join(_ a: Int, _ b: Int) {
    var (a, b) = (root(a), root(b))
    if a == b { return }
    if size[a] < size[b] { swap(&a, &b) }
    parent[b] = a
    size[a] += size[b]
  }
}
