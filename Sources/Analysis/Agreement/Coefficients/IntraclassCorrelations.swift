import Models
import Wording

/// Intraclass correlations: from mean squares (`TwoWayMeanSquares`) where the table is complete, else from variance components
/// (`IntraclassComponents`).
extension AgreementCoefficient {
  public static let iccAgreement = intraclass("icc-a1", .agreementSingle, Text("ICC(A,1), one rater, level", zh: "ICC(A,1) 单人、计宽严"))
  public static let iccAgreementMean = intraclass(
    "icc-ak", .agreementAverage, Text("ICC(A,k), panel mean, level", zh: "ICC(A,k) 组均分、计宽严"))
  public static let iccConsistency = intraclass("icc-c1", .consistencySingle, Text("ICC(C,1), one rater, order", zh: "ICC(C,1) 单人、不计宽严"))
  public static let iccConsistencyMean = intraclass(
    "icc-ck", .consistencyAverage, Text("ICC(C,k), panel mean, order", zh: "ICC(C,k) 组均分、不计宽严"))
  public static let iccOneWay = intraclass("icc-1", .oneWaySingle, Text("ICC(1), one rater, own panels", zh: "ICC(1) 单人、各对象考评员不同"))
  public static let iccOneWayMean = intraclass(
    "icc-k", .oneWayAverage, Text("ICC(k), panel mean, own panels", zh: "ICC(k) 组均分、各对象考评员不同"))

  private static func intraclass(_ id: String, _ form: IntraclassForm, _ name: Text) -> AgreementCoefficient {
    AgreementCoefficient(id, needsOrder: true, name: name) { input throws(AgreementError) in
      switch input.sums {
      case .success(let sums): try fromMeanSquares(form, sums, input)
      case .failure(.incomplete): try fromComponents(form, input)
      case .failure(let error): throw error
      }
    }
  }

  private static func fromMeanSquares(
    _ form: IntraclassForm, _ sums: TwoWaySums, _ input: CoefficientInput
  ) throws(AgreementError) -> CoefficientEstimate {
    let found = try sums.meanSquares.estimate(form, level: input.options.level)
    let error = jackknifeError(try AgreementMeasure.intraclass(form).valuesWithoutUnits(input.ratings).filter { !$0.isNaN })
    return CoefficientEstimate(
      value: found.value, low: found.low, high: found.high, label: BenchmarkScale.kooLi.label(found.value, standardError: error),
      method: Text("mean squares, F", zh: "均方，F 分布"))
  }

  private static func fromComponents(_ form: IntraclassForm, _ input: CoefficientInput) throws(AgreementError) -> CoefficientEstimate {
    let components = try input.components.get()
    let value = components.value(form)
    let (low, high) = components.interval(form, level: input.options.level)
    return CoefficientEstimate(
      value: value, low: low, high: high, label: BenchmarkScale.kooLi.label(value, standardError: components.standardError(form)),
      method: Text("REML, delta method", zh: "REML，Delta 法"))
  }
}
