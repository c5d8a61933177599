extension SimulatedCampaign {
  /// `campaign.yml`: the rules this campaign is to be screened by.
  public var campaignText: String {
    var lines: [String] = []
    let isCase = plan.naming == .assessment
    if isCase {
      lines += [
        "# The rules of the sample campaign. It was made by a simulator: no county, district, department or person in it exists.",
        "name: Yearly target assessment, sample campaign",
      ]
    } else {
      lines.append("name: Simulated campaign, seed \(seed)")
    }
    lines += ["columns:"]
    lines += [
      "rater: rater", "unit: unit", "criterion: criterion", "score: score", "team: team", "rater_group: rater_group",
      "unit_group: unit_group", "sequence: sequence",
    ].map { "  " + $0 }
    if units.contains(where: { $0.category != nil }) { lines.append("  category: category") }
    lines += scaleLines()
    // Where criteria have full marks of their own, a sheet's result is its total.
    let overCriteria = if case .fullMarks = plan.variant { "sum" } else { "mean" }
    lines += ["result:", "  criteria: \(overCriteria)", "  raters: mean"]
    lines += awardLines(isCase: isCase)
    switch plan.design {
    case .crossed(let panel):
      lines.append("panel_size: \(panel)")
      lines.append("complete_sheets: true")
    case .nested:
      lines.append("panel_size: \(min(plan.teamSize, plan.raters))")
      // Departments score their own indicator only.
      lines.append("complete_sheets: false")
      lines.append("roster:")
      for rater in raters {
        let team = rater.team.map { ", team: \(quoted($0))" } ?? ""
        lines.append("  - { rater: \(quoted(rater.name))\(team), group: \(quoted(rater.group)) }")
      }
    }
    lines.append("error_budget: 0.05")
    return lines.joined(separator: "\n") + "\n"
  }

  private func scaleLines() -> [String] {
    func text(_ scale: MarkScale) -> String {
      "min: \(scale.minimum), max: \(scale.maximum), step: \(scale.perPoint == 1 ? "1" : scale.perPoint == 2 ? "0.5" : "0.1")"
    }
    guard case .fullMarks = plan.variant else { return ["scale: { \(text(criteria[0].scale)) }"] }
    return ["criteria:"]
      + criteria.map { "  \(quoted($0.name)): { \(text($0.scale)), full: \($0.scale.maximum), weight: 1 }" }
  }

  private func awardLines(isCase: Bool) -> [String] {
    guard isCase else {
      // A twentieth of the units, at least one, at either end.
      let places = max(1, plan.units / 20)
      return ["awards:", "  - { name: Exemplary, top: \(places) }", "  - { name: Deduction, bottom: \(places) }"]
    }
    return [
      "awards:",
      "  - { name: Exemplary county or district, top: 3, category: Counties and districts }",
      "  - { name: Exemplary department, top: 5, category: Departments }",
      "  - { name: Deduction for counties and districts, bottom: 2, category: Counties and districts }",
      "  - { name: Deduction for departments, bottom: 3, category: Departments }",
    ]
  }

  /// Quoted always: a name may look like a number, or hold a colon.
  private func quoted(_ name: String) -> String {
    "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
