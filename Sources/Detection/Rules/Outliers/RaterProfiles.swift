internal import Statistics

/// How each rater's marks on every criterion lie beside those of the other raters of the same units.
///
/// On a sheet, with y the mark in common points, b the rater's severity, d the fitted part of it by criterion, and x the mean of the others' marks on the
/// cell, each less its own b and d,
///
///     f = y − b − d − x,    e = (f − mean f over the sheet, cut at 4 standard deviations) + d
///
/// so that a sheet that is high as a whole has no profile, and one slip of the pen makes none. By rater and criterion, w being the inverse of the honest
/// variance:
///
///     level = Σ w e / Σ w,    slope = Σ w (x − x̄) e / Σ w (x − x̄)²
///
/// A level says that the rater marks this criterion higher throughout; a slope of −2 that the rater's marks run against everybody's. The cell
/// takes away what the unit is worth on the criterion, so that weak and strong sides of units are nobody's profile. Levels are also taken over the sheets of the
/// rater's own group and over the others. Two passes over the scores.
struct RaterProfiles: Sendable {
  struct Entry: Sendable {
    var rater: Int
    var criterion: Int
    /// Over all sheets, those of the rater's own group, and the rest.
    var all: Level
    var own: Level
    var other: Level
    /// The variance of `all` by noise alone.
    var levelVariance: Double
    /// Nan where it cannot be judged.
    var slope: Double
    var slopeVariance: Double
    /// Mean and standard deviation of x.
    var others: Double
    var unitSD: Double
  }

  /// Weighted sums of e over some of a rater's marks on one criterion.
  struct Level {
    private(set) var sheets = 0
    private(set) var weight = 0.0
    private(set) var sum = 0.0
    private var lowerSum = 0.0
    private var higherSum = 0.0

    /// Σ w e / Σ w.
    var value: Double { sum / weight }
    /// How much lower and higher the level may be on a scale without ends.
    var lower: Double { lowerSum / weight }
    var higher: Double { higherSum / weight }

    mutating func add(_ mark: Comparison, _ weight: Double) {
      sheets += 1
      self.weight += weight
      sum += weight * mark.residual
      lowerSum += weight * mark.lower
      higherSum += weight * mark.higher
    }
  }

  /// One mark beside the others' on its cell.
  struct Comparison {
    var observation: Int
    var criterion: Int
    var others: Double
    /// f, then e.
    var residual: Double
    var lower: Double
    var higher: Double
  }

  private(set) var entries: [Entry] = []
  /// One range of `entries` a rater.
  private(set) var profiles: [Range<Int>] = []

  /// Fewer sheets say nothing of a habit.
  static let minimumSheets = 3
  static let minimumSheetsOfSlope = 5
  /// Which of two criteria is the odd one cannot be told.
  static let minimumCriteria = 3
  static let cut = 4.0
  /// Marks cut off at an end of the scale flatten a slope.
  static let mostAtEnds = 0.1
  /// Raters whose marks follow less than this share of the differences between criteria that the panels see have no profile of their own: they copy one sheet
  /// or one mark, or mark at random, which other rules tell.
  static let leastFollowed = 0.3

  private let layout: Layout
  private let scores: [Double]
  private let commonScores: [Double]
  private let steps: ScaleSteps
  private let isOwn: [Bool]
  private let fit: HonestFit
  private let sheetsByRater: GroupedIndices
  /// Σ p (b + d) of the marks at an end of the scale, by cell, positive and negative ones apart.
  private var raised: [Double]
  private var lowered: [Double]

  /// - Parameters:
  ///   - scores: by observation, as given and in common points.
  ///   - isOwn: by sheet.
  init(_ layout: Layout, scores: [Double], commonScores: [Double], steps: ScaleSteps, isOwn: [Bool], fit: HonestFit) {
    self.layout = layout
    self.scores = scores
    self.commonScores = commonScores
    self.steps = steps
    self.isOwn = isOwn
    self.fit = fit
    sheetsByRater = GroupedIndices(layout.sheetRater, groups: layout.raterCount)
    raised = [Double](repeating: 0, count: layout.cellCount)
    lowered = raised
    LimitAmbiguity.forEach(layout, scores, steps, fit) { cell, precision, shift in
      if shift > 0 { raised[cell] += precision * shift } else { lowered[cell] -= precision * shift }
    }
    collect()
  }

