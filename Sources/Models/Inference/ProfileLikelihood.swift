internal import Foundation
internal import LinearAlgebra
internal import Parallel
internal import Statistics

/// An interval of one parameter.
public struct ParameterInterval: Sendable, Equatable {
  public enum Parameter: Sendable, Hashable {
    case component(ComponentEstimate.Kind)
    /// By number.
    case coefficient(Int)
  }

  public let parameter: Parameter
  public let estimate: Double
  /// Nil where the data set no bound (a correlation whose deviation may be zero).
  public let lower: Double?
  public let upper: Double?
}

extension LinearMixedFit {
  /// Profile-likelihood intervals of the standard deviations, correlations and coefficients: all values that a likelihood-ratio test at this level does not
  /// reject, with the other parameters at their best (Bates, Mächler, Bolker and Walker 2015, section 5.1). By maximum likelihood, as R's
  /// `confint` does, also where the fit is by REML; the estimates are those by ML. A standard deviation's lower end is 0 where zero is not rejected.
  ///
  /// Each end costs about ten small searches.
  /// - Throws: `InferenceError.notExact`, `.fit`.
  public func profileIntervals(level: Double = 0.95, coefficients wanted: Bool = true) throws(InferenceError) -> [ParameterInterval] {
    precondition(level > 0 && level < 1, "a level is a probability")
    if !model.isExact { throw .notExact }
    let ml: LinearMixedFit
    let estimates: [ComponentEstimate]
    let local: LinearMixedFit
    let back: [Matrix]
    do {
      ml = try refitted(.ml)
      estimates = try ml.componentEstimates()
      (local, back) = try ml.wellConditioned()
    } catch { throw .fit(error) }
    /// What centring leaves as it is can be profiled there.
    func isUnchanged(_ term: Int, _ column: Int) -> Bool {
      (0..<back[term].columns).allSatisfy { $0 == column || back[term][column, $0] == 0 }
    }
    let places = estimates.map { estimate in
      switch estimate.kind {
      case .residual: local
      case .standardDeviation(let t, let a): isUnchanged(t, a) ? local : ml
      case .correlation(let t, let a, let b): isUnchanged(t, a) && isUnchanged(t, b) ? local : ml
      }
    }
    let z = Normal.quantile(0.5 + level / 2)
    var tasks: [ParameterInterval.Parameter] = estimates.map { .component($0.kind) }
    if wanted { tasks += coefficients.indices.map { .coefficient($0) } }
    let all = tasks
    do {
      return try parallelMap(all.count) { i throws(MixedModelError) in
        switch all[i] {
        case .component(let kind): try ComponentProfile(places[i], estimates[i], kind).interval(z)
        case .coefficient(let j): try CoefficientProfile(local, j).interval(z)
        }
      }
    } catch { throw .fit(error) }
  }
}

/// Looks for the two places where the deviance exceeds its minimum by z².
struct ProfileRoots {
  let estimate: Double
  /// A first guess of the distance to an end.
  let width: Double
  let range: ClosedRange<Double>
  let minimum: Double

  /// - Parameter deviance: the profiled deviance, nil where it cannot be had.
  func ends(_ z: Double, _ deviance: (Double) -> Double?) -> (lower: Double?, upper: Double?) {
    func end(_ direction: Double) -> Double? {
      let limit = direction < 0 ? range.lowerBound : range.upperBound
      // The signed root of the excess is nearly a straight line, which the root finder follows in a few steps.
      func excess(_ x: Double) -> Double {
        guard let value = deviance(x) else { return .nan }
        return max(value - minimum, 0).squareRoot() - z
      }
      var inner = estimate
      var reach = z * width
      for _ in 0..<40 {
        var outer = estimate + direction * reach
        let atLimit = direction < 0 ? outer <= limit : outer >= limit
        if atLimit { outer = limit }
        let value = excess(outer)
        if value >= 0 {
          return Brent.root(in: min(inner, outer)...max(inner, outer), tolerance: 1e-7 * width) { x in
            x == estimate ? -z : excess(x)
          }
        }
        if value.isNaN || atLimit { return nil }
        inner = outer
        reach *= 1.6
      }
      return nil
    }
    return (end(-1), end(1))
  }
}

/// The profile of a standard deviation, a correlation or σ.
struct ComponentProfile {
  private let fit: LinearMixedFit
  private let kind: ComponentEstimate.Kind
  private let estimate: Double
  private let width: Double
  /// The model with the term's columns in an order that makes the parameter a simple function of the first rows of Λ.
  private let model: LinearMixedModel
  private let start: [Double]
  private let offset: Int
  private let order: Int
  private let unit: Double

