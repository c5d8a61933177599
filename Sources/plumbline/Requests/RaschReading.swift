import Analysis
import Models
import Scores
import Wording

/// The scores of a Rasch model as read: facets by name, and everything that refers to them resolved.
struct RaschReading {
  var facets: [RaschFacet]
  var factors: [GroupingFactor]
  var scores: RaschScores
  var lines: [UInt32]
  var dropped: Int
  var droppedLines: [UInt32]
  var input: Input
  let language: Language

  static func read(_ request: RaschRequest, _ reading: AnalysisRequest, _ console: Console) throws -> RaschReading {
    let language = reading.display.language
    var named: [(id: String, role: ColumnRole?, header: String)] = []
    var scoreColumn = ""
    var options = reading
    options.reading = request.reading
    if request.isWide { return try wide(request, options, console) }
    let table: ColumnTable
    let input: Input
    do {
      (table, input) = try AnalysisReading.columns(of: request.path, options, console) { header in
        // A table without scores in a column of their own may have them side by side; standard input cannot be read a second time.
        if header.header(of: .score) == nil, request.path != "-", request.reading.layout == nil, request.facets == nil {
          throw PerhapsWide()
        }
        named = try Self.facets(request, header, language)
        guard let score = header.header(of: .score) else {
          throw Self.usage(
            "which column holds the score? Name it with --score COLUMN, or say --layout wide-raters or wide-criteria.",
            zh: "得分在哪一列？请用 --score 列名 指明；宽表请用 --layout wide-raters 或 wide-criteria。", language)
        }
        scoreColumn = score
        return named.map { ColumnChoice($0.header, .factor) } + [ColumnChoice(score, .numbers)]
      }
    } catch is PerhapsWide {
      return try wide(request, options, console)
    }
    let (complete, dropped) = table.complete()
    var facets: [RaschFacet] = []
    var factors: [GroupingFactor] = []
    for (place, facet) in named.enumerated() {
      guard case .factor(let factor) = complete.columns[place].values else { preconditionFailure("a facet is read as names") }
      facets.append(RaschFacet(id: facet.id, role: facet.role, names: factor.names))
      factors.append(GroupingFactor(facet.id, codes: factor.codes, levels: factor.names.count))
    }
    guard case .numbers(let numbers) = complete.columns[named.count].values, scoreColumn != "" else {
      preconditionFailure("scores are read as numbers")
    }
    return RaschReading(
      facets: facets, factors: factors, scores: try scores(numbers, complete.line, request, language), lines: complete.line,
      dropped: dropped, droppedLines: table.incompleteLines, input: input, language: language)
  }

  private struct PerhapsWide: Error {}

  /// A table with a column a rater or a criterion. A unit that is scored in several rounds is one.
  private static func wide(_ request: RaschRequest, _ reading: AnalysisRequest, _ console: Console) throws -> RaschReading {
    let (found, input) = try AnalysisReading.scores(of: request.path, reading, console)
    let table = found.table
    let hasCriterion = found.layout == .wideCriteria || found.columns.contains { $0.role == .criterion }
    var unitNames: [String] = []
    var numbers: [Int32] = []
    for (u, unit) in table.units.enumerated() {
      // Sorted by name and then round.
      if unit.name != unitNames.last { unitNames.append(unit.name) }
      numbers += [Int32](repeating: Int32(unitNames.count - 1), count: table.unitStart[u + 1] - table.unitStart[u])
    }
    var facets: [RaschFacet] = []
    var factors: [GroupingFactor] = []
    for name in request.facets ?? ["rater", "unit"] + (hasCriterion ? ["criterion"] : []) {
      let (role, names, codes): (ColumnRole, [String], [Int32]) =
        switch name {
        case "rater": (.rater, table.raters.map(\.name), table.rater.map(Int32.init))
        case "unit": (.unit, unitNames, numbers)
        default: (.criterion, table.criteria, table.criterion.map(Int32.init))
        }
      facets.append(RaschFacet(id: name, role: role, names: names))
      factors.append(GroupingFactor(name, codes: codes, levels: names.count))
    }
    guard facets.contains(where: { $0.role == .unit }) else {
      throw usage("the facets need the unit that is scored.", zh: "各侧面中须有被考评单位（unit）。", reading.display.language)
    }
    return RaschReading(
      facets: facets, factors: factors, scores: try scores(table.score, table.line, request, reading.display.language), lines: table.line,
      dropped: found.missingCount, droppedLines: found.missing.map { UInt32($0.line) }, input: input, language: reading.display.language)
  }

  private static func scores(
    _ numbers: [Double], _ lines: [UInt32], _ request: RaschRequest, _ language: Language
  ) throws -> RaschScores {
    do {
      return try RaschScores(numbers, lines: lines, roundedTo: request.roundTo)
    } catch {
      throw InputError(lines: ["\(request.path): \(error.message(language))"])
    }
  }

  /// The place of a facet that was typed as a role or a header.
  func place(_ name: String, option: String) throws -> Int {
    if let place = facets.firstIndex(where: { $0.id == name }) { return place }
    let known = facets.map(\.id)
    throw Self.usage(
      "\(option) \(name): the facets are \(known.joined(separator: ", ")).",
      zh: "\(option) \(name)：现有的侧面是 \(known.joined(separator: "、"))。",
      language)
  }

  private static func facets(
    _ request: RaschRequest, _ header: TableHeader, _ language: Language
  ) throws -> [(id: String, role: ColumnRole?, header: String)] {
    let wanted = request.facets ?? ["rater", "unit"] + (header.header(of: .criterion) == nil ? [] : ["criterion"])
    let facets = try wanted.map { name -> (id: String, role: ColumnRole?, header: String) in
      if let role = ColumnRole(written: name), role != .score, let column = header.header(of: role) { return (role.rawValue, role, column) }
      if let place = header.index(of: name) { return (header.headers[place], nil, header.headers[place]) }
      throw usage(
        "no column is the facet \(name). The columns are \(header.headers.joined(separator: ", ")); name it with --rater, --unit, --criterion or --facets.",
        zh: "没有哪一列是侧面 \(name)。现有的列：\(header.headers.joined(separator: "、"))；请用 --rater、--unit、--criterion 或 --facets 指明。", language)
    }
    guard facets.contains(where: { $0.role == .unit }) else {
      throw usage("the facets need the unit that is scored.", zh: "各侧面中须有被考评单位（unit）。", language)
    }
    if Set(facets.map(\.header)).count < facets.count {
      throw usage("two facets are the same column.", zh: "有两个侧面是同一列。", language)
    }
    return facets
  }

  static func usage(_ en: String, zh: String, _ language: Language) -> UsageError {
    UsageError(problems: [Text("plumbline: \(en)", zh: "plumbline：\(zh)")], language: language)
  }
}
