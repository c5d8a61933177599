import Models
import Wording

/// Scatter within units against scores given at random over the scale; `WithinGroupAgreement` has formulas and sources.
extension AgreementCoefficient {
  public static let finn = AgreementCoefficient(
    "finn", needsOrder: true, name: Text("Finn's coefficient", zh: "Finn 系数")
  ) { input throws(AgreementError) in
    CoefficientEstimate(value: try input.withinGroup.get().finn, method: randomScores(input.setting))
  }

  public static let rwg = AgreementCoefficient(
    "rwg", needsOrder: true, name: Text("Mean r_WG", zh: "r_WG 均值")
  ) { input throws(AgreementError) in
    CoefficientEstimate(value: try input.withinGroup.get().meanRwg, method: randomScores(input.setting))
  }

  private static func randomScores(_ setting: AgreementSetting) -> Text {
    let (low, high) = (AgreementSetting.text(setting.lowest), AgreementSetting.text(setting.scaleTop))
    return Text("(random: \(low) to \(high))", zh: "（随机分：\(low) 至 \(high)）")
  }
}
