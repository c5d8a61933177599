internal import Foundation
internal import Scores
internal import Statistics
internal import Wording

/// Raters whose marks keep to round figures, or end on a favourite digit.
struct RaterDigitPreference: Rule {
  static let card = RuleCard(
    id: "rater-digit-preference", kind: .habit,
    title: Text("Few of the marks are used: a favourite last digit", zh: "评分尾数集中"),
    question: Text(
      "Does this rater keep to round marks, or to one last digit, far more than the others do, so that far fewer marks are in use?",
      zh: "该考评员的评分是否远比他人更集中于整五整十或某一尾数，致使实际使用的分值大为减少？"),
    statistic: Text(
      "of the rater's marks off the ends of the scale, the share moved to the pattern: found beyond expected, of all marks beside it; expected of the discrete normal distribution with the mean and variance of the rater's own marks. The excess over what raters as a whole do (median) and over one tenth, in standard errors (binomial, times the robust spread of all raters'); Student t, times the number of patterns looked at",
      zh:
        "除去满分和最低分后，被挪到某一尾数上的评分所占比例：（实际数 − 预期数）÷（总数 − 预期数），预期数按均值和方差与该考评员评分相同的离散正态分布计算；考察其超出全体考评员中位数及一成的部分，除以标准误（二项分布，并乘以全体考评员的稳健离散度），按 t 分布计算，再乘以所考察的尾数种类数"
    ),
    null: Text(
      "raters put marks on round figures as the bulk of this campaign's raters do, and up to a tenth of their marks more; a habit that many share is no finding",
      zh: "使用整数分值的习惯与本次考评多数考评员相当，多出部分不超过一成；普遍的习惯不作为疑点"),
    explanations: [
      Text(
        "Many people mark in fives or tens. It moves a unit by less than half that step and favours nobody; what is lost is the difference between units that lie close.",
        zh: "许多人习惯按五分、十分打分，对单位的影响不超过半个间隔，也不偏向任何单位；只是水平相近的单位难以区分。"),
      Text("The form, or the rater's marking guide, offers only these marks.", zh: "评分表或评分细则可能只列出这些分值。"),
    ],
    checks: [
      Text("See whether close places in the ranking rest on this rater's marks.", zh: "核查名次相近的单位是否受该考评员评分影响。"),
      Text(
        "Ask for the marks of the single points behind the total, and for the finer marks to be used.", zh: "请该考评员提供各得分点的评分，并按规定的最小分值评分。"),
    ],
    references: ["Camarda, Eilers and Gampe 2008, Statistical Modelling 8:385", "Preece 1981, The Statistician 30:31"])

  /// Fewer marks off the ends show no habit, and a scale of fewer marks has none.
  static let minimumMarks = 30
  static let minimumLevels = 10
  /// A tenth of the marks put on round figures is everybody's right.
  static let tolerance = 0.1

  func examine(_ study: Study) -> Examination {
    let habits = study.markHabits
    let levels = habits.scales.map(\.marksInUse).max() ?? 0
    guard levels >= RaterDigitPreference.minimumLevels else {
      return .notEvaluated(
        reason: Text(
          "no criterion has \(RaterDigitPreference.minimumLevels) different marks in use with round ones among them, so a habit does not show",
          zh: "没有哪项指标使用了 \(RaterDigitPreference.minimumLevels) 种以上含整数的不同分值，无法看出尾数习惯"))
    }
    let raters = habits.usage.indices.filter { habits.usage[$0].marks >= RaterDigitPreference.minimumMarks && !habits.habits[$0].isEmpty }
    guard raters.count >= 6 else {
      return .notEvaluated(
        reason: Text(
          "only \(raters.count) raters have \(RaterDigitPreference.minimumMarks) marks or more off the ends of the scale; at least 6 are needed",
          zh: "除满分和最低分外有 \(RaterDigitPreference.minimumMarks) 个以上得分的考评员只有 \(raters.count) 名，至少需要 6 名"))
    }
    let field = Field(habits, raters)
    let tail = StudentT(degreesOfFreedom: robustFreedom(raters.count))
    let preferences = raters.map { field.strongest(habits.habits[$0], tail) }
    let typicalError = median(preferences.map(\.error))
    let patterns = Double(field.centre.count)
    return .tests(
      TestFamily(
        statistics: preferences.map(\.z), pValues: preferences.map(\.pValue), effects: preferences.map { $0.habit.share - $0.usual },
        detectable: { p in
          MinimumDetectableEffect(
            value: RaterDigitPreference.tolerance
              + typicalError * (tail.quantile(upperTail: p / patterns) + MinimumDetectableEffect.powerQuantile), unit: "share")
        },
        subjects: { i in Subjects(raters: [study.table.raters[raters[i]].name]) },
        claim: { i in
          let r = raters[i]
          return RaterDigitPreference.claim(
            study, study.table.raters[r].name, preferences[i], habits.usage[r], expectedDifferent: habits.expectedDifferent(r),
            sheets: GroupedIndices(study.layout.sheetRater, groups: study.layout.raterCount).members(of: r).map { $0 })
        }))
  }

