/// How teams lie across units.
///
/// When every unit is seen by one team only, a severe team and weak units look the same. Raters who score units of several teams (such as
/// departments that score everyone on their indicator) are what links teams, if anything does.
public struct TeamDesign: Sendable, Equatable {
  /// Sorted by their names' bytes; empty when no rater has a team.
  public var teams: [String] = []
  /// The team of each rater, -1 for none.
  public var ofRater: [Int] = []
  /// How many teams each unit was seen by, raters who score across teams set aside.
  public var teamsOfUnit: [Int] = []
  /// The team that sees the unit when it is the only one, otherwise -1; raters who score across teams set aside.
  public var onlyTeamOfUnit: [Int] = []
  /// Raters who score across teams, in ascending order: without a team, or of a team (such as “departments”) that has no unit to itself and meets two
  /// or more other teams, and who score units of at least two teams. When half of the teams or more are of that kind the design is crossed,
  /// and no team is set aside.
  public var crossRaters: [Int] = []
  /// The component of the rater–unit graph that holds the team's raters; -1 when they are spread over several.
  public var componentOfTeam: [Int] = []
  /// Teams that share no unit with another team, raters who score across teams set aside; in ascending order.
  public var nestedTeams: [Int] = []
  /// Nested teams that no chain of shared units links to any other team: their severity cannot be told from the merit of their units.
  public var confoundedTeams: [Int] = []

  init(_ table: ScoreTable, _ sheets: SheetColumns, componentOfRater: [Int]) {
    teams = Set(table.raters.compactMap(\.team)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !teams.isEmpty else { return }
    let number = Dictionary(uniqueKeysWithValues: teams.enumerated().map { ($1, $0) })
    ofRater = table.raters.map { $0.team.flatMap { number[$0] } ?? -1 }
    let crossTeams = TeamDesign.crossTeams(teams.count, ofRater, sheets)
    let isCross = ofRater.map { $0 < 0 || crossTeams.contains($0) }
    lay(table.units.count, sheets, isCross)
    findCrossRaters(sheets, isCross)
    findComponents(componentOfRater)
  }

  /// Teams that are raters across as a whole: each of their units is seen by another team too, and there are two or more such others.
  private static func crossTeams(_ teams: Int, _ ofRater: [Int], _ sheets: SheetColumns) -> Set<Int> {
    var alone = [Bool](repeating: false, count: teams)
    var met = [Set<Int>](repeating: [], count: teams)
    var here: [Int] = []
    for u in 0..<(sheets.unitSheets.count - 1) {
      here.removeAll(keepingCapacity: true)
      for s in sheets.unitSheets[u]..<sheets.unitSheets[u + 1] {
        let team = ofRater[Int(sheets.rater[s])]
        if team >= 0, !here.contains(team) { here.append(team) }
      }
      if here.count == 1 { alone[here[0]] = true }
      // Two others are enough to know; the sets stay small.
      for team in here where met[team].count < 3 {
        for other in here where other != team && met[team].count < 3 { met[team].insert(other) }
      }
    }
    let candidates = (0..<teams).filter { !alone[$0] && met[$0].count >= 2 }
    return 2 * candidates.count < teams ? Set(candidates) : []
  }

  private mutating func lay(_ units: Int, _ sheets: SheetColumns, _ isCross: [Bool]) {
    teamsOfUnit = Array(repeating: 0, count: units)
    onlyTeamOfUnit = Array(repeating: -1, count: units)
    var shares = [Bool](repeating: false, count: teams.count)
    var sees = shares
    var here: [Int] = []
    for u in 0..<units {
      here.removeAll(keepingCapacity: true)
      for s in sheets.unitSheets[u]..<sheets.unitSheets[u + 1] where !isCross[Int(sheets.rater[s])] {
        let team = ofRater[Int(sheets.rater[s])]
        if !here.contains(team) { here.append(team) }
      }
      teamsOfUnit[u] = here.count
      if here.count == 1 { onlyTeamOfUnit[u] = here[0] }
      for team in here {
        sees[team] = true
        if here.count > 1 { shares[team] = true }
      }
    }
    nestedTeams = teams.indices.filter { sees[$0] && !shares[$0] }
  }

  private mutating func findCrossRaters(_ sheets: SheetColumns, _ isCross: [Bool]) {
    var first = [Int](repeating: -1, count: isCross.count)
    var crosses = [Bool](repeating: false, count: isCross.count)
    for s in sheets.unit.indices where isCross[Int(sheets.rater[s])] {
      let rater = Int(sheets.rater[s])
      let team = onlyTeamOfUnit[Int(sheets.unit[s])]
      if team < 0 || crosses[rater] { continue }
      if first[rater] < 0 { first[rater] = team } else if first[rater] != team { crosses[rater] = true }
    }
    crossRaters = crosses.indices.filter { crosses[$0] }
  }

  private mutating func findComponents(_ componentOfRater: [Int]) {
    var component = [Int?](repeating: nil, count: teams.count)
    for (rater, team) in ofRater.enumerated() where team >= 0 {
      if let known = component[team] {
        if known != componentOfRater[rater] { component[team] = -1 }
      } else {
        component[team] = componentOfRater[rater]
      }
    }
    componentOfTeam = component.map { $0 ?? -1 }
    var holds: [Int: Int] = [:]
    for component in componentOfTeam { holds[component, default: 0] += 1 }
    // A team spread over several components is not linked within itself; one that is alone in its component is linked to nobody.
    confoundedTeams = teams.count < 2 ? [] : nestedTeams.filter { componentOfTeam[$0] < 0 || holds[componentOfTeam[$0]] == 1 }
  }
}
