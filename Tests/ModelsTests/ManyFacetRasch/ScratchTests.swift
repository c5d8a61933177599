import Testing
@testable import Models
@Suite struct ScratchTests {
  @Test func guil() throws {
    let e = try RaschExample(RaschExample.guilford)
    let f = try e.model.fit()
    print(f.account, f.logLikelihood)
    for k in 0..<3 { print(zip(f.measures(of: k), f.standardErrors(of: k)).map { "\($0)" }) }
    print(f.thresholds(of: 0))
  }
  @Test func t() throws {
    let e = try RaschExample(RaschExample.workloadT())
    for m in [RaschMethod.joint(.none), .joint(.lengthFactor), .marginal] {
      let f = try e.model.fit(m)
      print(f.account, f.logLikelihood, f.deviance, f.population as Any, f.posteriorReliability as Any)
      for k in 0..<3 { print(f.measures(of: k)) }
      print(f.standardErrors(of: 0), f.standardErrors(of: 2))
      print(f.thresholds(of: 0).map { $0! })
    }
  }
}
