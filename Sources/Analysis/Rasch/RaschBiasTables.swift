import Models
import Wording

extension RaschAnalysis {
  /// FACETS' Tables 13 and 14 for one pair of facets: the terms, and their differences between levels of the first that met the same level of the second.
  func biasParts(_ first: Int, _ second: Int) -> [AnalysisReport.Part] {
    let table = fit.biasTerms(between: first, and: second)
    let contrasts = fit.contrasts(of: table)
    let (a, b) = (facets[first], facets[second])
    let pair = Text("\(a.label.en) × \(b.label.en)", zh: "\(a.label.zh) × \(b.label.zh)")
    let flagged = table.terms.count { $0.qValue <= 0.05 }
    let facts = AnalysisFacts(
      id: "bias-\(a.id)-\(b.id)-summary", title: Text("Interaction: \(pair.en)", zh: "交互作用：\(pair.zh)"),
      facts: [
        .init("terms", Text("Terms", zh: "项数"), .count(table.terms.count)),
        .init("flagged", Text("With q ≤ 0.05", zh: "q ≤ 0.05 的项数"), .count(flagged)),
        .init("chiSquare", Text("Chi-square, all zero", zh: "全部为零的卡方"), .number(table.fixed.value), .fixed(1)),
        .init("degrees", Text("df", zh: "自由度"), .count(table.fixed.degreesOfFreedom)),
        .init("p", Text("p", zh: "p"), .number(table.fixed.pValue), .probability),
      ])
    return [.facts(facts), .table(terms(table, a, b, pair)), .table(self.contrasts(contrasts, a, b, pair))]
  }

  private func terms(_ table: BiasTable, _ a: RaschFacet, _ b: RaschFacet, _ pair: Text) -> AnalysisTable {
    let rows = table.terms.indices.sorted { (-abs(table.terms[$0].t), $0) < (-abs(table.terms[$1].t), $1) }.map { i in
      let term = table.terms[i]
      return [
        .name(a.names[term.first]), .name(b.names[term.second]), .count(term.count), .number(term.observed * scores.step),
        .number(term.expected * scores.step), .number(term.excess * scores.step), .number(term.size), .number(term.standardError),
        .number(term.t), .count(term.degreesOfFreedom), .number(term.pValue), .number(term.qValue),
      ] as [AnalysisValue]
    }
    return AnalysisTable(
      id: "bias-\(a.id)-\(b.id)", title: Text("Bias terms: \(pair.en)", zh: "偏差项：\(pair.zh)"),
      columns: [
        .init(a.id, a.label), .init(b.id, b.label), .init("count", Text("n", zh: "评分数")),
        .init("observed", Text("Observed", zh: "观测总分"), .significant(5)), .init("expected", Text("Expected", zh: "期望总分"), .fixed(2)),
        .init("excess", Text("Per score", zh: "平均差"), .fixed(2)), .init("size", Text("Size", zh: "大小"), .fixed(2)),
        .init("standardError", Text("SE", zh: "标准误"), .fixed(2)), .init("t", Text("t", zh: "t"), .fixed(2)),
        .init("degrees", Text("df", zh: "自由度")), .init("p", Text("p", zh: "p"), .probability),
        .init("q", Text("q", zh: "q"), .probability),
      ], rows: rows,
      note: Text(
        "Size in logits, positive: more points than the measures explain. q is p corrected for the number of terms; |t| ≥ 2 without it flags one "
          + "honest pair in twenty.",
        zh: "偏差量以 logit 计，为正表示得分高于度量值所能解释。q 为按项数校正后的 p；只看 |t| ≥ 2，每二十对公正的搭配就会误报一对。"))
  }

  private func contrasts(_ contrasts: [BiasContrast], _ a: RaschFacet, _ b: RaschFacet, _ pair: Text) -> AnalysisTable {
    let rows = contrasts.indices.sorted { (-abs(contrasts[$0].t), $0) < (-abs(contrasts[$1].t), $1) }.map { i in
      let c = contrasts[i]
      return [
        .name(b.names[c.target]), .name(a.names[c.first]), .number(c.firstMeasure), .name(a.names[c.second]), .number(c.secondMeasure),
        .number(c.difference), .number(c.standardError), .number(c.t), .count(c.degreesOfFreedom), .number(c.pValue), .number(c.qValue),
      ] as [AnalysisValue]
    }
    return AnalysisTable(
      id: "contrasts-\(a.id)-\(b.id)", title: Text("Contrasts: \(pair.en)", zh: "两两对比：\(pair.zh)"),
      columns: [
        .init(b.id, b.label), .init("first", Text("First", zh: "甲")), .init("firstMeasure", Text("Measure", zh: "度量值"), .fixed(2)),
        .init("second", Text("Second", zh: "乙")), .init("secondMeasure", Text("Measure", zh: "度量值"), .fixed(2)),
        .init("difference", Text("Contrast", zh: "差"), .fixed(2)), .init("standardError", Text("SE", zh: "标准误"), .fixed(2)),
        .init("t", Text("t", zh: "t"), .fixed(2)), .init("degrees", Text("df", zh: "自由度")),
        .init("p", Text("p", zh: "p"), .probability), .init("q", Text("q", zh: "q"), .probability),
      ], rows: rows,
      note: Text(
        "The measure of the same \(b.label.en) as two levels of \(a.label.en) see it.", zh: "同一\(b.label.zh)在两个\(a.label.zh)眼中的度量值。"))
  }
}
