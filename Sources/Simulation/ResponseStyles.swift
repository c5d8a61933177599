import Statistics

/// Anomalies that are made on the written scores: sheets at random, straight lines, round marks, copies, wrongly typed scores.
struct ResponseStyles {
  let plan: CampaignPlan
  let sheets: Sheets
  let people: People
  let scales: [MarkScale]
  var random: RandomStream
  var facts: [PlantedFact] = []

  init(plan: CampaignPlan, sheets: Sheets, people: People, seed: UInt64) {
    self.plan = plan
    self.sheets = sheets
    self.people = people
    scales = plan.scales
    random = Stream.styles.open(seed)
  }

  mutating func apply(to scores: inout [Double], favoured: Set<Int>) throws(PlanProblem) {
    let honest = scores
    let touched = sheetsToTouch()
    for s in touched[.random, default: []] { scramble(s, in: &scores, from: honest) }
    for s in touched[.straightline, default: []] { flatten(s, in: &scores) }
    for s in touched[.heaped, default: []] { round(s, in: &scores) }
    for anomaly in [Anomaly.random, .straightline, .heaped] {
      facts += people.chosen[anomaly, default: []].map { PlantedFact(anomaly: anomaly, rater: $0, magnitude: 0) }
    }
    repeatSheets(touched[.repeatedSheet, default: []], in: &scores)
    copy(in: &scores)
    try mistype(in: &scores, favoured: favoured)
  }

  /// All sheets of the chosen raters, or below strength 1 a random share of them.
  private mutating func sheetsToTouch() -> [Anomaly: [Int]] {
    var touched: [Anomaly: [Int]] = [:]
    for s in 0..<sheets.count {
      guard let label = people.label[Int(sheets.rater[s])], let anomaly = Anomaly(rawValue: label) else { continue }
      guard anomaly == .random || anomaly == .straightline || anomaly == .heaped || anomaly == .repeatedSheet else { continue }
      if plan.strength >= 1 || random.bernoulli(plan.strength) { touched[anomaly, default: []].append(s) }
    }
    return touched
  }

  /// Every score becomes that of the same criterion on some other sheet.
  private mutating func scramble(_ s: Int, in scores: inout [Double], from honest: [Double]) {
    for cell in sheets.start[s]..<sheets.start[s + 1] {
      let offset = cell - sheets.start[s]
      var other = s
      // Departments' sheets hold other criteria; field sheets are far more, so few draws are thrown away.
      repeat { other = random.below(sheets.count) } while sheets.firstCriterion[other] != sheets.firstCriterion[s]
      scores[cell] = honest[sheets.start[other] + offset]
    }
  }

  private func flatten(_ s: Int, in scores: inout [Double]) {
    let cells = sheets.start[s]..<sheets.start[s + 1]
    let first = Int(sheets.firstCriterion[s])
    var share = 0.0
    for cell in cells { share += scores[cell] / Double(scales[first + cell - cells.lowerBound].maximum) }
    share /= Double(cells.count)
    for cell in cells {
      let scale = scales[first + cell - cells.lowerBound]
      scores[cell] = scale.snap(share * Double(scale.maximum), ceiling: plan.noise.ceiling)
    }
  }

  private func round(_ s: Int, in scores: inout [Double]) {
    let first = Int(sheets.firstCriterion[s])
    for cell in sheets.start[s]..<sheets.start[s + 1] {
      let scale = scales[first + cell - sheets.start[s]]
      let heap = plan.isOrdinal ? 3 : scale.heap  // ordinal: the ends and the middle
      let low = Double(scale.minimum)
      scores[cell] = scale.snap(low + ((scores[cell] - low) / heap).rounded() * heap, ceiling: plan.noise.ceiling)
    }
  }