  // MARK: Marks

  func sheets(of rater: Int) -> some Sequence<Int> { sheetsByRater.members(of: rater) }

  /// Every mark of sheet `s` that others can be held against, in place of what is in `marks`.
  func compare(sheet s: Int, into marks: inout [Comparison]) {
    let r = Int(layout.sheetRater[s])
    let b = fit.raterEffect[r]
    let p = LimitAmbiguity.precision(s, layout, fit)
    marks.removeAll(keepingCapacity: true)
    var sum = 0.0
    for o in layout.sheetStart[s]..<layout.sheetStart[s + 1] {
      let c = Int(layout.cell[o])
      guard layout.cellPanel[c] > 1 else { continue }
      let k = Int(layout.criterion[o])
      let d = fit.profile(r, k, layout)
      let own = commonScores[o] - b - d
      let rest = max(fit.cellPrecision[c] - p, 1e-12)
      let others = (fit.merit[c] * fit.cellPrecision[c] - p * own) / rest
      // At an end of the scale b may have been cut off, wholly or in part: of this mark, and of the others'.
      let isAtEnd = steps.isAtEnd(scores[o], criterion: k)
      let (up, down) = isAtEnd ? (max(0, b + d), max(0, -b - d)) : (0, 0)
      marks.append(
        Comparison(
          observation: o, criterion: k, others: others, residual: own - others,
          lower: (isAtEnd ? max(0, -b) : 0) + max(0, raised[c] - p * up) / rest,
          higher: (isAtEnd ? max(0, b) : 0) + max(0, lowered[c] - p * down) / rest))
      sum += own - others
    }
    let mean = sum / Double(max(1, marks.count))
    let deviation = fit.cellSD * variance(ofSheet: s).squareRoot()
    for i in marks.indices {
      let k = marks[i].criterion
      let limit = RaterProfiles.cut * deviation * fit.criterionNoise[k]
      marks[i].residual = min(max(marks[i].residual - mean, -limit), limit) + fit.profile(r, k, layout)
    }
  }

  /// Of a comparison, relative to the typical noise of one mark.
  func variance(ofSheet s: Int) -> Double {
    let h = fit.unitNoise[Int(layout.sheetUnit[s])]
    return (h * h + fit.restVariance[s]) * squared(fit.othersNoise[s] / h)
  }

  // MARK: Profiles

  /// Weighted sums over a rater's marks on one criterion.
  private struct Sums {
    var atEnds = 0
    var (all, own, other) = (Level(), Level(), Level())
    var ee = 0.0
    var (x, xx, xe) = (0.0, 0.0, 0.0)
    /// x less its mean over the sheet.
    var (c, cc, ce) = (0.0, 0.0, 0.0)

    mutating func add(_ mark: Comparison, sheetMean: Double, isAtEnd: Bool, isOwn: Bool, _ weight: Double) {
      let (value, others, relative) = (mark.residual, mark.others, mark.others - sheetMean)
      if isAtEnd { atEnds += 1 }
      ee += weight * value * value
      x += weight * others
      xx += weight * others * others
      xe += weight * others * value
      c += weight * relative
      cc += weight * relative * relative
      ce += weight * relative * value
      all.add(mark, weight)
      if isOwn { own.add(mark, weight) } else { other.add(mark, weight) }
    }

    var count: Int { all.sheets }
    var w: Double { all.weight }
    var e: Double { all.sum }
    /// Σ w (x − x̄)².
    var spread: Double { max(0, xx - x * x / w) }
  }

  /// What a rater's profile as a whole says.
  private struct Whole {
    var squares = 0.0
    var freedom = 0.0
    /// Of e on x within the sheet: 0 for who sees the differences between criteria that the panel sees, −1 for who sees none.
    var (within, product) = (0.0, 0.0)
    var following: Double { within > 0 ? product / within : 0 }
  }

