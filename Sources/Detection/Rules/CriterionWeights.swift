/// What a point on a criterion is worth in the result of a sheet.
struct CriterionWeights: Sendable {
  private let study: Study
  private let weights: [Double]

  init(_ study: Study) {
    self.study = study
    weights = study.table.criteria.map { study.campaign.criteria[$0]?.weight ?? 1 }
  }

  func share(of criterion: Int, inSheet s: Int) -> Double {
    switch study.campaign.result.overCriteria {
    case .sum: return weights[criterion]
    case .mean:
      let sheet = study.layout.sheetStart[s]..<study.layout.sheetStart[s + 1]
      return weights[criterion] / sheet.reduce(0) { $0 + weights[Int(study.layout.criterion[$1])] }
    }
  }
}
