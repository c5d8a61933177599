internal import Scores
internal import Wording

/// The scale that the scores of each criterion are held against: declared, or shown by the scores themselves, or none.
struct ScoreScales: Sendable {
  /// −∞ and ∞ where there is no limit, 0 where there is no step.
  private(set) var minimum: [Double]
  private(set) var maximum: [Double]
  private(set) var step: [Double]
  /// Steps are counted from here.
  private(set) var origin: [Double]
  private(set) var isDeclared: [Bool]
  /// Rows of scores that cannot be marks of their scale: on criteria with enough scores, a handful at most that lie farther from all the others than three
  /// times their range. Whatever scale is declared; a declared limit that many scores break is more likely wrong itself. Ascending.
  private(set) var impossible: [Int] = []
  /// Scores on criteria with a scale.
  private(set) var judged = 0

  static let enough = 200
  static let handful = 5
  /// Ranges of all the others: an honest mark may lie farther off than one, where marks crowd at the end of the scale or have a long tail.
  static let apart = 3.0
  /// Each divides the one before, so that the widest a score keeps to says all.
  static let steps: [Double] = [10, 5, 1, 0.5, 0.1]

  init(table: ScoreTable, campaign: Campaign) {
    let n = table.criteria.count
    minimum = Array(repeating: -.infinity, count: n)
    maximum = Array(repeating: .infinity, count: n)
    step = Array(repeating: 0, count: n)
    origin = Array(repeating: 0, count: n)
    isDeclared = Array(repeating: false, count: n)
    for (c, name) in table.criteria.enumerated() {
      let own = campaign.criteria[name]
      let low = own?.scale?.minimum ?? campaign.scale?.minimum
      let high = own?.scale?.maximum ?? own?.fullMarks ?? campaign.scale?.maximum
      let interval = own?.scale?.step ?? campaign.scale?.step
      guard low != nil || high != nil || interval != nil else { continue }
      isDeclared[c] = true
      minimum[c] = low ?? -.infinity
      maximum[c] = high ?? .infinity
      step[c] = interval ?? 0
      origin[c] = low ?? 0
    }
    var count = [Int](repeating: 0, count: n)
    for c in table.criterion { count[Int(c)] += 1 }
    infer(table, count)
    for c in 0..<n where isDeclared[c] || step[c] > 0 || minimum[c].isFinite || maximum[c].isFinite { judged += count[c] }
  }

  /// Scales of criteria with none declared: a step where nearly all of many scores keep to one, limits where a handful lie beyond all plausible ones. A step
  /// that a handful leave may still be a mark that few raters use, so that what is found makes no claim.
  private mutating func infer(_ table: ScoreTable, _ count: [Int]) {
    let open = count.indices.filter { count[$0] >= ScoreScales.enough }
    guard !open.isEmpty else { return }
    var place = [Int](repeating: -1, count: count.count)
    for (k, c) in open.enumerated() { place[c] = k }
    let steps = ScoreScales.steps
    let width = ScoreScales.handful + 1
    var keeping = [Int](repeating: 0, count: open.count * steps.count)
    // The few lowest and highest scores of each criterion, outermost first.
    var lowest = [Double](repeating: .infinity, count: open.count * width)
    var highest = [Double](repeating: -.infinity, count: open.count * width)
    for i in 0..<table.count {
      let k = place[Int(table.criterion[i])]
      if k < 0 { continue }
      let x = table.score[i]
      for j in steps.indices where ScaleSteps.isMultiple(x, of: steps[j]) {
        keeping[k * steps.count + j] += 1
        break
      }
      var at = (k + 1) * width - 1
      if x < lowest[at] {
        while at > k * width, lowest[at - 1] > x {
          lowest[at] = lowest[at - 1]
          at -= 1
        }
        lowest[at] = x
      }
      at = (k + 1) * width - 1
      if x > highest[at] {
        while at > k * width, highest[at - 1] < x {
          highest[at] = highest[at - 1]
          at -= 1
        }
        highest[at] = x
      }
    }
    var ceiling = [Double](repeating: .infinity, count: count.count)
    var floor = [Double](repeating: -.infinity, count: count.count)
    for (k, c) in open.enumerated() {
      let few = max(1, min(ScoreScales.handful, count[c] / 1000))
      var kept = 0
      for j in steps.indices where step[c] == 0 && !isDeclared[c] {
        kept += keeping[k * steps.count + j]
        if count[c] - kept <= few { step[c] = steps[j] }
      }
      let gap = ScoreScales.apart * (highest[k * width + few] - lowest[k * width + few])
      guard gap > 0 else { continue }
      for j in 0..<few {
        if ceiling[c] == .infinity, highest[k * width + j] - highest[k * width + j + 1] > gap { ceiling[c] = highest[k * width + j + 1] }
        if floor[c] == -.infinity, lowest[k * width + j + 1] - lowest[k * width + j] > gap { floor[c] = lowest[k * width + j + 1] }
      }
      if !isDeclared[c] {
        maximum[c] = ceiling[c]
        minimum[c] = floor[c]
      }
    }
    guard open.contains(where: { ceiling[$0].isFinite || floor[$0].isFinite }) else { return }
    for i in 0..<table.count {
      let c = Int(table.criterion[i])
      // A score that a declared scale allows is one, however far from the others.
      let isOff = table.score[i] > maximum[c] || table.score[i] < minimum[c]
      if isOff, table.score[i] > ceiling[c] || table.score[i] < floor[c] { impossible.append(i) }
    }
  }

  /// `0 to 100 in steps of 0.5`, as far as it is known.
  func wording(_ c: Int) -> Text {
    let low = NumberText.shortest(minimum[c])
    let high = NumberText.shortest(maximum[c])
    let interval = NumberText.shortest(step[c])
    var en: [String] = []
    var zh: [String] = []
    switch (minimum[c].isFinite, maximum[c].isFinite) {
    case (true, true):
      en.append("\(low) to \(high)")
      zh.append("\(low) 至 \(high) 分")
    case (true, false):
      en.append("\(low) or more")
      zh.append("不低于 \(low) 分")
    case (false, true):
      en.append("\(high) or less")
      zh.append("不高于 \(high) 分")
    case (false, false): break
    }
    if step[c] > 0 {
      en.append("in steps of \(interval)")
      zh.append("间隔 \(interval) 分")
    }
    return Text(en.joined(separator: " "), zh: zh.joined(separator: "，"))
  }

  /// The unit of a score, by bisection.
  static func unit(of row: Int, in table: ScoreTable) -> Int {
    var low = 0
    var high = table.units.count
    // The last unit that starts at or before the row; units without scores start where the next one does.
    while high - low > 1 {
      let middle = (low + high) / 2
      if table.unitStart[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }
}
