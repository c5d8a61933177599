internal import Parallel
import Synchronization

/// The canonical order of scores within their units.
enum CanonicalOrder {
  struct Part: Sendable {
    var order: [UInt32] = []
    var rater: [UInt32] = []
    var criterion: [UInt32] = []
  }

  /// The units in at most `count` runs of about as many scores each.
  static func parts(_ unitStart: [Int], count: Int) -> [Range<Int>] {
    let units = unitStart.count - 1
    let total = unitStart[units]
    var parts: [Range<Int>] = []
    var from = 0
    for k in 1...max(1, count) {
      var to = from
      while to < units, k == count || unitStart[to] < total / count * k { to += 1 }
      if to > from { parts.append(from..<to) }
      from = to
    }
    return parts
  }

  /// Sorts each unit's scores in `order`, which holds those of `units` only, by rater, criterion (together the key), score, and the order
  /// they had. Sorted in place: at this point the columns take most of the memory that a reading ever needs.
  static func sorted(_ order: consuming [UInt32], units: Range<Int>, _ unitStart: [Int], _ keys: [UInt64], _ score: [Double]) -> Part {
    let all = unitStart[units.lowerBound]..<unitStart[units.upperBound]
    var part = Part()
    part.order = order
    part.rater.reserveCapacity(all.count)
    part.criterion.reserveCapacity(all.count)
    var items: [Item] = []
    for u in units {
      items.removeAll(keepingCapacity: true)
      var isSorted = true
      var last: UInt64 = 0
      let scores = (unitStart[u] - all.lowerBound)..<(unitStart[u + 1] - all.lowerBound)
      for k in scores {
        let index = part.order[k]
        let key = keys[Int(index)]
        if key <= last && !items.isEmpty { isSorted = false }
        last = key
        items.append(Item(key: key, index: index))
      }
      if !isSorted { sort(&items, score) }
      for (k, item) in zip(scores, items) {
        part.order[k] = item.index
        part.rater.append(UInt32(truncatingIfNeeded: item.key &>> 32))
        part.criterion.append(UInt32(truncatingIfNeeded: item.key))
      }
    }
    return part
  }

  private static func sort(_ items: inout [Item], _ score: [Double]) {
    if items.count > 48 {
      items.sort { a, b in
        if a.key != b.key { return a.key < b.key }
        let (x, y) = (score[Int(a.index)], score[Int(b.index)])
        return x != y ? x < y : a.index < b.index
      }
      return
    }
    // An insertion sort is stable, and quickest for the few dozen scores of a usual unit, which come in sorted runs.
    for a in 1..<items.count {
      let item = items[a]
      var b = a
      while b > 0 {
        let other = items[b - 1]
        if other.key < item.key { break }
        if other.key == item.key, score[Int(other.index)] <= score[Int(item.index)] { break }
        items[b] = other
        b -= 1
      }
      items[b] = item
    }
  }

  private struct Item {
    var key: UInt64
    var index: UInt32
  }
}

/// The results of `work` on every part, given a value of its own to keep or change, in the order of the parts.
func parallelMap<Value: Sendable, Result: Sendable>(
  _ parts: [Range<Int>], consuming values: inout [Value], _ work: @Sendable (Range<Int>, consuming Value) -> Result
) -> [Result] {
  let given = Mutex(values.map(Optional.some))
  values = []
  return parallelMap(parts.count) { k in
    // Taken out, so that nobody else holds it and it is changed where it is.
    work(parts[k], given.withLock { $0[k].take()! })
  }
}

/// One column of all parts, which are let go of it.
func joinParts<Part, Element>(_ parts: inout [Part], _ column: WritableKeyPath<Part, [Element]>) -> [Element] {
  if parts.count == 1 { return parts[0][keyPath: column] }
  var joined: [Element] = []
  joined.reserveCapacity(parts.reduce(0) { $0 + $1[keyPath: column].count })
  for p in parts.indices {
    joined.append(contentsOf: parts[p][keyPath: column])
    parts[p][keyPath: column] = []
  }
  return joined
}

/// `values` in the given order, a part of the units on each thread.
func gather<Value: Sendable>(_ values: [Value], _ order: [UInt32], _ parts: [Range<Int>], _ unitStart: [Int]) -> [Value] {
  var gathered = parallelMap(parts.count) { part in
    let units = parts[part]
    return order[unitStart[units.lowerBound]..<unitStart[units.upperBound]].map { values[Int($0)] }
  }
  return joinParts(&gathered, \.self)
}
