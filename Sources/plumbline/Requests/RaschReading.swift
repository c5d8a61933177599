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
  var input: Input
  let language: Language

  static func read(_ request: RaschRequest, _ reading: AnalysisRequest, _ console: Console) throws -> RaschReading {
    let language = reading.display.language
    var named: [(id: String, role: ColumnRole?, header: String)] = []
    var scoreColumn = ""
    var options = reading
    options.reading.columns = request.columns
    let (table, input) = try AnalysisReading.columns(of: request.path, options, console) { header in
      named = try Self.facets(request, header, language)
      guard let score = header.header(of: .score) else {
        throw Self.usage("which column holds the score? Name it with --score COLUMN.", zh: "得分在哪一列？请用 --score 列名 指明。", language)
      }
      scoreColumn = score
      return named.map { ColumnChoice($0.header, .factor) } + [ColumnChoice(score, .numbers)]
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
      dropped: dropped, input: input, language: language)
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
