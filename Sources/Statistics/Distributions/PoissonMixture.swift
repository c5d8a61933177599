import Foundation

/// Poisson mixtures of gamma or beta tails: what the noncentral χ², beta and F distributions are.
///
/// With w_j the Poisson mass of mean m, lower tail Σ w_j L_j and upper tail Σ w_j U_j, L_j the lower tail with shape a + j. Terms are
/// positive, and their logs are concave in j, so they have one peak. The tails follow from each other in the direction that only adds:
/// L_j = L_{j+1} + g_j downwards, U_{j+1} = U_j + g_j upwards. Products w_j L_j are carried, scaled by the largest, so nothing overflows
/// and far tails keep their digits. Cost: the number of terms above e^−42 of the largest, about 18 √m, and some 60 incomplete gamma or
/// beta functions.
struct PoissonMixture {
  enum Kernel {
    /// Gamma with unit scale at x.
    case gamma(shape: Double, x: Double)
    /// Beta at x, y = 1 − x.
    case beta(a: Double, b: Double, x: Double, y: Double)
  }

  let mean: Double
  let kernel: Kernel

  func logLowerTail() -> Double {
    tail {
      $0.lower
    } with: {
      downwards($0, $1, $2)
    }
  }
  func logUpperTail() -> Double {
    tail {
      $0.upper
    } with: {
      upwards($0, $1, $2)
    }
  }

  /// log Σ w_j x f_j(x), f_j the density with shape a + j.
  func logDensityTimesX() -> Double {
    let term = { (j: Int) in logWeight(j) + logDensityTerm(j) }
    let mode = peak(term)
    let height = term(mode)
    var sum = 1.0
    var t = 1.0
    var j = mode
    while t > 1e-18 * sum {
      t *= mean / Double(j + 1) * densityRatio(j)
      sum += t
      j += 1
    }
    (t, j) = (1, mode)
    while j > 0 && t > 1e-18 * sum {
      j -= 1
      t *= Double(j + 1) / (mean * densityRatio(j))
      sum += t
    }
    return height + log(sum)
  }

  private func tail(
    _ part: @escaping ((lower: Double, upper: Double)) -> Double, with accumulate: (ClosedRange<Int>, Double, (Int) -> Double) -> Double
  ) -> Double {
    let term = { (j: Int) in logWeight(j) + part(tails(j)) }
    let mode = peak(term)
    let height = term(mode)
    if height == -.infinity { return height }
    var reach = 1
    while term(mode + reach) > height - 42 { reach *= 2 }
    var back = 1
    while mode - back > 0 && term(mode - back) > height - 42 { back *= 2 }
    return min(0, height + log(accumulate(max(0, mode - back)...(mode + reach), height, term)))
  }

  private func downwards(_ range: ClosedRange<Int>, _ height: Double, _ term: (Int) -> Double) -> Double {
    var j = range.upperBound
    var t = exp(term(j) - height)
    var s = exp(logWeight(j) + logStep(j) - height)
    var sum = t
    while j > range.lowerBound {
      let back = Double(j) / mean
      s *= back / stepRatio(j - 1)
      t = t * back + s
      sum += t
      j -= 1
    }
    return sum
  }

  private func upwards(_ range: ClosedRange<Int>, _ height: Double, _ term: (Int) -> Double) -> Double {
    var j = range.lowerBound
    var t = exp(term(j) - height)
    var s = exp(logWeight(j) + logStep(j) - height)
    var sum = t
    while j < range.upperBound {
      let forth = mean / Double(j + 1)
      t = (t + s) * forth
      s *= forth * stepRatio(j)
      sum += t
      j += 1
    }
    return sum
  }

  /// The largest of a sequence with one peak.
  private func peak(_ term: (Int) -> Double) -> Int {
    func rising(_ j: Int) -> Bool {
      let (here, next) = (term(j), term(j + 1))
      return next > here || here == -.infinity
    }
    if !rising(0) { return 0 }
    var (low, high) = (0, 1)
    while rising(high) && high < 1 << 50 { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if rising(middle) { low = middle } else { high = middle }
    }
    return high
  }

  /// log of the Poisson mass.
  private func logWeight(_ j: Int) -> Double { j == 0 ? -mean : logGammaPower(Double(j), mean) }

  private func tails(_ j: Int) -> (lower: Double, upper: Double) {
    switch kernel {
    case .gamma(let shape, let x): logIncompleteGamma(shape + Double(j), x)
    case .beta(let a, let b, let x, let y): logIncompleteBeta(a + Double(j), b, x: x, y: y)
    }
  }

  /// log g_j, g_j = L_j − L_{j+1}.
  private func logStep(_ j: Int) -> Double {
    switch kernel {
    case .gamma(let shape, let x): logGammaPower(shape + Double(j), x)
    case .beta(let a, let b, let x, let y): logBetaPower(a + Double(j), b, x, y) - log(a + Double(j))
    }
  }

  /// g_{j+1} / g_j.
  private func stepRatio(_ j: Int) -> Double {
    switch kernel {
    case .gamma(let shape, let x): x / (shape + Double(j) + 1)
    case .beta(let a, let b, let x, _): x * (a + Double(j) + b) / (a + Double(j) + 1)
    }
  }

  /// log [x f_j(x)]; for beta log [x (1 − x) f_j(x)].
  private func logDensityTerm(_ j: Int) -> Double {
    switch kernel {
    case .gamma(let shape, let x): logGammaPower(shape + Double(j), x) + log(shape + Double(j))
    case .beta(let a, let b, let x, let y): logBetaPower(a + Double(j), b, x, y)
    }
  }

  /// f_{j+1} / f_j.
  private func densityRatio(_ j: Int) -> Double {
    switch kernel {
    case .gamma(let shape, let x): x / (shape + Double(j))
    case .beta(let a, let b, let x, _): x * (a + b + Double(j)) / (a + Double(j))
    }
  }
}
