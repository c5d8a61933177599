import Models
import Wording

/// Shares of agreement, plain and corrected for chance; `ChanceCorrectedAgreement` and `CongerKappa` have formulas and sources.
extension AgreementCoefficient {
  public static let percent = chanceCorrected("percent", .percentAgreement) { $0.weighted("Agreement", zh: "一致率") }

  public static let gwet = chanceCorrected("gwet", .gwet) { input in
    input.setting.weightKind == .identity ? Text("Gwet's AC1", zh: "Gwet AC1") : input.weighted("Gwet's AC2", zh: "Gwet AC2")
  }

  public static let fleiss = chanceCorrected("fleiss", .fleiss) { input in
    input.raterCount == 2 ? input.weighted("Scott's π", zh: "Scott π") : input.weighted("Fleiss' κ", zh: "Fleiss κ")
  }

  public static let conger = chanceCorrected("conger", .conger) { input in
    input.raterCount == 2 ? input.weighted("Cohen's κ", zh: "Cohen κ") : input.weighted("Conger's κ", zh: "Conger κ")
  }

  public static let brennanPrediger = chanceCorrected("brennan-prediger", .brennanPrediger) {
    $0.weighted("Brennan–Prediger", zh: "Brennan–Prediger 系数")
  }

  private static func chanceCorrected(
    _ id: String, _ coefficient: ChanceCorrected, name: @escaping @Sendable (CoefficientInput) -> Text
  ) -> AgreementCoefficient {
    AgreementCoefficient(id, needsOrder: false, name: name) { input throws(AgreementError) in
      let agreement = try input.chanceCorrected.get()
      let found = coefficient == .conger ? try CongerKappa(input.ratings, agreement).estimate() : try agreement.estimate(coefficient)
      let (low, high) = found.interval(level: input.options.level)
      // The words are for what is left after chance.
      let label = BenchmarkScale.landisKoch.label(found.value, standardError: found.standardError)
      return CoefficientEstimate(
        value: found.value, low: low, high: high, label: coefficient == .percentAgreement ? nil : label,
        method: Text("linearised, t(\(found.units - 1))", zh: "线性化，t(\(found.units - 1))"))
    }
  }
}
