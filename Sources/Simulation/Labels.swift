/// The names of a campaign: raters, units, criteria, teams and groups, by index. Departments follow the other raters, their
/// indicators the other criteria.
struct Labels: Sendable {
  var raters: [String]
  var units: [String]
  /// The class within which a unit is ranked.
  var categories: [String?]
  var criteria: [String]
  var teams: [String]
  var groups: [String]
  /// The departments' own affiliations, one a department.
  var departmentGroups: [String]

  init(_ plan: CampaignPlan) {
    switch plan.naming {
    case .numbered: self.init(numbered: plan)
    case .assessment: self.init(assessment: plan)
    }
  }

  private init(numbered plan: CampaignPlan) {
    raters = numbered("R", plan.raters) + numbered("Department ", plan.departments)
    units = numbered("Unit ", plan.units)
    categories = [String?](repeating: nil, count: plan.units)
    criteria = numbered("Criterion ", plan.criteria) + numbered("Indicator ", plan.departments)
    teams = numbered("T", plan.teams)
    groups = numbered("Group ", plan.groups)
    departmentGroups = numbered("Department ", plan.departments)
  }

  private init(assessment plan: CampaignPlan) {
    let departments = ["Finance", "Statistics", "Audit", "Environment", "Safety"]
    let fields = [
      ("Economy", ["investment", "industry", "revenue"]), ("Livelihood", ["schools", "health care", "employment"]),
      ("Environment", ["water", "air", "waste"]), ("Governance", ["services", "disputes", "emergencies"]),
      ("Conduct", ["openness", "discipline", "thrift"]),
    ]
    let listed = fields.flatMap { field in field.1.map { "\(field.0): \($0)" } }
    raters = numbered("A", plan.raters)
    raters += (0..<plan.departments).map { $0 < departments.count ? "\(departments[$0]) Bureau" : "Bureau in charge \($0 + 1)" }
    // A quarter counties, a sixth districts, as in the case; the rest are departments.
    let counties = plan.units / 4
    let districts = plan.units / 6
    units = lettered("County ", counties) + lettered("District ", districts) + numbered("Department ", plan.units - counties - districts)
    categories = (0..<plan.units).map { $0 < counties + districts ? "Counties and districts" : "Departments" }
    criteria = (0..<plan.criteria).map { $0 < listed.count ? listed[$0] : "Further target \($0 + 1)" }
    criteria += (0..<plan.departments).map { $0 < departments.count ? "Record: \(departments[$0].lowercased())" : "Record \($0 + 1)" }
    teams = numbered("Team ", plan.teams)
    groups = numbered("Bureau ", plan.groups)
    departmentGroups = Array(raters[plan.raters...])
  }
}

/// `prefix` with 1 … `count`, padded with zeros so that names sort as numbers do.
private func numbered(_ prefix: String, _ count: Int) -> [String] {
  let width = String(count).count
  return (0..<count).map { i in
    let digits = String(i + 1)
    return prefix + String(repeating: "0", count: width - digits.count) + digits
  }
}

/// `prefix` with A … Z, then AA, AB, ….
private func lettered(_ prefix: String, _ count: Int) -> [String] {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ").map(String.init)
  return (0..<count).map { i in prefix + (i < 26 ? letters[i] : letters[(i / 26 - 1) % 26] + letters[i % 26]) }
}
