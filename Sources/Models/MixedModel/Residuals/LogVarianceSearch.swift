internal import Foundation
internal import LinearAlgebra

func squareRoot(ofExponential x: Double) -> Double { exp(0.5 * x) }

/// The rows z[s] of a log-linear model of the residual variance, log v[s] = log σ² + z[s]'γ.
enum VarianceDesign: Sendable {
  /// One indicator a level.
  case levels(GroupingFactor)
  /// Columns centred at their weighted means, so that σ² is the variance at the mean, and of standard deviations about 1.
  case columns([[Double]])

  var size: Int {
    switch self {
    case .levels(let factor): factor.levels
    case .columns(let columns): columns.count
    }
  }

  func logVariances(_ coefficients: [Double], count: Int) -> [Double] {
    switch self {
    case .levels(let factor): return factor.codes.map { coefficients[Int($0)] }
    case .columns(let columns):
      var result = [Double](repeating: 0, count: count)
      for (column, coefficient) in zip(columns, coefficients) { for s in result.indices { result[s] += coefficient * column[s] } }
      return result
    }
  }
}

/// Estimates log-linear residual variances of a crossed model by restricted maximum likelihood.
///
/// With e the residuals y − Xβ̂ − Zb̂ and h[s] the variance of the fitted value over the residual variance v[s],
///
///     ∂ criterion/∂γ = Σ z[s] ((1 − h[s]) − e[s]²/v[s])        expected information ≈ ½ Σ (1 − h[s])² z[s] z[s]'
///
/// since P[s,s] v[s] = 1 − h[s] and (Py)[s] = e[s]/v[s]. The gradient is exact. Scoring steps alternate with full fits of the variance components
/// at the new weights, so a point where no step is left is stationary in everything. A step that does not lower the criterion is halved.
struct LogVarianceSearch {
  let data: HeteroscedasticModel
  let design: VarianceDesign
  /// Shrink the coefficients towards their mean with an estimated variance.
  var shrunken = false
  var tolerance = 1e-6
  var limit = 100

  struct Result {
    var point: Point
    var standardErrors: [Double]
    var spread: Double?
    var iterations: Int
    var lastStep: Double
  }

  struct Point {
    /// γ; for levels their weighted mean is zero.
    var coefficients: [Double]
    var weights: [Double]
    var fit: CrossedFit
    var model: CrossedModel
  }

  /// Score and information of γ at a point.
  struct Derivatives {
    var score: [Double]
    /// Diagonal for levels.
    var information: [Double]
    /// For columns: of (log σ², γ) together.
    var joint: Matrix
    var jointScore: [Double]
  }

  func point(_ coefficients: [Double], start: CrossedFit?) throws(MixedModelError) -> Point {
    let logs = design.logVariances(coefficients, count: data.response.count)
    let weights = logs.indices.map { (data.weights?[$0] ?? 1) * exp(-logs[$0]) }
    let model = try data.model(weights: weights)
    var options = FitOptions()
    for component in start?.components ?? [] where component.variance > 0 { options.start[component.name] = component.variance }
    return Point(coefficients: coefficients, weights: weights, fit: try model.fit(.reml, options: options), model: model)
  }

