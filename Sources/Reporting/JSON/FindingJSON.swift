import Detection
import Wording

/// One finding as a JSON object: an element of `findings`, and a line of JSON Lines.
struct FindingJSON {
  var language: Language

  func write(_ finding: Finding, to json: inout JSONWriter) {
    json.object {
      $0.field("id", finding.id)
      $0.field("rule", finding.rule)
      $0.field("level", finding.level.rawValue)
      $0.key("subjects")
      $0.onOneLine { subjects(finding.subjects, &$0) }
      $0.key("effect")
      $0.onOneLine { effect(finding.effect, &$0) }
      $0.field("pValue", finding.pValue)
      $0.field("qValue", finding.qValue)
      $0.evidence("evidence", finding.evidence)
      $0.key("impact")
      $0.onOneLine { impact(finding.impact, &$0) }
      $0.field("message", finding.message(language))
      $0.key("explanations")
      $0.array(finding.explanations) { $0.string($1(language)) }
      $0.key("checks")
      $0.array(finding.checks) { $0.string($1(language)) }
      $0.key("rows")
      $0.onOneLine { $0.array(finding.rows) { $0.integer($1) } }
    }
  }

  private func subjects(_ subjects: Subjects, _ json: inout JSONWriter) {
    json.object {
      $0.strings("raters", subjects.raters)
      $0.strings("units", subjects.units)
      $0.strings("teams", subjects.teams)
      $0.strings("criteria", subjects.criteria)
      $0.strings("groups", subjects.groups)
    }
  }

  private func effect(_ effect: Effect?, _ json: inout JSONWriter) {
    guard let effect else { return json.null() }
    json.object {
      $0.field("value", effect.value)
      $0.field("low", effect.low)
      $0.field("high", effect.high)
      $0.field("unit", effect.unit)
    }
  }

  private func impact(_ impact: Impact, _ json: inout JSONWriter) {
    json.object {
      $0.rows("rankChanges", impact.rankChanges) { json, change in
        json.field("unit", change.unit)
        json.field("from", change.from)
        json.field("to", change.to)
      }
      $0.strings("awards", impact.awards)
    }
  }
}