  init(_ fit: LinearMixedFit, _ component: ComponentEstimate, _ kind: ComponentEstimate.Kind) throws(MixedModelError) {
    self.fit = fit
    self.kind = kind
    estimate = component.estimate
    let sigma = fit.residualStandardDeviation
    var front: [Int] = []
    var term = 0
    switch kind {
    case .residual: break
    case .standardDeviation(let t, let c): (term, front) = (t, [c])
    case .correlation(let t, let a, let b): (term, front) = (t, [a, b])
    }
    unit = front.isEmpty ? 1 : fit.model.scales[term][front[0]]
    let fallback = kind == .residual ? estimate : max(estimate, 0.1 * sigma / unit)
    if case .correlation = kind { width = component.standardError ?? 0.3 } else { width = component.standardError ?? 0.3 * fallback }
    offset = front.isEmpty ? 0 : fit.model.factors.offsets[term]
    order = front.isEmpty ? 0 : fit.model.design.terms[term].order
    if front == Array(0..<front.count) {
      model = fit.model
      start = fit.theta
    } else {
      let columns = front + (0..<order).filter { !front.contains($0) }
      var design = fit.model.design
      let old = design.terms[term]
      design.terms[term] = RandomTerm(
        factor: old.factor, labels: old.labels, columns: columns.map { old.columns[$0] }, values: columns.map { old.values[$0] })
      model = try LinearMixedModel(design, basis: fit.model.basis, response: design.response, denseLimit: fit.model.denseLimit)
      let factors = fit.model.factors
      var matrices = factors.factors(fit.theta)
      let relative = factors.covariances(fit.theta)[term]
      let permuted = Matrix(rowArrays: columns.map { r in columns.map { relative[r, $0] } })
      matrices[term] = semidefiniteFactor(permuted)
      start = factors.pack(matrices)
    }
  }

  func interval(_ z: Double) throws(MixedModelError) -> ParameterInterval {
    let base = try model.evaluate(start, method: .ml)
    let isCorrelation = if case .correlation = kind { true } else { false }
    let sigma = fit.residualStandardDeviation
    var free = start
    var isLength = model.factors.isDiagonal
    switch kind {
    case .residual: break
    case .standardDeviation:
      free.remove(at: offset)
      isLength.remove(at: offset)
      free.append(log(sigma))
      isLength.append(false)
    case .correlation:
      // Row two of Λ is r (ρ, √(1 − ρ²)): its length takes the place of both elements.
      let (x, y) = (start[offset + 1], start[offset + order])
      free.remove(at: offset + order)
      isLength.remove(at: offset + order)
      free[offset + 1] = (x * x + y * y).squareRoot()
      isLength[offset + 1] = true
    }
    var inverse: Matrix?
    var search = QuasiNewton()
    search.tolerance = 1e-8
    let roots = ProfileRoots(
      estimate: estimate, width: max(width, 1e-6 * max(abs(estimate), 1e-12)),
      range: isCorrelation ? -1...1 : 0...Double.greatestFiniteMagnitude,
      minimum: base.profiled)
    let first = free
    let ends = roots.ends(z) { value in
      let function = { (x: [Double]) in deviance(value, x) }
      // Along a correlation there is a second valley, at a deviation of zero: the search begins at the estimates too.
      let candidates = [
        search.minimise(from: offZero(free, isLength), inverseHessian: inverse, function),
        isCorrelation ? search.minimise(from: offZero(first, isLength), function) : nil,
      ].compactMap { $0 }
      guard let minimum = candidates.min(by: { $0.value < $1.value }) ?? search.minimise(from: offZero(first, isLength), function) else {
        return nil
      }
      free = minimum.place
      inverse = minimum.steps > 0 ? minimum.inverseHessian : inverse
      return minimum.value
    }
    // An estimate at the end of its range is the interval's end.
    if isCorrelation {
      let atEnd = abs(estimate) > 1 - 1e-8
      return ParameterInterval(
        parameter: .component(kind), estimate: estimate, lower: ends.lower ?? (atEnd && estimate < 0 ? -1 : nil),
        upper: ends.upper ?? (atEnd && estimate > 0 ? 1 : nil))
    }
    return ParameterInterval(parameter: .component(kind), estimate: estimate, lower: ends.lower ?? 0, upper: ends.upper)
  }

