import LinearAlgebra
import Testing

@Suite struct ObservationsTests {
  private func sample(_ n: Int, _ p: Int, offset: Double = 0) -> Observations {
    var state: UInt64 = 12345
    return Observations(
      count: n, dimension: p,
      elements: (0..<(n * p)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return offset + Double(state >> 11) * 0x1p-53
      })
  }

  @Test func rowsAndColumnsAreKept() {
    let matrix = Matrix(rowArrays: [[1, 2, 3], [4, 5, 6]])
    let data = Observations(matrix)
    #expect(data.count == 2 && data.dimension == 3 && data[1, 2] == 6)
    #expect(data.observation(1) == [4, 5, 6] && data.variable(1) == [2, 5] && data.matrix == matrix)
    #expect(data.selecting([1, 1, 0]).matrix == Matrix(rowArrays: [[4, 5, 6], [4, 5, 6], [1, 2, 3]]))
  }

  /// Over several blocks and pieces of work, against sums by definition.
  @Test(arguments: [(5, 3), (300, 4), (20_000, 2)]) func momentsByDefinition(_ n: Int, _ p: Int) {
    let data = sample(n, p, offset: 1000)
    let rows = stride(from: 0, to: n, by: 2).map { Int32($0) }
    for subset in [nil, rows] {
      let chosen = subset ?? (0..<n).map { Int32($0) }
      let (mean, scatter) = data.moments(of: subset)
      var exact = [Double](repeating: 0, count: p)
      for i in chosen { for j in 0..<p { exact[j] += data[Int(i), j] / Double(chosen.count) } }
      for j in 0..<p { #expect(abs(mean[j] - exact[j]) < 1e-9) }
      for j in 0..<p {
        for k in 0..<p {
          var sum = 0.0
          for i in chosen { sum += (data[Int(i), j] - exact[j]) * (data[Int(i), k] - exact[k]) }
          #expect(abs(scatter[j, k] - sum) < 1e-9 * Double(n))
        }
      }
    }
  }

  /// The place about which sums are taken does not matter beyond rounding, and repetition gives the same bits.
  @Test func shiftAndRepetition() {
    let data = sample(30_000, 3)
    let a = data.moments()
    let b = data.moments(about: [0.5, 0.4, 0.6])
    #expect(a.scatter == data.moments().scatter)
    for k in 0..<9 { #expect(abs(a.scatter.elements[k] - b.scatter.elements[k]) < 1e-8) }
  }

  @Test(arguments: [1, 7, 257, 9000]) func distancesByDefinition(_ n: Int) throws {
    let data = sample(n, 3)
    let a = Matrix(rowArrays: [[2, 0.3, 0.1], [0.3, 1, -0.2], [0.1, -0.2, 0.5]])
    let center = [0.1, 0.2, 0.3]
    let distances = data.squaredDistances(from: center, try Cholesky(a))
    let inverse = try Cholesky(a).inverse()
    for i in 0..<n {
      let d = (0..<3).map { data[i, $0] - center[$0] }
      #expect(abs(distances[i] - dot(d, inverse.multiplied(by: d))) < 1e-12 * (1 + distances[i]))
    }
  }

  @Test func projection() {
    let data = sample(4, 3)
    let b = Matrix(rowArrays: [[1, 0], [2, 1], [0, -1]])
    let projected = data.projected(on: b, center: [1, 1, 1])
    for i in 0..<4 {
      #expect(abs(projected[i, 0] - (data[i, 0] - 1 + 2 * (data[i, 1] - 1))) < 1e-14)
      #expect(abs(projected[i, 1] - (data[i, 1] - data[i, 2])) < 1e-14)
    }
  }

  /// Weights of both signs, over several blocks.
  @Test func weightedSumsByDefinition() {
    let data = sample(700, 3)
    let weights = (0..<700).map { Double($0 % 5) - 1.5 }
    let gram = data.weightedGram(weights)
    let sum = data.weightedSum(weights)
    for j in 0..<3 {
      for k in 0..<3 {
        var expected = 0.0
        for i in 0..<700 { expected += weights[i] * data[i, j] * data[i, k] }
        #expect(abs(gram[j, k] - expected) < 1e-10)
      }
      var expected = 0.0
      for i in 0..<700 { expected += weights[i] * data[i, j] }
      #expect(abs(sum[j] - expected) < 1e-10)
    }
    let forms = data.linearForms([1, -2, 0.5])
    for i in 0..<700 { #expect(abs(forms[i] - (data[i, 0] - 2 * data[i, 1] + 0.5 * data[i, 2])) < 1e-14) }
  }
}