  /// Every touched sheet becomes the rater's first.
  private mutating func repeatSheets(_ touched: [Int], in scores: inout [Double]) {
    var first: [UInt32: Int] = [:]
    for s in 0..<sheets.count where first[sheets.rater[s]] == nil { first[sheets.rater[s]] = s }
    var replaced: [UInt32: Int] = [:]
    for s in touched {
      guard let source = first[sheets.rater[s]], source != s, sheets.firstCriterion[source] == sheets.firstCriterion[s] else { continue }
      for offset in 0..<sheets.start[s + 1] - sheets.start[s] { scores[sheets.start[s] + offset] = scores[sheets.start[source] + offset] }
      replaced[sheets.rater[s], default: 0] += 1
    }
    facts += people.chosen[.repeatedSheet, default: []].map {
      PlantedFact(anomaly: .repeatedSheet, rater: $0, magnitude: Double(replaced[UInt32($0), default: 0]))
    }
  }

  private mutating func copy(in scores: inout [Double]) {
    guard !people.copies.isEmpty else { return }
    var sheetOf: [UInt32: [UInt32: Int]] = [:]
    for copy in people.copies {
      sheetOf[UInt32(copy.copier)] = [:]
      sheetOf[UInt32(copy.source)] = [:]
    }
    for s in 0..<sheets.count where sheetOf[sheets.rater[s]] != nil { sheetOf[sheets.rater[s]]?[sheets.unit[s]] = s }
    for copy in people.copies {
      var copied = 0
      for unit in copy.units {
        guard let target = sheetOf[UInt32(copy.copier)]?[UInt32(unit)], let source = sheetOf[UInt32(copy.source)]?[UInt32(unit)] else {
          continue
        }
        if plan.strength < 1 && !random.bernoulli(plan.strength) { continue }
        copied += 1
        for cell in sheets.start[target]..<sheets.start[target + 1] {
          let offset = cell - sheets.start[target]
          let scale = scales[Int(sheets.firstCriterion[target]) + offset]
          var score = scores[sheets.start[source] + offset]
          if copy.anomaly == .shiftedCopier {
            score = scale.snap(score + (plan.isOrdinal ? 1 : 4) * scale.step, ceiling: plan.noise.ceiling)
          }
          // One score in seven or so is moved by a step, so that the copy is not an exact one.
          if random.bernoulli(0.15) {
            score = scale.snap(score + (random.bernoulli(0.5) ? scale.step : -scale.step), ceiling: plan.noise.ceiling)
          }
          scores[cell] = score
        }
      }
      facts.append(
        PlantedFact(anomaly: copy.anomaly, rater: copy.copier, partner: String(copy.source), magnitude: Double(copied)))
    }
  }

  /// A lost digit: a tenth of the score, or the far end of the scale where a tenth would hardly differ.
  private mutating func mistype(in scores: inout [Double], favoured: Set<Int>) throws(PlanProblem) {
    guard let plant = plan.planted.first(where: { $0.anomaly == .dataEntry }) else { return }
    var candidates = PlantedShifts.cleanSheets(plan: plan, people: people, sheets: sheets).filter { !favoured.contains($0) }
    let count = plant.count(of: sheets.scores)
    if count > candidates.count { throw .tooFewToPlant(.dataEntry, asked: count, found: candidates.count) }
    random.shuffle(&candidates)
    for s in candidates.prefix(count) {
      let cell = sheets.start[s] + random.below(sheets.start[s + 1] - sheets.start[s])
      let c = Int(sheets.firstCriterion[s]) + cell - sheets.start[s]
      let scale = scales[c]
      let old = scores[cell]
      let middle = Double(scale.minimum + scale.maximum) / 2
      if plan.isOrdinal {
        scores[cell] = Double(old > middle ? scale.minimum : scale.maximum)
      } else {
        scores[cell] = old > middle / 2 ? scale.snap(old / 10) : scale.snap(old * 10, ceiling: plan.noise.ceiling)
      }
      facts.append(
        PlantedFact(
          anomaly: .dataEntry, rater: Int(sheets.rater[s]), partner: String(c), unit: Int(sheets.unit[s]), magnitude: scores[cell] - old))
    }
  }
}