  /// The deviance and its gradient by the free parameters with the profiled one at `value`.
  private func deviance(_ value: Double, _ free: [Double]) -> (Double, [Double])? {
    var theta = free
    let logTwoPi = CriterionPoint.logTwoPi
    switch kind {
    case .residual:
      guard value > 0, let point = try? model.evaluate(theta, method: .ml) else { return nil }
      let s2 = value * value
      let gradient = zip(point.logGradient, point.penalisedGradient).map { $0 + $1 / s2 }
      return (point.logDeterminant + point.degrees * (logTwoPi + log(s2)) + point.penalised / s2, gradient)
    case .standardDeviation:
      let logSigma = theta.removeLast()
      let sigma = exp(logSigma)
      let fixed = value * unit / sigma
      theta.insert(fixed, at: offset)
      guard sigma.isFinite, sigma > 0, let point = try? model.evaluate(theta, method: .ml) else { return nil }
      let s2 = sigma * sigma
      var gradient = zip(point.logGradient, point.penalisedGradient).map { $0 + $1 / s2 }
      let own = gradient.remove(at: offset)
      gradient.append(2 * point.degrees - 2 * point.penalised / s2 - own * fixed)
      return (point.logDeterminant + point.degrees * (logTwoPi + 2 * logSigma) + point.penalised / s2, gradient)
    case .correlation:
      // Both deviations are lengths: with a negative one the correlation would be −value.
      let length = abs(theta[offset + 1])
      let signs = (theta[offset] < 0 ? -1.0 : 1.0, theta[offset + 1] < 0 ? -1.0 : 1.0)
      let side = max(1 - value * value, 0).squareRoot()
      theta[offset] = abs(theta[offset])
      theta[offset + 1] = length * value
      theta.insert(length * side, at: offset + order)
      guard let point = try? model.evaluate(theta, method: .ml) else { return nil }
      var gradient = point.profiledGradient
      let second = gradient.remove(at: offset + order)
      gradient[offset] *= signs.0
      gradient[offset + 1] = signs.1 * (value * gradient[offset + 1] + side * second)
      return (point.profiled, gradient)
    }
  }
}

/// The profile of one coefficient: the model without its column, fitted to the response less the column times the value.
struct CoefficientProfile {
  private let fit: LinearMixedFit
  private let number: Int
  private let column: [Double]
  private let model: LinearMixedModel

  init(_ fit: LinearMixedFit, _ number: Int) throws(MixedModelError) {
    self.fit = fit
    self.number = number
    let design = fit.model.design
    let kept = fit.model.basis.kept
    column = design.fixedColumns[kept[number]]
    let others = kept.indices.filter { $0 != number }.map { kept[$0] }
    let basis = FixedBasis(
      names: others.map { design.fixedNames[$0] }, columns: others.map { design.fixedColumns[$0] }, weights: design.weights)
    model = try LinearMixedModel(design, basis: basis, response: design.response, denseLimit: fit.model.denseLimit)
  }

  func interval(_ z: Double) throws(MixedModelError) -> ParameterInterval {
    let effect = fit.coefficients[number]
    let base = try fit.model.evaluate(fit.theta, method: .ml)
    var theta = fit.theta
    let isLength = model.factors.isDiagonal
    var inverse: Matrix?
    var search = QuasiNewton()
    search.tolerance = 1e-8
    let response = fit.model.design.response
    let roots = ProfileRoots(
      estimate: effect.estimate, width: effect.standardError, range: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
      minimum: base.profiled)
    let ends = roots.ends(z) { value in
      let shifted = zip(response, column).map { $0 - value * $1 }
      guard let moved = try? model.with(response: shifted) else { return nil }
      let minimum = search.minimise(from: offZero(theta, isLength), inverseHessian: inverse) { theta in
        (try? moved.evaluate(theta, method: .ml)).map { ($0.profiled, $0.profiledGradient) }
      }
      guard let minimum else { return nil }
      theta = minimum.place
      inverse = minimum.steps > 0 ? minimum.inverseHessian : inverse
      return minimum.value
    }
    return ParameterInterval(parameter: .coefficient(number), estimate: effect.estimate, lower: ends.lower, upper: ends.upper)
  }
}

/// Lengths of nearly zero made a tenth (of σ). Zero is stationary whatever lies beside it, so a search that begins there never leaves, although a
/// variance that is zero at the estimates need not be zero where another parameter is held fixed.
private func offZero(_ place: [Double], _ isLength: [Bool]) -> [Double] {
  zip(place, isLength).map { $1 && abs($0) < 0.1 ? ($0 < 0 ? -0.1 : 0.1) : $0 }
}

/// A lower triangular L with LL' = A for a positive semidefinite matrix, by columns; a pivot of zero makes a column of zeros.
func semidefiniteFactor(_ a: Matrix) -> [Double] {
  let k = a.rows
  var l = [Double](repeating: 0, count: k * k)
  for j in 0..<k {
    var pivot = a[j, j]
    for c in 0..<j { pivot -= l[j + c * k] * l[j + c * k] }
    if pivot <= 1e-14 * a[j, j] { continue }
    l[j + j * k] = pivot.squareRoot()
    for i in (j + 1)..<max(k, j + 1) {
      var sum = a[i, j]
      for c in 0..<j { sum -= l[i + c * k] * l[j + c * k] }
      l[i + j * k] = sum / l[j + j * k]
    }
  }
  return l
}
