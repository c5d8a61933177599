import Scores
import Testing

private func design(_ lines: [String], columns: String = "rater,unit,criterion,score") throws -> (Design, ScoreTable) {
  let table = try read(columns + "\n" + lines.joined(separator: "\n")).table
  return (Design(table), table)
}

@Suite struct DesignTests {
  @Test func sheetsPanelsAndCells() throws {
    let (design, _) = try design(["a,u,x,1", "a,u,y,2", "b,u,x,3", "b,u,x,4", "a,v,y,5"])
    #expect(design.sheetStart == [0, 2, 4, 5])
    #expect(design.sheetUnit == [0, 0, 1] && design.sheetRater == [0, 1, 0])
    #expect(design.unitSheets == [0, 2, 3] && design.sheetsOfRater == [2, 1])
    #expect(design.panel(0) == [0, 1])
    #expect(design.unitCells == [0, 2, 3] && design.cellCriterion == [0, 1, 1] && design.cellRaters == [2, 1, 1])
    #expect(design.ratersOfCriterion == [2, 1] && design.unitsOfCriterion == [1, 2])
  }

  @Test func componentsAreThoseOfANaiveSearch() throws {
    var random = TestRandom(state: 11)
    for raters in [5, 12, 30] {
      let lines = (0..<20).map { "u\($0 + 10)" }.flatMap { unit in
        (0..<Int.random(in: 1...2, using: &random)).map { _ in "r\(Int.random(in: 0..<raters, using: &random)),\(unit),c,1" }
      }
      let (design, table) = try design(lines)
      // Spread the smallest unit number until nothing changes.
      var label = Array(table.units.indices)
      var changed = true
      while changed {
        changed = false
        for r in table.raters.indices {
          let mine = table.units.indices.filter { design.panel($0).contains(r) }
          let least = mine.map { label[$0] }.min() ?? 0
          for u in mine where label[u] != least {
            label[u] = least
            changed = true
          }
        }
      }
      let firsts = Array(Set(label)).sorted()
      #expect(design.componentOfUnit == label.map { firsts.firstIndex(of: $0) ?? -1 })
      #expect(design.components.count == firsts.count)
      #expect(design.components.reduce(0) { $0 + $1.units } == table.units.count)
      #expect(design.components.reduce(0) { $0 + $1.sheets } == design.sheetCount)
    }
  }

  @Test func gapsCountOnlyForRatersWhoScoreTheCriterion() throws {
    // a leaves out y on u; d scores only z, its own indicator, and leaves no gap; b repeats x instead of y.
    let (design, _) = try design([
      "a,u,x,1", "b,u,x,1", "b,u,y,1", "d,u,z,1", "a,v,x,1", "a,v,y,1", "b,v,x,1", "b,v,x,1", "d,v,z,1",
    ])
    #expect(
      design.incompleteSheets == [
        .init(sheet: 0, missingCriteria: [1]), .init(sheet: 4, missingCriteria: [1]),
      ])
  }

  @Test func teamsNestedInUnits() throws {
    let nested = ["a,u1,T1,1", "b,u1,T1,1", "a,u2,T1,1", "c,u3,T2,1", "d,u3,T2,1", "c,u4,T2,1"]
    let columns = "rater,unit,team,score"
    let (alone, _) = try design(nested, columns: columns)
    #expect(alone.teams.teams == ["T1", "T2"])
    #expect(alone.teams.nestedTeams == [0, 1] && alone.teams.confoundedTeams == [0, 1] && alone.teams.crossRaters == [])
    #expect(alone.teams.onlyTeamOfUnit == [0, 0, 1, 1])
    // A department without a team scores everyone: it links them.
    let (linked, table) = try design(nested + ["dep,u1,,1", "dep,u3,,1"], columns: columns)
    #expect(linked.isConnected && linked.teams.nestedTeams == [0, 1] && linked.teams.confoundedTeams == [])
    #expect(linked.teams.crossRaters.map { table.raters[$0].name } == ["dep"])
    // So does a team of departments, when the others are many.
    let more = nested + ["e,u5,T3,1", "dep,u1,D,1", "dep,u2,D,1", "dep,u3,D,1", "dep,u5,D,1"]
    let (departments, _) = try design(more, columns: columns)
    #expect(departments.teams.teams == ["D", "T1", "T2", "T3"])
    #expect(departments.teams.nestedTeams == [1, 2, 3] && departments.teams.confoundedTeams == [])
    // Teams that mix are not nested.
    let (mixed, _) = try design(nested + ["c,u1,T2,1"], columns: columns)
    #expect(mixed.teams.nestedTeams == [] && mixed.teams.teamsOfUnit == [2, 1, 1, 1])
  }

  @Test func weakLinksAreTheSheetsWhoseLossDisconnects() throws {
    // Two blocks of three raters by three units, held together by c1 on v1.
    var lines: [String] = []
    for (raters, units) in [("abc", "u"), ("def", "v")] {
      for rater in raters { for k in 1...3 { lines.append("\(rater),\(units)\(k),s,1") } }
    }
    let (design, table) = try design(lines + ["c,v1,s,1", "x,u1,s,1"])
    let links = design.weakLinks()
    #expect(links.count == 1)
    let sheet = links[0].sheet
    #expect(table.raters[Int(design.sheetRater[sheet])].name == "c" && table.units[Int(design.sheetUnit[sheet])].name == "v1")
    #expect(links[0].raters == 3 && links[0].units == 3)
  }
}

