/// A grouping of the observations, such as "rater": each level gets a random intercept of its own.
public struct GroupingFactor: Sendable, Equatable {
  public let name: String
  /// One code an observation, in `0..<levels`.
  public let codes: [Int32]
  /// How many levels there are. A level that no observation has is allowed: its effect is predicted as 0.
  public let levels: Int

  public init(_ name: String, codes: [Int32], levels: Int) {
    self.name = name
    self.codes = codes
    self.levels = levels
  }

  /// The factor whose levels are the pairs of levels of two factors that occur together, such as unit:criterion.
  ///
  /// Levels are numbered in ascending order of (code of self, code of other), whatever the order of the observations.
  public func crossed(with other: GroupingFactor) -> GroupingFactor {
    precondition(codes.count == other.codes.count, "factors of different length cannot be crossed")
    let keys = zip(codes, other.codes).map { Int64($0) * Int64(other.levels) + Int64($1) }
    let distinct = sortedDistinct(keys)
    var position = [Int64: Int32](minimumCapacity: distinct.count)
    for (i, key) in distinct.enumerated() { position[key] = Int32(i) }
    return GroupingFactor(name + ":" + other.name, codes: keys.map { position[$0]! }, levels: distinct.count)
  }
}

/// A column of the fixed part of a model.
public struct FixedColumn: Sendable, Equatable {
  public let name: String
  /// One value an observation.
  public let values: [Double]

  public init(_ name: String, _ values: [Double]) {
    self.name = name
    self.values = values
  }

  /// The indicator columns of a categorical variable, its first level being the reference (treatment contrasts).
  public static func treatment(_ factor: GroupingFactor, labels: [String]? = nil) -> [FixedColumn] {
    (1..<max(1, factor.levels)).map { level in
      FixedColumn(factor.name + (labels?[level] ?? String(level)), factor.codes.map { Int($0) == level ? 1 : 0 })
    }
  }
}

func sortedDistinct<T: Comparable>(_ values: [T]) -> [T] {
  var result: [T] = []
  for value in values.sorted() where result.last != value { result.append(value) }
  return result
}