  func derivatives(_ point: Point) -> Derivatives {
    let fitted = point.model.fittedValues(point.fit)
    let leverages = point.model.predictionVariances(point.fit)
    let sigma = point.fit.residualVariance
    let size = design.size
    var result = Derivatives(
      score: [Double](repeating: 0, count: size), information: [Double](repeating: 0, count: size), joint: Matrix(rows: 0, columns: 0),
      jointScore: [])
    var spare = [Double](repeating: 0, count: fitted.count)
    var surprise = spare
    for s in fitted.indices where point.weights[s] > 0 {
      let e = data.response[s] - fitted[s]
      spare[s] = 1 - point.weights[s] * leverages[s]
      surprise[s] = e * e * point.weights[s] / sigma
    }
    switch design {
    case .levels(let factor):
      for s in fitted.indices {
        let level = Int(factor.codes[s])
        result.score[level] += 0.5 * (surprise[s] - spare[s])
        result.information[level] += 0.5 * spare[s] * spare[s]
      }
    case .columns(let columns):
      let rows = [[Double](repeating: 1, count: fitted.count)] + columns
      result.joint = Matrix(rows: rows.count, columns: rows.count)
      for (j, column) in rows.enumerated() {
        result.jointScore.append(0.5 * fitted.indices.reduce(0.0) { $0 + column[$1] * (surprise[$1] - spare[$1]) })
        for (i, other) in rows.enumerated() {
          result.joint[i, j] = 0.5 * fitted.indices.reduce(0.0) { $0 + column[$1] * other[$1] * spare[$1] * spare[$1] }
        }
      }
      result.score = Array(result.jointScore.dropFirst())
    }
    return result
  }

  func run(from start: Point) throws(MixedModelError) -> Result {
    var point = start
    var iterations = 0
    var spread: Double?
    var damping = 1.0
    var previous: [Double] = []
    while true {
      let local = derivatives(point)
      var step: [Double]
      let errors: [Double]
      switch design {
      case .levels: (step, errors, spread) = try levelStep(point, local, spread)
      case .columns: (step, errors) = try columnStep(local)
      }
      // A variance changes by a factor of no more than e² at a time.
      let largest = step.map { abs($0) }.max() ?? 0
      if largest <= tolerance {
        let observed = try observedErrors(point, errors)
        return Result(point: point, standardErrors: observed, spread: spread, iterations: iterations, lastStep: largest)
      }
      if iterations >= limit || !largest.isFinite { throw .residualNotConverged(iterations: iterations, lastStep: largest) }
      // With shrinkage the target moves with the spread, and full steps can go to and fro for ever.
      if shrunken, zip(step, previous).reduce(0, { $0 + $1.0 * $1.1 }) < 0 { damping = max(damping / 2, 1.0 / 64) }
      previous = step
      let fraction = min(damping, 2 / largest)
      if fraction < 1 { step = step.map { $0 * fraction } }
      point = try lowered(point, step, spread)
      iterations += 1
    }
  }

  /// For columns, the standard errors of the observed information: central differences of the exact gradient over a hundredth of a standard error,
  /// everything else estimated anew. For levels, of which there may be thousands, the expected ones stay.
  private func observedErrors(_ point: Point, _ errors: [Double]) throws(MixedModelError) -> [Double] {
    guard case .columns = design else { return errors }
    var information = Matrix(rows: errors.count, columns: errors.count)
    for j in errors.indices {
      let width = 0.01 * errors[j]
      var (above, below) = (point.coefficients, point.coefficients)
      above[j] += width
      below[j] -= width
      let high = derivatives(try self.point(above, start: point.fit)).score
      let low = derivatives(try self.point(below, start: point.fit)).score
      for i in errors.indices {
        information[i, j] -= (high[i] - low[i]) / (4 * width)
        information[j, i] -= (high[i] - low[i]) / (4 * width)
      }
    }
    guard let factor = try? Cholesky(information) else { return errors }
    return factor.inverse().diagonal.map { $0.squareRoot() }
  }

  private func lowered(_ point: Point, _ step: [Double], _ spread: Double?) throws(MixedModelError) -> Point {
    var fraction = 1.0
    let before = penalised(point, spread)
    while true {
      let next = try self.point(zip(point.coefficients, step).map { $0 + fraction * $1 }, start: point.fit)
      let slack = 1e-10 * (abs(before) + 1)
      if penalised(next, spread) <= before + slack || fraction < 1e-3 { return next }
      fraction /= 2
    }
  }

