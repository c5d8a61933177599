import Wording

/// What is to be said of a rater who sets strong and weak units further apart than others do, or less far.
enum UnequalScale {
  /// A slope is worth telling when it is this far from 1, and certain by this many standard errors.
  static let remarkable = 1.25
  static let certain = 3.0

  /// One explanation, or none where the rater uses the scale about as others do.
  static func explanations(rater r: Int, _ study: Study) -> [Text] {
    guard let use = study.scaleUse else { return [] }
    let slope = use.slope[r]
    guard max(slope, 1 / max(slope, 0.01)) >= remarkable, abs(slope - 1) >= certain * use.slopeError[r] else { return [] }
    let size = Figures.points(max(0, 10 * slope))
    let wide = slope > 1
    return [
      Text(
        "The rater uses the scale more \(wide ? "widely" : "narrowly") than others: units that differ by 10 points elsewhere differ by about \(size) here.",
        zh: "该考评员打分拉开的差距\(wide ? "大" : "小")于他人：其他考评员评分相差 10 分的单位，该考评员约相差 \(size) 分。")
    ]
  }

  /// What sheets are compared after, beside severity: to be put into a sentence; empty where raters use the scale alike.
  static func allowed(_ study: Study) -> Text {
    study.scaleUse == nil ? Text("", zh: "") : Text(" and how widely each uses the scale", zh: "和分差大小")
  }
}
