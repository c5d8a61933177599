internal import Scores
internal import Wording

/// Raters, units or criteria whose names differ only in how they are written: one may stand for two, and is then judged and ranked twice.
struct SimilarNames: Rule {
  static let card = RuleCard(
    id: "similar-names", kind: .fact,
    title: Text("Names that differ only in spelling", zh: "名称写法相近"),
    question: Text(
      "Are there raters, units or criteria whose names are the same but for capitals, full-width letters, spaces or zeros in front of a number?",
      zh: "是否有考评员、单位或指标的名称仅在大小写、全半角、空格或编号前的零上有差别？"),
    statistic: Text(
      "names that are equal without capitals, full-width forms, spaces and leading zeros of numbers", zh: "忽略大小写、全半角、空格和数字前导零后完全相同的名称"),
    null: Text("no error rate applies, this is a fact about the data", zh: "这是数据的事实，不涉及误报率"),
    explanations: [Text("They are two different ones with like names.", zh: "确系名称相近的不同对象。")],
    checks: [
      Text(
        "Compare with the roster or the list of units; if they are one, write the name alike in the file and screen again.",
        zh: "与名册或单位清单核对；如为同一对象，请在数据中统一写法后重新筛查。")
    ])

  func examine(_ study: Study) -> Examination {
    let table = study.table
    let layout = study.layout
    let raters = table.raters.map(\.name)
    let units = table.units.map(\.name)
    /// The sheets of each name.
    func sheets(_ names: [String], of own: [Int32], named all: [String]) -> [[Int]] {
      names.map { name in
        let codes = Set(all.indices.filter { all[$0] == name }.map(Int32.init))
        return own.indices.filter { codes.contains(own[$0]) }
      }
    }
    var claims: [Claim] = []
    for names in SimilarNames.alike(raters) {
      let sheets = sheets(names, of: layout.sheetRater, named: raters)
      let seen = sheets.map { Set($0.map { layout.sheetUnit[$0] }) }
      let shared = seen.dropFirst().reduce(seen[0]) { $0.intersection($1) }.sorted().map { table.units[Int($0)] }
      let both = Names.units(shared)
      claims.append(
        SimilarNames.claim(
          study, names, sheets, Subjects(raters: Array(names.prefix(Names.subjectLimit))), Text("rater", zh: "考评员"),
          shared.isEmpty
            ? Text("", zh: "")
            : Text("; but \(both.en) \(shared.count == 1 ? "has" : "have") scores by each of them", zh: "；但\(both.zh)同时有各写法的评分")))
    }
    for names in SimilarNames.alike(units) {
      claims.append(
        SimilarNames.claim(
          study, names, sheets(names, of: layout.sheetUnit, named: units), Subjects(units: Array(names.prefix(Names.subjectLimit))),
          Text("unit", zh: "单位"),
          Text("; each is ranked by its own sheets", zh: "；目前按各自的评分表分别排名")))
    }
    for names in SimilarNames.alike(table.criteria) {
      claims.append(
        SimilarNames.claim(
          study, names, [], Subjects(criteria: Array(names.prefix(Names.subjectLimit))), Text("criterion", zh: "指标"), Text("", zh: "")))
    }
    return .facts(Array(claims.prefix(Names.findingLimit)), tested: Set(raters).count + Set(units).count + table.criteria.count)
  }

  /// Groups of different names that are written alike, in order.
  static func alike(_ names: [String]) -> [[String]] {
    Dictionary(grouping: Set(names), by: key).values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// A folded name without the zeros in front of its numbers; those behind a decimal point count.
  private static func key(_ name: String) -> [UInt8] {
    var key: [UInt8] = []
    var isInNumber = false
    let folded = Array(Names.folded(name).utf8)
    func isDigit(_ i: Int) -> Bool { i < folded.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(folded[i]) }
    for i in folded.indices {
      if folded[i] == UInt8(ascii: "0"), !isInNumber, isDigit(i + 1) { continue }
      isInNumber = isDigit(i) || (isInNumber && folded[i] == UInt8(ascii: "."))
      key.append(folded[i])
    }
    return key
  }

  private static func claim(
    _ study: Study, _ names: [String], _ sheets: [[Int]], _ subjects: Subjects, _ kind: Text, _ more: Text
  ) -> Claim {
    let list = Names.list(names.enumerated().map { i, name in sheets.isEmpty ? name : "\(name) (\(sheets[i].count))" })
    let what = sheets.isEmpty ? Text("", zh: "") : Text(" (sheets)", zh: "（评分表张数）")
    return Claim(
      level: .warning, subjects: subjects, effect: Effect(value: Double(names.count), unit: "names"),
      evidence: [Evidence("names", .texts(names))],
      message: Text(
        "\(list.en)\(what.en) differ only in how they are written and may be one \(kind.en); nothing was merged\(more.en).",
        zh: "\(list.zh)\(what.zh)仅写法不同，可能是同一\(kind.zh)；系统未作合并\(more.zh)。"),
      scores: study.firstRows(ofSheets: sheets.joined()))
  }
}