  /// The criterion, and the penalty of shrinkage. Shifting all levels and dividing σ² accordingly changes nothing, so the mean is free.
  private func penalised(_ point: Point, _ spread: Double?) -> Double {
    guard let spread, spread > 0 else { return point.fit.criterion }
    let mean = point.coefficients.reduce(0, +) / Double(point.coefficients.count)
    return point.fit.criterion + point.coefficients.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (spread * spread)
  }

  private func levelStep(
    _ point: Point, _ local: Derivatives, _ spread: Double?
  ) throws(MixedModelError) -> ([Double], [Double], Double?) {
    let present = local.information.indices.filter { local.information[$0] > 1e-12 }
    let working = local.information.indices.map {
      local.information[$0] > 1e-12 ? point.coefficients[$0] + local.score[$0] / local.information[$0] : 0
    }
    var target = point.coefficients
    var errors = local.information.map { $0 > 1e-12 ? 1 / $0.squareRoot() : .infinity }
    var newSpread: Double?
    if shrunken {
      let pool = NormalSpread(values: present.map { working[$0] }, variances: present.map { 1 / local.information[$0] })
      newSpread = pool.spread
      for l in target.indices {
        // A level that was not seen is at the mean of the others.
        target[l] = pool.mean
        errors[l] = pool.spread
      }
      for l in present {
        let precision = local.information[l] + 1 / max(pool.spread * pool.spread, 1e-300)
        target[l] = pool.mean + (working[l] - pool.mean) * local.information[l] / precision
        errors[l] = (1 / precision).squareRoot()
      }
    } else {
      for l in present { target[l] = working[l] }
    }
    // The common variance is σ²'s affair: the mean over levels stays zero.
    let total = present.reduce(0.0) { $0 + local.information[$1] }
    let mean = present.reduce(0.0) { $0 + local.information[$1] * target[$1] } / max(total, 1e-300)
    let step = target.indices.map { local.information[$0] > 1e-12 || shrunken ? target[$0] - mean - point.coefficients[$0] : 0 }
    return (step, errors, newSpread)
  }

  private func columnStep(_ local: Derivatives) throws(MixedModelError) -> ([Double], [Double]) {
    let factor: Cholesky
    do { factor = try Cholesky(local.joint) } catch { throw .componentsNotIdentifiable(["residual variance"]) }
    let step = Array(factor.solve(local.jointScore).dropFirst())
    return (step, factor.inverse().diagonal.dropFirst().map { $0.squareRoot() })
  }
}

/// Restricted maximum likelihood of mean and spread from values x[i] ~ N(μ, τ² + v[i]) with known v.
struct NormalSpread {
  let mean: Double
  let spread: Double

  init(values: [Double], variances: [Double]) {
    func centre(_ t: Double) -> (mean: Double, total: Double) {
      var sum = 0.0
      var total = 0.0
      for (x, v) in zip(values, variances) {
        sum += x / (t + v)
        total += 1 / (t + v)
      }
      return (sum / total, total)
    }
    // Fisher scoring on τ²; the estimating function is monotone enough for halving to the boundary to be safe.
    func score(_ t: Double) -> (value: Double, information: Double) {
      let (mean, total) = centre(t)
      var value = 0.0
      var information = 0.0
      for (x, v) in zip(values, variances) {
        let w = 1 / (t + v)
        value += 0.5 * (w * w * (x - mean) * (x - mean) - w + w * w / total)
        information += 0.5 * w * w
      }
      return (value, information)
    }
    guard values.count > 1 else {
      mean = values.first ?? 0
      spread = 0
      return
    }
    let plain = values.reduce(0, +) / Double(values.count)
    var t = values.reduce(0) { $0 + ($1 - plain) * ($1 - plain) } / Double(values.count - 1)
    for _ in 0..<200 {
      let (value, information) = score(t)
      let next = max(t + value / max(information, 1e-300), 0.1 * t)
      let done = abs(next - t) <= 1e-12 * t
      t = next
      if done || t < 1e-14 { break }
    }
    mean = centre(t).mean
    spread = t < 1e-14 ? 0 : t.squareRoot()
  }
}
