import Wording

/// What is to be said of a sheet in whose unit the other raters did not agree either.
enum WideScatter {
  /// Noise of the unit, in relation to the typical one's, from which on raters are said to have differed widely.
  static let remarkable = 1.5

  /// One explanation, or none where the unit's other sheets agree as they do elsewhere.
  static func explanations(sheet s: Int, _ fit: HonestFit) -> [Text] {
    guard fit.othersNoise[s] >= remarkable else { return [] }
    let size = Figures.times(fit.othersNoise[s])
    return [
      Text(
        "The unit is hard to judge: its other raters differ from one another \(size) times as widely as on a typical unit.",
        zh: "该单位可能较难评判：其他考评员对该单位的评分分歧约为一般单位的 \(size) 倍。")
    ]
  }
}
