import Models
import Wording

extension RaschAnalysis {
  /// FACETS' Table 7: one row a level, highest measure first, levels without one last.
  func measures(of facet: Int) -> AnalysisTable {
    let status = fit.status(of: facet)
    let measures = fit.measures(of: facet)
    let errors = fit.standardErrors(of: facet)
    let fits = fit.elementFits(of: facet)
    let fair = fit.fairAverages(of: facet)
    let observed = fit.observedScores(of: facet)
    let subset = fit.subsets[facet]
    let hasStatus = status.contains { $0 != .estimated }
    let hasSubsets = (subset.max() ?? 0) > 0
    typealias Column = AnalysisTable.Column
    var columns = [
      Column(facets[facet].id, facets[facet].label), Column("count", Text("n", zh: "评分数")),
      Column("average", Text("Mean", zh: "均分"), .fixed(2)), Column("fairAverage", Text("Fair", zh: "公允分"), .fixed(2)),
      Column("measure", Text("Measure", zh: "度量值"), .fixed(2)), Column("standardError", Text("SE", zh: "标准误"), .fixed(2)),
      Column("infit", Text("Infit", zh: "Infit 均方"), .fixed(2)), Column("infitZ", Text("z", zh: "z"), .fixed(1)),
      Column("outfit", Text("Outfit", zh: "Outfit 均方"), .fixed(2)), Column("outfitZ", Text("z", zh: "z"), .fixed(1)),
      Column("pointMeasure", Text("r", zh: "相关"), .fixed(2)), Column("pointMeasureExpected", Text("r exp.", zh: "期望相关"), .fixed(2)),
    ]
    if hasStatus { columns.append(Column("status", Text("Status", zh: "状态"))) }
    if hasSubsets { columns.append(Column("subset", Text("Subset", zh: "子集"))) }
    let order = status.indices.filter { status[$0] != .unobserved }.sorted { a, b in
      switch (measures[a].isNaN, measures[b].isNaN) {
      case (false, false): (-measures[a], a) < (-measures[b], b)
      case (true, true): a < b
      default: measures[b].isNaN
      }
    }
    let rows = order.map { level in
      var row: [AnalysisValue] = [
        .name(facets[facet].names[level]), .count(observed[level].count), .number(observed[level].mean * scores.step),
        .number(fair[level] * scores.step), .number(measures[level]), .number(errors[level]), .number(fits[level].infit.value),
        .number(fits[level].infit.deviate), .number(fits[level].outfit.value), .number(fits[level].outfit.deviate),
        .number(fits[level].pointMeasure), .number(fits[level].expectedPointMeasure),
      ]
      if hasStatus { row.append(.words(Self.words(status[level]))) }
      if hasSubsets { row.append(subset[level] >= 0 ? .count(subset[level] + 1) : .none) }
      return row
    }
    let direction = facets[facet].direction
    return AnalysisTable(
      id: "measures-\(facets[facet].id)",
      title: Text(
        "Measures: \(facets[facet].label.en) (logits, \(direction.en))", zh: "度量值：\(facets[facet].label.zh)（logit，\(direction.zh)）"),
      columns: columns, rows: rows)
  }

  private static func words(_ status: ElementStatus) -> Text {
    switch status {
    case .estimated: Text("estimated", zh: "已估计")
    case .anchored: Text("anchored", zh: "固定")
    case .extremeLow: Text("only lowest scores", zh: "全为最低分")
    case .extremeHigh: Text("only highest scores", zh: "全为最高分")
    case .undetermined: Text("undetermined", zh: "无法确定")
    case .unobserved: Text("no scores", zh: "无评分")
    }
  }

  /// How well the levels of each facet are told apart; both kinds of standard deviation.
  var separation: AnalysisTable {
    var rows: [[AnalysisValue]] = []
    for f in facets.indices {
      guard let summary = fit.separation(of: f) else { continue }
      for (spread, words) in [
        (summary.population, Text("population", zh: "总体")), (summary.sample, Text("sample", zh: "样本")),
      ] {
        rows.append([
          .words(facets[f].label), .words(words), .count(summary.count), .number(summary.mean), .number(spread.deviation),
          .number(summary.rootMeanSquareError), .number(spread.trueDeviation), .number(spread.separation), .number(spread.strata),
          .number(spread.reliability),
        ])
      }
    }
    return AnalysisTable(
      id: "separation", title: Text("Separation", zh: "区分"),
      columns: [
        .init("facet", Text("Facet", zh: "侧面")), .init("as", Text("As", zh: "视为")), .init("count", Text("n", zh: "个数")),
        .init("mean", Text("Mean", zh: "均值"), .fixed(2)), .init("deviation", Text("SD", zh: "标准差"), .fixed(2)),
        .init("error", Text("RMSE", zh: "均方根误差"), .fixed(2)), .init("trueDeviation", Text("True SD", zh: "真标准差"), .fixed(2)),
        .init("separation", Text("Separation", zh: "分隔指数"), .fixed(2)), .init("strata", Text("Strata", zh: "分层数"), .fixed(2)),
        .init("reliability", Text("Reliability", zh: "信度"), .fixed(2)),
      ], rows: rows,
      note: Text(
        "Strata: levels that can be told apart. For raters a high reliability means that they differ in severity, not that they agree.",
        zh: "分层数：可以区分开的档数。对考评员而言，信度高表示宽严不一，并不表示一致。"))
  }

  /// Whether all levels of a facet could be equal, and whether they look like a normal sample.
  var homogeneity: AnalysisTable {
    var rows: [[AnalysisValue]] = []
    for f in facets.indices {
      guard let summary = fit.separation(of: f) else { continue }
      let random = summary.random
      rows.append([
        .words(facets[f].label), .number(summary.fixed.value), .count(summary.fixed.degreesOfFreedom), .number(summary.fixed.pValue),
        .optional(random?.value), random.map { .count($0.degreesOfFreedom) } ?? .none, .optional(random?.pValue),
      ])
    }
    return AnalysisTable(
      id: "homogeneity", title: Text("Chi-squares", zh: "卡方检验"),
      columns: [
        .init("facet", Text("Facet", zh: "侧面")), .init("fixed", Text("All equal", zh: "全部相等"), .fixed(1)),
        .init("fixedDegrees", Text("df", zh: "自由度")), .init("fixedP", Text("p", zh: "p"), .probability),
        .init("random", Text("Normal sample", zh: "正态样本"), .fixed(1)), .init("randomDegrees", Text("df", zh: "自由度")),
        .init("randomP", Text("p", zh: "p"), .probability),
      ], rows: rows)
  }
}