@Suite struct CrossScoreTests {
  @Test func joinTheComponents() throws {
    let (design, table) = try design(["a,u1,s,1", "b,u1,s,1", "c,u1,s,1", "a,u2,s,1", "d,v1,s,1", "d,v2,s,1", "e,v2,s,1"])
    #expect(!design.isConnected)
    let best = design.suggestedCrossScores()
    #expect(best.count == 1)
    #expect(table.raters[best[0].rater].name == "b" && table.units[best[0].unit].name == "v2")
    #expect(best[0].gain == .joins(raters: 2))
  }

  @Test func lowerTheVarianceAsMuchAsAnExhaustiveSearchFinds() throws {
    // A chain of raters: a-b-c-d-e, each pair sharing one unit.
    let lines = ["a,u1,s,1", "b,u1,s,1", "b,u2,s,1", "c,u2,s,1", "c,u3,s,1", "d,u3,s,1", "d,u4,s,1", "e,u4,s,1"]
    let (design, table) = try design(lines)
    let best = try #require(design.suggestedCrossScores(limit: 1).first)
    let before = meanVariance(design, table)
    var least = Double.infinity
    for rater in table.raters.indices {
      for unit in table.units.indices where !design.panel(unit).contains(rater) {
        let (more, _) = try self.design(lines + ["\(table.raters[rater].name),\(table.units[unit].name),s,1"])
        least = min(least, meanVariance(more, table))
      }
    }
    guard case .lowersVariance(let share) = best.gain else {
      Issue.record("\(best)")
      return
    }
    #expect(abs(before * (1 - share) - least) < 1e-9 * before)
    let (chosen, _) = try self.design(lines + ["\(table.raters[best.rater].name),\(table.units[best.unit].name),s,1"])
    #expect(abs(meanVariance(chosen, table) - least) < 1e-9 * before)
  }

  private func design(_ lines: [String]) throws -> (Design, ScoreTable) {
    let table = try read("rater,unit,criterion,score\n" + lines.joined(separator: "\n")).table
    return (Design(table), table)
  }

  /// The mean over pairs of the variance of a difference of severities, from the normal equations of the two-way layout: rater 0 is fixed at
  /// zero, the system is solved by elimination for each pair. Nothing is shared with the code under test.
  private func meanVariance(_ design: Design, _ table: ScoreTable) -> Double {
    let raters = table.raters.count
    let units = table.units.count
    let n = raters - 1 + units
    var normal = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for s in 0..<design.sheetCount {
      var x = [Double](repeating: 0, count: n)
      x[raters - 1 + Int(design.sheetUnit[s])] = 1
      if design.sheetRater[s] > 0 { x[Int(design.sheetRater[s]) - 1] = 1 }
      for i in 0..<n { for j in 0..<n { normal[i][j] += x[i] * x[j] } }
    }
    var total = 0.0
    for a in 0..<raters {
      for b in (a + 1)..<max(raters, a + 1) {
        var contrast = [Double](repeating: 0, count: n)
        if a > 0 { contrast[a - 1] = 1 }
        contrast[b - 1] = -1
        total += zip(solve(normal, contrast), contrast).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    return total / Double(raters * (raters - 1) / 2)
  }

  private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var a = matrix
    var x = right
    for k in a.indices {
      for i in a.indices where i != k {
        let factor = a[i][k] / a[k][k]
        for j in a.indices { a[i][j] -= factor * a[k][j] }
        x[i] -= factor * x[k]
      }
    }
    return a.indices.map { x[$0] / a[$0][$0] }
  }
}
