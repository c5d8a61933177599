import Models
import Wording

/// The words of an analysis of agreement.
enum AgreementWords {
  static func scale(_ scale: AgreementOptions.Scale) -> Text {
    switch scale {
    case .nominal: Text("nominal", zh: "名义")
    case .ordinal: Text("ordinal", zh: "次序")
    case .interval: Text("interval", zh: "等距")
    case .ratio: Text("ratio", zh: "比率")
    case .circular: Text("circular", zh: "循环")
    }
  }

  static func weights(_ kind: AgreementWeights.Kind) -> Text {
    switch kind {
    case .identity: Text("identity", zh: "不加权")
    case .linear: Text("linear", zh: "线性加权")
    case .quadratic: Text("quadratic", zh: "二次加权")
    case .ordinal: Text("ordinal", zh: "次序加权")
    case .radical: Text("radical", zh: "平方根加权")
    case .ratio: Text("ratio", zh: "比率加权")
    case .circular: Text("circular", zh: "循环加权")
    case .bipolar: Text("bipolar", zh: "双极加权")
    case .custom: Text("own weights", zh: "自定权重")
    }
  }

  static func label(_ label: BenchmarkScale.Label) -> Text {
    switch label {
    case .almostPerfect: Text("almost perfect", zh: "几乎完全一致")
    case .veryGood: Text("very good", zh: "很好")
    case .excellent: Text("excellent", zh: "优")
    case .substantial: Text("substantial", zh: "高度一致")
    case .good: Text("good", zh: "良好")
    case .intermediateToGood: Text("intermediate to good", zh: "中等至良好")
    case .moderate: Text("moderate", zh: "中等")
    case .fair: Text("fair", zh: "一般")
    case .slight: Text("slight", zh: "轻微")
    case .poor: Text("poor", zh: "差")
    }
  }

  /// Why there is no figure.
  static func reason(_ error: AgreementError) -> Text {
    switch error {
    case .nothingToCompare: Text("no unit has two ratings", zh: "没有单位得到两个以上评分")
    case .tooFewRaters(let count, _):
      count > 2 ? Text("(for two raters only)", zh: "（仅用于两名考评员）") : Text("fewer than two raters", zh: "考评员不足两人")
    case .tooFewUnits: Text("too few units", zh: "单位太少")
    case .tooFewCategories: Text("all scores are equal", zh: "评分全部相同")
    case .noVariation: Text("the scores do not vary", zh: "评分没有差异")
    case .meanVarianceNotPositive:
      Text("the estimated variance of the panel mean is not positive", zh: "组均分方差的估计值不为正")
    case .tooManyCategories(let count, let limit):
      Text("\(count) different scores; weights take at most \(limit)", zh: "有 \(count) 种不同得分，加权表最多容纳 \(limit) 种")
    case .negativeCategory: Text("ratios need scores that are not negative", zh: "比率尺度要求得分不为负")
    case .weightsDoNotFit(let count):
      Text(
        "the weights must be \(count) × \(count), symmetric, 1 on the diagonal and within 0 to 1",
        zh: "权重表须为 \(count) × \(count)、对称、对角线为 1、取值 0 至 1")
    case .incomplete(let missing): Text("\(missing) ratings are missing", zh: "缺 \(missing) 个评分")
    case .effectsNotSeparable: Text("the design cannot tell the effects apart", zh: "此考评安排无法区分各效应")
    case .wrongLength, .codeOutOfRange, .notFinite, .notACategory, .repeatedRating, .unknownName:
      Text("the scores cannot be used", zh: "评分不可用")
    }
  }

  /// An effect of the design, as "unit × criterion" or "rater:unit".
  static func effect(_ name: String) -> Text {
    if name == "within cells" { return Text("repeated scores", zh: "重复评分") }
    let zh = ["unit": "单位", "rater": "考评员", "criterion": "指标"].reduce(name) { $0.replacing($1.key, with: $1.value) }
    return Text(name, zh: zh)
  }
}
