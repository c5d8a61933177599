import Models
import Wording

/// A coefficient of agreement: its id, its name and how it is computed. One file of this folder, one line in `CoefficientRegistry`.
///
/// `compute` gets the ratings of one group of subjects and says the figure with its interval, or throws why there is none.
public struct AgreementCoefficient: Sendable {
  /// What the command line and the reports call it; a contract.
  public let id: String
  /// Whether it says nothing of names in no order.
  let needsOrder: Bool
  let name: @Sendable (CoefficientInput) -> Text
  private let compute: @Sendable (CoefficientInput) throws(AgreementError) -> CoefficientEstimate

  init(
    _ id: String, needsOrder: Bool, name: @escaping @Sendable (CoefficientInput) -> Text,
    compute: @escaping @Sendable (CoefficientInput) throws(AgreementError) -> CoefficientEstimate
  ) {
    (self.id, self.needsOrder, self.name, self.compute) = (id, needsOrder, name, compute)
  }

  /// One whose name depends on nothing.
  init(
    _ id: String, needsOrder: Bool, name: Text,
    compute: @escaping @Sendable (CoefficientInput) throws(AgreementError) -> CoefficientEstimate
  ) {
    self.init(id, needsOrder: needsOrder, name: { _ in name }, compute: compute)
  }

  /// The estimate, or the reason why there is none.
  func estimate(_ input: CoefficientInput) -> CoefficientEstimate {
    if needsOrder, input.setting.hasOnlyNames {
      return CoefficientEstimate(method: Text("(names have no order; see --order)", zh: "（类别无次序，见 --order）"))
    }
    do { return try compute(input) } catch { return CoefficientEstimate(method: AgreementWords.reason(error)) }
  }
}
