internal import Scores

extension CampaignSize {
  init(_ study: Study, missing: Int) {
    let table = study.table
    self.init(
      scores: table.count, raters: table.raters.count, units: Set(table.units.map(\.name)).count, criteria: table.criteria.count,
      teams: study.teams.count, sheets: study.layout.sheetCount, missing: missing)
  }
}
