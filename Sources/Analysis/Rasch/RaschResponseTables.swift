import Models
import Wording

extension RaschAnalysis {
  /// Exact agreement, all together and by level.
  func agreement(of facet: Int) -> AnalysisTable {
    let agreement = fit.agreement(of: facet)
    func row(_ name: AnalysisValue, _ a: RaterAgreement) -> [AnalysisValue] {
      [
        name, .count(a.opportunities), .count(a.exact), .number(a.observedShare), .number(a.expectedShare), .number(a.raschKappa),
      ]
    }
    var rows = [row(.words(Text("all", zh: "全部")), agreement.all)]
    let levels = agreement.levels.indices.filter { agreement.levels[$0].opportunities > 0 }
    for level in levels.sorted(by: { (-agreement.levels[$0].raschKappa, $0) < (-agreement.levels[$1].raschKappa, $1) }) {
      rows.append(row(.name(facets[facet].names[level]), agreement.levels[level]))
    }
    return AnalysisTable(
      id: "agreement", title: Text("Exact agreement", zh: "完全一致"),
      columns: [
        .init(facets[facet].id, facets[facet].label), .init("opportunities", Text("Pairs", zh: "对数")),
        .init("exact", Text("Agree", zh: "一致")), .init("observed", Text("Observed", zh: "观测"), .percent),
        .init("expected", Text("Expected", zh: "期望"), .percent), .init("raschKappa", Text("Rasch-kappa", zh: "Rasch κ"), .fixed(2)),
      ], rows: rows,
      note: Text(
        "Expected: of raters who judge independently. Far above it, raters may have settled their marks together.",
        zh: "期望：各自独立评分时应有的一致率。远高于期望，可能事先商议过评分。"))
  }

  /// Categories and thresholds of every scale.
  var categories: AnalysisTable {
    typealias Column = AnalysisTable.Column
    var columns: [Column] = []
    var names: [String]?
    if case .each(let f) = fit.model.scales {
      columns.append(Column(facets[f].id, facets[f].label))
      names = facets[f].names
    }
    columns += [
      Column("score", Text("Score", zh: "得分")), Column("count", Text("n", zh: "评分数")), Column("share", Text("Share", zh: "占比"), .percent),
      Column("averageMeasure", Text("Mean logit", zh: "平均度量值"), .fixed(2)),
      Column("expectedMeasure", Text("Expected", zh: "期望度量值"), .fixed(2)), Column("outfit", Text("Outfit", zh: "Outfit 均方"), .fixed(2)),
      Column("threshold", Text("Threshold", zh: "阈值"), .fixed(2)), Column("standardError", Text("SE", zh: "标准误"), .fixed(2)),
    ]
    var rows: [[AnalysisValue]] = []
    for g in 0..<fit.model.scaleCount {
      let categories = fit.categories(of: g)
      let total = categories.reduce(0) { $0 + $1.count }
      if total == 0 { continue }
      for category in categories {
        var row: [AnalysisValue] = names.map { [.name($0[g])] } ?? []
        row += [
          .number(Double(category.score) * scores.step), .count(category.count), .number(Double(category.count) / Double(total)),
          .number(category.averageMeasure), .number(category.expectedMeasure),
          category.count > 0 ? .number(category.outfit) : .none, .optional(category.threshold), .optional(category.thresholdError),
        ]
        rows.append(row)
      }
    }
    return AnalysisTable(
      id: "categories", title: Text("Categories", zh: "等级"), columns: columns, rows: rows,
      note: Text(
        "Threshold: where this score and the one below are equally likely. Mean logits should rise with the score.",
        zh: "阈值：该分与低一档分的可能性相等之处。平均度量值应随得分递增。"))
  }

  /// FACETS' Table 4.
  var unexpectedResponses: AnalysisTable {
    let found = fit.unexpectedResponses(threshold: unexpected)
    var columns: [AnalysisTable.Column] = facets.map { .init($0.id, $0.label) }
    columns += [
      .init("score", Text("Score", zh: "得分")), .init("expected", Text("Expected", zh: "期望"), .fixed(2)),
      .init("z", Text("z", zh: "z"), .fixed(2)), .init("line", Text("Line", zh: "行")),
    ]
    let rows = found.map { response in
      var row: [AnalysisValue] = facets.indices.map { f in
        .name(facets[f].names[Int(fit.model.facets[f].codes[response.response])])
      }
      row += [
        .number(Double(response.score) * scores.step), .number(response.expected * scores.step), .number(response.standardisedResidual),
        .count(Int(lines[response.response])),
      ]
      return row
    }
    let threshold = NumberText.shortest(unexpected)
    return AnalysisTable(
      id: "unexpected",
      title: Text("Unexpected scores: \(rows.count) with |z| ≥ \(threshold)", zh: "意外得分：|z| ≥ \(threshold) 的 \(rows.count) 个"),
      columns: columns, rows: rows, shownRows: 20)
  }
}
