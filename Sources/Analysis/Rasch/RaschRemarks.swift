import Models
import Wording

extension RaschAnalysis {
  /// What should be known before the numbers are used.
  var remarks: [Text] {
    var remarks: [Text] = []
    if dropped > 0 { remarks.append(droppedRemark) }
    if !fit.subsetsAreKnown {
      remarks.append(
        Text(
          "The scores fall into a great many parts that cannot be compared with each other; measures of different parts are not on one scale.",
          zh: "评分分成很多互不关联的部分，各部分的度量值不在同一量尺上。"))
    } else if !fit.isConnected {
      let parts = (fit.subsets.map { $0.max() ?? 0 }.max() ?? 0) + 1
      let split = facets.indices.filter { (fit.subsets[$0].max() ?? 0) > 0 }
      remarks.append(
        Text(
          "The scores fall into \(parts) subsets that nothing links (\(split.map { facets[$0].label.en }.joined(separator: ", "))). "
            + (fit.population == nil
              ? "Each subset is centred on its own: measures of different subsets must not be compared."
              : "They are comparable only if the units of each are samples of one population."),
          zh: "评分分成 \(parts) 个互不关联的子集（\(split.map { facets[$0].label.zh }.joined(separator: "、"))）。"
            + (fit.population == nil ? "各子集分别取中，不同子集的度量值不可比较。" : "只有各子集的单位来自同一总体时，才可比较。")))
    }
    let extremes = facets.indices.reduce(0) { sum, f in
      sum + fit.status(of: f).count { $0 == .extremeLow || $0 == .extremeHigh }
    }
    if extremes > 0 {
      remarks.append(
        Text(
          "\(extremes == 1 ? "One element has" : "\(extremes) elements have") only lowest or only highest scores and did not take part in the estimation; such a measure rests on a total moved inwards by a fraction of a point.",
          zh: "有 \(extremes) 个元素全为最低分或全为最高分，未参与估计；其度量值按总分向内移动少许后求得。"))
    }
    let gaps = (0..<fit.model.scaleCount).reduce(0) { sum, g in
      let counts = fit.categories(of: g).map(\.count)
      guard let low = counts.firstIndex(where: { $0 > 0 }), let high = counts.lastIndex(where: { $0 > 0 }) else { return sum }
      return sum + counts[low...high].count { $0 == 0 }
    }
    if gaps > 0 {
      remarks.append(
        Text(
          "\(gaps == 1 ? "One score" : "\(gaps) scores") inside a scale's range \(gaps == 1 ? "was" : "were") never given; they keep their places, and the thresholds beside them are not known apart.",
          zh: "量尺范围内有 \(gaps) 个分值从未出现；其位置保留，两侧阈值无法分开估计。"))
    }
    if fit.account.solver != "Cholesky", fit.population != nil {
      remarks.append(
        Text(
          "With this many parameters standard errors take the other measures as known, which makes them a little too small.",
          zh: "参数众多，标准误按其他度量值已知计算，略偏小。"))
    }
    return remarks
  }

  /// Rows of a long table, cells of a wide one, which may share a line.
  private var droppedRemark: Text {
    let lines = Set(droppedLines).sorted()
    let listed = lines.prefix(10).map(String.init)
    let isOpen = listed.count < lines.count || droppedLines.count < dropped
    let (en, zh) =
      listed.isEmpty
      ? ("", "")
      : (
        ": line\(lines.count == 1 ? "" : "s") \(listed.joined(separator: ", "))\(isOpen ? " and more" : "")",
        "：第 \(listed.joined(separator: "、")) 行\(isOpen ? "等" : "")"
      )
    let scores = dropped == 1 ? "One score with a blank field was" : "\(dropped) scores with a blank field were"
    return Text("\(scores) left out\(en).", zh: "有空白字段的 \(dropped) 个评分未纳入\(zh)。")
  }
}
