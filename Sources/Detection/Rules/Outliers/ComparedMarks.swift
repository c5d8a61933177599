internal import Wording

/// A rater's marks on one criterion beside those of the other raters of the same units: what a finding about them rests on.
struct ComparedMarks {
  struct Mark {
    var sheet: Int
    var observation: Int
    var others: Double
    var residual: Double
  }

  private(set) var all: [Mark] = []
  private let study: Study

  /// - Parameter included: which of the rater's sheets.
  init(_ study: Study, _ profiles: RaterProfiles, rater: Int, criterion: Int, included: (_ sheet: Int) -> Bool = { _ in true }) {
    self.study = study
    var comparisons: [RaterProfiles.Comparison] = []
    for s in profiles.sheets(of: rater) where study.layout.comparable[s] > 1 && included(s) {
      profiles.compare(sheet: s, into: &comparisons)
      guard let mark = comparisons.first(where: { $0.criterion == criterion }) else { continue }
      all.append(Mark(sheet: s, observation: mark.observation, others: mark.others, residual: mark.residual))
    }
  }

  /// Up to three units whose marks lie farthest off in the direction of the finding.
  func units(withWidest distortions: [Double]) -> [String] {
    let gaps = all.indices.map { distortions[$0] < 0 ? -all[$0].residual : all[$0].residual }
    let order = all.indices.sorted { (-gaps[$0], $0) < (-gaps[$1], $1) }
    return Names.subjects(order.map { study.unit(ofSheet: all[$0].sheet) }.prefix(3))
  }

  /// What is to be said where most of the marks were held against one other rater's only.
  func againstOne() -> [Text] {
    let layout = study.layout
    let lone = all.count { layout.cellPanel[Int(layout.cell[$0.observation])] == 2 }
    guard 2 * lone > all.count else { return [] }
    return [
      Text(
        "On \(lone) of these sheets only one other rater scored the criterion: the difference may be that rater's.",
        zh: "其中 \(lone) 张评分表的这项指标只另有一名考评员评分，差异也可能来自对方。")
    ]
  }
}