  private static func claim(
    _ study: Study, _ name: String, _ preference: Preference, _ usage: (marks: Int, different: Int), expectedDifferent: Double,
    sheets: [Int]
  ) -> Claim {
    let habit = preference.habit
    let chance = habit.expected / habit.marks
    let found = Figures.percent(habit.found / habit.marks)
    // What a rater with the usual habit would give.
    let usual = Figures.percent(chance + preference.usual * (1 - chance))
    let share = habit.share - preference.usual
    let error = 1.96 * preference.error
    let what: Text
    switch preference.pattern {
    case .round(let place):
      let interval = Figures.mark(MarkHabits.intervals[place])
      what = Text("are multiples of \(interval)", zh: "是 \(interval) 的倍数")
    case .digit(let digit, let place):
      let examples = favourites(study, sheets, interval: MarkHabits.intervals[place], digit: digit)
      what = Text("end like \(examples.en)", zh: "的尾数与 \(examples.zh) 相同")
    }
    let expected = Figures.times(expectedDifferent)
    return Claim(
      level: .note, subjects: Subjects(raters: [name]),
      effect: Effect(value: share, low: share - error, high: min(1, share + error), unit: "share"),
      evidence: [
        Evidence("marks", .count(Int(habit.marks))), Evidence("found", .count(Int(habit.found))),
        Evidence("expected", .number(habit.expected)),
        Evidence("usualShare", .number(preference.usual)), Evidence("differentMarks", .count(usage.different)),
        Evidence("expectedDifferentMarks", .number(expectedDifferent)), Evidence("z", .number(preference.z)),
      ],
      message: Text(
        "Of \(Int(habit.marks)) marks that \(name) gave off the ends of the scale, \(found) \(what.en), where \(usual) are expected; \(usage.different) different marks are in use, where \(expected) are expected.",
        zh:
          "除满分和最低分外，\(name)的 \(Int(habit.marks)) 个得分中有 \(found) \(what.zh)，预期为 \(usual)；实际使用的分值有 \(usage.different) 种，预期约 \(expected) 种。"),
      scores: sheets.flatMap { study.rows(ofSheet: $0) })
  }

  /// The rater's commonest marks with the digit, three at most.
  private static func favourites(_ study: Study, _ sheets: [Int], interval: Double, digit: Int) -> Text {
    var counts: [Double: Int] = [:]
    for s in sheets {
      for o in study.layout.sheetStart[s]..<study.layout.sheetStart[s + 1] {
        let step = study.steps.step[Int(study.layout.criterion[o])]
        if step > 0, ScaleSteps.isMultiple(study.scores[o] - Double(digit) * step, of: interval) {
          counts[study.scores[o], default: 0] += 1
        }
      }
    }
    let common = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key).sorted()
    return Names.list(common.map(Figures.mark))
  }
}

/// The habit of a rater that is furthest beyond what raters as a whole do.
private struct Preference: Sendable {
  var pattern: MarkHabits.Pattern
  var habit: MarkHabits.Habit
  /// The share moved by the typical rater.
  var usual: Double
  var error: Double
  var z: Double
  var pValue: Double
}

/// What raters as a whole do, pattern by pattern.
private struct Field: Sendable {
  var centre: [MarkHabits.Pattern: Double] = [:]
  private var spread: [MarkHabits.Pattern: Double] = [:]

  init(_ habits: MarkHabits, _ raters: [Int]) {
    var all: [MarkHabits.Pattern: [MarkHabits.Habit]] = [:]
    for r in raters { for (pattern, habit) in habits.habits[r] { all[pattern, default: []].append(habit) } }
    for (pattern, habits) in all {
      let middle = median(habits.map(\.share))
      centre[pattern] = max(0, middle)
      spread[pattern] = max(1, robustSpread(habits.map { ($0.share - middle) / max($0.error, 1e-6) }))
    }
  }

  func strongest(_ habits: [MarkHabits.Pattern: MarkHabits.Habit], _ tail: StudentT) -> Preference {
    var best: Preference?
    for (pattern, habit) in habits {
      let usual = centre[pattern] ?? 0
      let error = max(habit.error, 1e-6) * (spread[pattern] ?? 1)
      let z = (habit.share - usual - RaterDigitPreference.tolerance) / error
      let one = Preference(pattern: pattern, habit: habit, usual: usual, error: error, z: z, pValue: 1)
      if best.map({ ($0.z, $0.order) < (z, one.order) }) ?? true { best = one }
    }
    var found = best!
    found.pValue = min(1, Double(habits.count) * tail.upperTail(found.z))
    return found
  }
}

extension Preference {
  /// A number that tells patterns apart, so that ties do not depend on the hashing.
  fileprivate var order: Int {
    switch pattern {
    case .round(let place): 1_000_000 + place
    case .digit(let digit, let place): 1000 * place + digit
    }
  }
}
