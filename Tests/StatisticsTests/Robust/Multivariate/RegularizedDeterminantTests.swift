import Foundation
import LinearAlgebra
import Testing

@testable import Statistics

@Suite struct RegularizedDeterminantTests {
  @Test func x() throws {
    for (s, v) in [("hbk", ["X1", "X2", "X3"]), ("wood", ["x1", "x2", "x3", "x4", "x5"])] {
      var o = RegularizedDeterminant.Options()
      o.regularization = 1e-6
      let m = try RegularizedDeterminant(RobustClassics.matrix(s, v), options: o)
      print(m.objective, m.subset.map { $0 + 1 }, m.estimate.center, m.estimate.scatter.elements, m.outliers.map { $0 + 1 }, m.regularization)
    }
    let text = try String(contentsOf: URL(filePath: "/tmp/robust/octane.csv"), encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    let x = Matrix(rowArrays: text.map { $0.split(separator: ",").map { Double($0)! } })
    let m = try RegularizedDeterminant(x)
    print(m.objective, m.estimate.logDeterminant, m.regularization, m.subset.map { $0 + 1 }, m.outliers.map { $0 + 1 }, m.estimate.center.prefix(5), m.estimate.scatter.elements.prefix(5))
  }
}
