import Statistics

/// One random stream for each part of a campaign, so that planting changes nothing it does not touch: the same seed with and without
/// an anomaly has the same people, effects and noise.
enum Stream: UInt64 {
  case allocation = 1
  case order, missing, groups, severities, teams, unitEffects, criterionEffects, raterCriterion, unitCriterion, sheetErrors
  case raterNoise, scores, chosen, plantedSheets, shared, styles, audit, reports

  func open(_ seed: UInt64) -> RandomStream { RandomStream(seed: seed, rawValue) }
}
