import Foundation

@testable import Models

/// The model written out, without any of the tricks: a reference for small data.
enum NaiveRasch {
  /// P(x = k) for k from 0, thresholds τ.
  static func probabilities(_ eta: Double, _ thresholds: [Double]) -> [Double] {
    var logits = [0.0]
    for threshold in thresholds { logits.append(logits[logits.count - 1] + eta - threshold) }
    let top = logits.max()!
    let weights = logits.map { exp($0 - top) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  static func moments(_ p: [Double]) -> (mean: Double, variance: Double) {
    let mean = p.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element }
    return (mean, p.enumerated().reduce(0.0) { $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * $1.element })
  }

  /// −2 log of the marginal likelihood with the integral replaced by Σ h φ(θ; 0, variance) over the points.
  static func deviance(
    _ model: ManyFacetRaschModel, points: [Double], variance: Double, severity: (_ response: Int) -> Double,
    thresholds: (_ response: Int) -> [Double]
  ) -> Double {
    let step = points[1] - points[0]
    var logs = [[Double]](
      repeating: points.map { log(step) - 0.5 * $0 * $0 / variance - 0.5 * log(2 * Double.pi * variance) },
      count: model.facets[model.unitFacet].levels)
    for i in model.scores.indices {
      let u = Int(model.facets[model.unitFacet].codes[i])
      let own = severity(i)
      let tau = thresholds(i)
      let x = Int(model.scores[i]) - model.lowest
      for q in points.indices { logs[u][q] += log(probabilities(points[q] - own, tau)[x]) }
    }
    return logs.reduce(0) { sum, row in
      let top = row.max()!
      return sum - 2 * (top + log(row.reduce(0) { $0 + exp($1 - top) }))
    }
  }

  /// Joint maximum likelihood by one-at-a-time Newton steps (Linacre's Σ(x − E)/ΣV), thousands of rounds. Returns measures by facet, thresholds.
  static func joint(_ model: ManyFacetRaschModel, rounds: Int) -> (measures: [[Double]], thresholds: [Double]) {
    var measures = model.facets.map { [Double](repeating: 0, count: $0.levels) }
    var thresholds = [Double](repeating: 0, count: model.steps)
    func eta(_ i: Int) -> Double {
      model.facets.indices.reduce(0) { sum, f in
        sum + measures[f][Int(model.facets[f].codes[i])] * (f == model.unitFacet ? 1 : -1)
      }
    }
    for _ in 0..<rounds {
      for f in model.facets.indices {
        var excess = [Double](repeating: 0, count: model.facets[f].levels)
        var information = excess
        for i in model.scores.indices {
          let m = moments(probabilities(eta(i), thresholds))
          excess[Int(model.facets[f].codes[i])] += Double(Int(model.scores[i]) - model.lowest) - m.mean
          information[Int(model.facets[f].codes[i])] += m.variance
        }
        for level in excess.indices { measures[f][level] += (f == model.unitFacet ? 1 : -1) * excess[level] / information[level] }
        if f != model.unitFacet {
          let mean = measures[f].reduce(0, +) / Double(measures[f].count)
          for level in measures[f].indices { measures[f][level] -= mean }
        }
      }
      var observed = [Double](repeating: 0, count: model.steps + 1)
      var expected = observed
      for i in model.scores.indices {
        observed[Int(model.scores[i]) - model.lowest] += 1
        for (k, p) in probabilities(eta(i), thresholds).enumerated() { expected[k] += p }
      }
      // Andersen's ratio of adjacent categories, half a step.
      for k in 1...model.steps { thresholds[k - 1] -= 0.5 * log(observed[k] / observed[k - 1] * expected[k - 1] / expected[k]) }
      let mean = thresholds.reduce(0, +) / Double(model.steps)
      for k in thresholds.indices { thresholds[k] -= mean }
    }
    return (measures, thresholds)
  }
}

/// Names of program results in `oracle.json`.
struct RaschOracle: Decodable {
  let deviance: Double
  let variance: [[Double]]
  let xsi: [String: Double]
  let people: People
  let reliability: Double
  let fit: ParameterFit

  struct ParameterFit: Decodable {
    let parameter: [String]
    let infit: [Double]
    let outfit: [Double]

    enum CodingKeys: String, CodingKey {
      case parameter
      case infit = "Infit"
      case outfit = "Outfit"
    }
  }

  struct People: Decodable {
    let eap: [Double]
    let deviation: [Double]

    enum CodingKeys: String, CodingKey {
      case eap = "EAP"
      case deviation = "SD.EAP"
    }
  }

  enum CodingKeys: String, CodingKey {
    case deviance, variance, xsi, fit
    case people = "EAP_head"
    case reliability = "EAP.rel"
  }

  struct Joint: Decodable {
    let loglike: Double
    let easiness: [String: Double]
    let people: People

    struct People: Decodable {
      let theta: [Double]
      let error: [Double]

      enum CodingKeys: String, CodingKey {
        case theta
        case error = "theta_se"
      }
    }

    enum CodingKeys: String, CodingKey {
      case loglike
      case easiness = "xsi_easiness"
      case people = "theta_head"
    }
  }

  struct File: Decodable {
    let programs: Programs

    enum CodingKeys: String, CodingKey {
      case programs = "R"
    }

    struct Programs: Decodable {
      let tam: RaschOracle
      let immer: Immer

      enum CodingKeys: String, CodingKey {
        case tam = "TAM_mml_mfr_T_ord_clean_s1"
        case immer = "immer_jml_T_ord_clean_s1"
      }
    }

    struct Immer: Decodable {
      let jml: Joint
      let corrected: Joint

      enum CodingKeys: String, CodingKey {
        case jml
        case corrected = "jml_bc"
      }
    }
  }

  static func read() throws -> File.Programs {
    try JSONDecoder().decode(File.self, from: Data(contentsOf: SharedData.root.appending(path: "peers/oracle.json"))).programs
  }
}

/// Reference results beside a shared data set.
struct ExpectedRasch: Decodable {
  let recomputed: Recomputed

  struct Recomputed: Decodable {
    let tam: Fit

    enum CodingKeys: String, CodingKey { case tam = "marginal_ML_TAM_4.3-25" }
  }

  struct Fit: Decodable {
    let deviance: Double
    let parameters: Int
    let variance: Double
    let reliability: Double
    let rater: [String: Rater]
    let rest: [Parameter]

    enum CodingKeys: String, CodingKey {
      case deviance, parameters, rater
      case variance = "ability_variance"
      case reliability = "EAP_reliability"
      case rest = "item_and_step"
    }
  }

  struct Rater: Decodable { let severity: Double }

  struct Parameter: Decodable {
    let parameter: String
    let xsi: Double
  }

  static func read(_ folder: String) throws -> Fit {
    let data = try Data(contentsOf: SharedData.root.appending(path: "datasets/\(folder)/expected.json"))
    return try JSONDecoder().decode(ExpectedRasch.self, from: data).recomputed.tam
  }
}
