import Detection

/// What merit, severity, criterion and ordinary noise explain, with the account of the fit.
enum HonestPartJSON {
  static func write(_ part: HonestPartSummary?, to json: inout JSONWriter) {
    guard let part else { return json.null() }
    json.object {
      $0.key("components")
      $0.array(part.components) { json, component in
        json.onOneLine {
          $0.object {
            $0.field("name", component.name)
            $0.field("standardDeviation", component.standardDeviation)
          }
        }
      }
      $0.evidence("account", part.account)
      $0.key("severities")
      $0.array(part.severities) { json, severity in
        json.onOneLine {
          $0.object {
            $0.field("rater", severity.rater)
            $0.field("value", severity.value)
            $0.field("standardError", severity.standardError)
          }
        }
      }
      $0.key("fairScores")
      $0.array(part.fairScores) { json, score in
        json.onOneLine {
          $0.object {
            $0.field("unit", score.unit)
            $0.field("round", score.round)
            $0.field("result", score.result)
            $0.field("fairScore", score.fairScore)
            $0.field("standardError", score.standardError)
          }
        }
      }
    }
  }
}
