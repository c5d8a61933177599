public import Detection
public import Wording

/// The whole report as one JSON object, schema `plumbline.findings/1`.
///
/// Field names and their order are fixed. `message`, `explanations`, `checks` and `reason` are in the chosen language; every other word is
/// the same in all of them.
public struct JSONReporter: Reporter {
  public var language: Language

  public init(language: Language = .en) { self.language = language }

  public func text(of report: ScreenReport) -> String {
    var writer = JSONWriter(pretty: true)
    writer.object { json in
      json.field("schema", "plumbline.findings/1")
      json.field("version", report.version)
      json.inputs(report.inputs)
      json.evidence("options", report.options)
      json.key("campaign")
      json.onOneLine { campaign(report.campaign, &$0) }
      json.key("rules")
      json.array(report.rules) { json, outcome in json.onOneLine { rule(outcome, &$0) } }
      json.key("findings")
      json.array(report.findings) { json, finding in FindingJSON(language: language).write(finding, to: &json) }
      json.key("calibration")
      json.onOneLine { calibration(report.calibration, &$0) }
      json.key("honestPart")
      HonestPartJSON.write(report.honestPart, to: &json)
      json.strings("remarks", report.remarks.map { $0(language) })
    }
    return writer.text + "\n"
  }

  private func campaign(_ size: CampaignSize, _ json: inout JSONWriter) {
    json.object {
      $0.field("scores", size.scores)
      $0.field("raters", size.raters)
      $0.field("units", size.units)
      $0.field("criteria", size.criteria)
      $0.field("teams", size.teams)
      $0.field("sheets", size.sheets)
      $0.field("missing", size.missing)
    }
  }

  private func rule(_ outcome: RuleOutcome, _ json: inout JSONWriter) {
    json.object {
      $0.field("id", outcome.id)
      switch outcome.status {
      case .evaluated:
        $0.field("status", "evaluated")
        $0.field("reason", nil as String?)
      case .notEvaluated(let reason):
        $0.field("status", "not-evaluated")
        $0.field("reason", reason(language))
      }
      $0.field("tested", outcome.tested)
      $0.field("findings", outcome.findings)
      $0.key("minimumDetectableEffect")
      guard let effect = outcome.minimumDetectableEffect, effect.value.isFinite else { return $0.null() }
      $0.object {
        $0.field("value", effect.value)
        $0.field("unit", effect.unit)
        $0.field("power", effect.power)
        $0.field("exceedsScale", effect.exceedsScale)
      }
    }
  }

  private func calibration(_ calibration: CalibrationSummary?, _ json: inout JSONWriter) {
    guard let calibration else { return json.null() }
    json.object {
      $0.field("campaigns", calibration.campaigns)
      $0.field("errorBudget", calibration.errorBudget)
      $0.field("falseAlarmShare", calibration.falseAlarmShare)
    }
  }
}