  private mutating func collect() {
    var sums = [Sums](repeating: Sums(), count: layout.criterionCount)
    var marks: [Comparison] = []
    var touched: [Int] = []
    var wholes: [Whole] = []
    for r in 0..<layout.raterCount {
      for s in sheetsByRater.members(of: r) where layout.comparable[s] > 1 {
        compare(sheet: s, into: &marks)
        let weight = 1 / variance(ofSheet: s)
        let mean = marks.reduce(0) { $0 + $1.others } / Double(marks.count)
        for mark in marks {
          if sums[mark.criterion].count == 0 { touched.append(mark.criterion) }
          let isAtEnd = steps.isAtEnd(scores[mark.observation], criterion: mark.criterion)
          sums[mark.criterion].add(mark, sheetMean: mean, isAtEnd: isAtEnd, isOwn: isOwn[s], weight)
        }
      }
      let own = touched.filter { sums[$0].count >= RaterProfiles.minimumSheets }.sorted()
      if own.count >= RaterProfiles.minimumCriteria {
        profiles.append(entries.count..<entries.count + own.count)
        wholes.append(append(own.map { (criterion: $0, sums: sums[$0]) }, rater: r))
      }
      for k in touched { sums[k] = Sums() }
      touched.removeAll(keepingCapacity: true)
    }
    let prior = min(RaterNoise(layout, fit).priorFreedom, LevelPrecision.largestPrior)
    for (range, whole) in zip(profiles, wholes) {
      let noise = (prior + whole.squares) / (prior + whole.freedom)
      for i in range {
        entries[i].levelVariance *= noise
        entries[i].slopeVariance *= noise
      }
    }
    setAside(wholes)
  }

  /// Entries of one rater, with variances as if the rater were as precise as the typical one.
  private mutating func append(_ own: [(criterion: Int, sums: Sums)], rater r: Int) -> Whole {
    var whole = Whole()
    // The mean over the sheet takes off as much.
    let left = 1 - 1 / Double(own.count)
    for (k, sums) in own {
      let noise = squared(fit.cellSD * fit.criterionNoise[k])
      let spread = sums.spread
      let hasSlope =
        sums.count >= RaterProfiles.minimumSheetsOfSlope && spread > noise
        && Double(sums.atEnds) <= RaterProfiles.mostAtEnds * Double(sums.count)
      let product = sums.xe - sums.x * sums.e / sums.w
      let rest = max(0, sums.ee - sums.e * sums.e / sums.w - (hasSlope ? product * product / spread : 0))
      whole.squares += rest / (noise * left)
      whole.freedom += Double(sums.count - (hasSlope ? 2 : 1))
      whole.within += sums.cc - sums.c * sums.c / sums.w
      whole.product += sums.ce - sums.c * sums.e / sums.w
      entries.append(
        Entry(
          rater: r, criterion: k, all: sums.all, own: sums.own, other: sums.other, levelVariance: noise / sums.w,
          slope: hasSlope ? product / spread : .nan, slopeVariance: hasSlope ? noise / spread : .nan,
          others: sums.x / sums.w, unitSD: (spread / sums.w).squareRoot()))
    }
    return whole
  }

  /// Takes out the raters who follow no differences between criteria.
  private mutating func setAside(_ wholes: [Whole]) {
    // The others' noise is in x and, with the other sign, in e: even who sees all they see has a slope below 0.
    let usual = wholes.isEmpty ? 0 : median(wholes.map(\.following))
    // Where the panels hardly see any differences themselves, nobody can be told to follow none.
    guard usual > -0.7 else { return }
    var kept: [Entry] = []
    var ranges: [Range<Int>] = []
    for (range, whole) in zip(profiles, wholes) where 1 + whole.following > RaterProfiles.leastFollowed * (1 + usual) {
      ranges.append(kept.count..<kept.count + range.count)
      kept += entries[range]
    }
    (entries, profiles) = (kept, ranges)
  }
}
