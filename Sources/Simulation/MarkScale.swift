/// The marks a criterion can have: `minimum`, `minimum` + 1/`perPoint`, …, `maximum`.
///
/// Scores are snapped to whole numbers of steps and divided once, so each is the double nearest to its decimal and prints exactly.
public struct MarkScale: Sendable, Equatable {
  public var minimum: Int
  public var maximum: Int
  /// Steps in one point: 2 for half points.
  public var perPoint: Int

  public var step: Double { 1 / Double(perPoint) }

  static let hundred = MarkScale(minimum: 0, maximum: 100, perPoint: 2)
  static let seven = MarkScale(minimum: 1, maximum: 7, perPoint: 1)
  /// Tenths up to a full mark of 10, halves above.
  static func full(_ mark: Int) -> MarkScale { MarkScale(minimum: 0, maximum: mark, perPoint: mark <= 10 ? 10 : 2) }

  /// The nearest mark to `value` that is not above `ceiling` (a share of the maximum).
  func snap(_ value: Double, ceiling: Double = 1) -> Double {
    let steps = Double(perPoint)
    let top = (Double(maximum) * ceiling * steps).rounded(.down)
    return min(max((value * steps).rounded(.toNearestOrEven), Double(minimum) * steps), top) / steps
  }

  /// The distance of the round marks that a heaping rater uses: the least of 0.5, 1, 5, 10, … that is at least a twentieth of the maximum.
  var heap: Double {
    let least = Double(maximum) / 20
    var candidates = [0.5, 1.0]
    var scale = 5.0
    while scale < least * 10 {
      candidates += [scale, 2 * scale]
      scale *= 10
    }
    return candidates.first { $0 >= least && ($0 * Double(perPoint)).rounded() == $0 * Double(perPoint) } ?? Double(maximum)
  }
}

extension CampaignPlan {
  /// The marks of every criterion, departments' indicators included.
  public var scales: [MarkScale] {
    let count = criteria + departments
    switch variant {
    case .continuous: return [MarkScale](repeating: .hundred, count: count)
    case .ordinal: return [MarkScale](repeating: .seven, count: count)
    case .fullMarks(let marks): return (0..<count).map { .full(marks[$0 % marks.count]) }
    }
  }
}
