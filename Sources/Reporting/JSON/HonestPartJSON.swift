import Detection

/// What merit, severity, criterion and ordinary noise explain, with the account of the fit.
enum HonestPartJSON {
  static func write(_ part: HonestPartSummary?, to json: inout JSONWriter) {
    guard let part else { return json.null() }
    json.object {
      $0.rows("components", part.components) { json, component in
        json.field("name", component.name)
        json.field("standardDeviation", component.standardDeviation)
      }
      $0.evidence("account", part.account)
      $0.rows("severities", part.severities) { json, severity in
        json.field("rater", severity.rater)
        json.field("value", severity.value)
        json.field("standardError", severity.standardError)
      }
      $0.rows("fairScores", part.fairScores) { json, score in
        json.field("unit", score.unit)
        json.field("round", score.round)
        json.field("result", score.result)
        json.field("fairScore", score.fairScore)
        json.field("standardError", score.standardError)
      }
    }
  }
}
