import Models
import Wording

/// The ratings of one group of subjects and what is asked about them. What several coefficients need is computed once, when the first asks for it.
final class CoefficientInput {
  let ratings: RatingsTable
  let setting: AgreementSetting
  var options: AgreementOptions { setting.options }
  /// Those who rated.
  let raterCount: Int

  init(_ ratings: RatingsTable, _ setting: AgreementSetting) {
    (self.ratings, self.setting) = (ratings, setting)
    raterCount = ratings.activeRaters.count
  }

  lazy var patterns = RatingPatterns(ratings)
  lazy var weights = Result { () throws(AgreementError) in try setting.weights(ratings.categories) }
  lazy var chanceCorrected = Result { () throws(AgreementError) in
    try ChanceCorrectedAgreement(patterns, weights: weights.get())
  }
  /// Of a complete table.
  lazy var sums = Result { () throws(AgreementError) in try TwoWaySums(ratings) }
  /// By REML, for a table with gaps.
  lazy var components = Result { () throws(AgreementError) in try IntraclassComponents(ratings) }
  lazy var withinGroup = Result { () throws(AgreementError) in
    try WithinGroupAgreement(ratings, scale: (setting.lowest, setting.scaleTop, setting.step))
  }

  /// A name with the weights behind it, if there are any.
  func weighted(_ name: String, zh: String) -> Text {
    if setting.weightKind == .identity { return Text(name, zh: zh) }
    let weights = AgreementWords.weights(setting.weightKind)
    return Text("\(name), \(weights.en)", zh: "\(zh)（\(weights.zh)）")
  }
}
