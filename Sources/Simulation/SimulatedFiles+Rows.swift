extension SimulatedCampaign {
  private static let chunk = 1 << 20

  func emitScores<Failure: Error>(to write: (ByteBuffer) throws(Failure) -> Void) throws(Failure) {
    // What comes before and after a score is the same for the whole sheet and known by rater and unit, so it is encoded once.
    let raterPart = raters.map { ByteBuffer.field($0.team ?? "") + [ByteBuffer.comma] + ByteBuffer.field($0.name) }
    let raterGroup = raters.map { ByteBuffer.field($0.group) }
    let unitName = units.map { ByteBuffer.field($0.name) }
    let hasCategory = units.contains { $0.category != nil }
    let unitTail = units.map { unit -> [UInt8] in
      let group = ByteBuffer.field(unit.group)
      return hasCategory ? group + [ByteBuffer.comma] + ByteBuffer.field(unit.category ?? "") : group
    }
    let criterion = criteria.map { ByteBuffer.field($0.name) }
    let decimals = criteria.map { $0.scale.perPoint == 1 ? 0 : 1 }

    var buffer = ByteBuffer(capacity: SimulatedCampaign.chunk + 4_096)
    buffer.append(text: "sequence,team,rater,unit,criterion,score,rater_group,unit_group\(hasCategory ? ",category" : "")\n")
    var head = ByteBuffer(capacity: 256)
    var tail = ByteBuffer(capacity: 256)
    for s in 0..<sheetCount {
      let rater = Int(sheetRater[s])
      let unit = Int(sheetUnit[s])
      head.clear()
      head.append(s + 1)
      head.append(ByteBuffer.comma)
      head.append(raterPart[rater])
      head.append(ByteBuffer.comma)
      head.append(unitName[unit])
      head.append(ByteBuffer.comma)
      tail.clear()
      tail.append(ByteBuffer.comma)
      tail.append(raterGroup[rater])
      tail.append(ByteBuffer.comma)
      tail.append(unitTail[unit])
      tail.append(ByteBuffer.newline)
      var c = Int(sheetFirstCriterion[s])
      for cell in sheetStart[s]..<sheetStart[s + 1] {
        buffer.append(head.bytes)
        buffer.append(criterion[c])
        buffer.append(ByteBuffer.comma)
        buffer.append(scores[cell], decimals: decimals[c])
        buffer.append(tail.bytes)
        c += 1
      }
      if buffer.bytes.count >= SimulatedCampaign.chunk {
        try write(buffer)
        buffer.clear()
      }
    }
    try write(buffer)
  }

  func emitAudit<Failure: Error>(to write: (ByteBuffer) throws(Failure) -> Void) throws(Failure) {
    let raterPart = raters.map { ByteBuffer.field($0.team ?? "") + [ByteBuffer.comma] + ByteBuffer.field($0.name) + [ByteBuffer.comma] }
    let unitPart = units.map { ByteBuffer.field($0.name) + [ByteBuffer.comma] }
    let criterionPart = criteria.map { ByteBuffer.field($0.name) + [ByteBuffer.comma] }
    var buffer = ByteBuffer(capacity: SimulatedCampaign.chunk + 4_096)
    buffer.append(text: "team,rater,unit,criterion,reported,verified\n")
    var next = 0
    for s in auditedSheets {
      var c = Int(sheetFirstCriterion[s])
      for cell in sheetStart[s]..<sheetStart[s + 1] {
        buffer.append(raterPart[Int(sheetRater[s])])
        buffer.append(unitPart[Int(sheetUnit[s])])
        buffer.append(criterionPart[c])
        buffer.append(scores[cell], decimals: 1)
        buffer.append(ByteBuffer.comma)
        buffer.append(verifiedScores[next], decimals: 1)
        buffer.append(ByteBuffer.newline)
        next += 1
        c += 1
      }
      if buffer.bytes.count >= SimulatedCampaign.chunk {
        try write(buffer)
        buffer.clear()
      }
    }
    try write(buffer)
  }

  func truthRows() -> ByteBuffer {
    rows("type,rater,partner,unit,group,magnitude", truth) { buffer, fact in
      buffer.append(text: fact.anomaly.rawValue)
      for field in [fact.rater.map { raters[$0].name }, fact.partner, fact.unit.map { units[$0].name }, fact.group] {
        buffer.append(ByteBuffer.comma)
        buffer.append(field: field ?? "")
      }
      buffer.append(ByteBuffer.comma)
      buffer.append(fact.magnitude, decimals: 3)
    }
  }

  func raterRows() -> ByteBuffer {
    rows("rater,team,rater_group,label,severity_true,team_severity_true", raters) { buffer, rater in
      for field in [rater.name, rater.team ?? "", rater.group, rater.label] {
        buffer.append(field: field)
        buffer.append(ByteBuffer.comma)
      }
      buffer.append(rater.severity, decimals: 6)
      buffer.append(ByteBuffer.comma)
      buffer.append(rater.teamSeverity, decimals: 6)
    }
  }

  func unitRows() -> ByteBuffer {
    rows("unit,unit_group,category,effect_true", units) { buffer, unit in
      for field in [unit.name, unit.group, unit.category ?? ""] {
        buffer.append(field: field)
        buffer.append(ByteBuffer.comma)
      }
      buffer.append(unit.effect, decimals: 6)
    }
  }

  func criterionRows() -> ByteBuffer {
    rows("criterion,full,step,effect_true", criteria) { buffer, criterion in
      buffer.append(field: criterion.name)
      buffer.append(ByteBuffer.comma)
      buffer.append(criterion.scale.maximum)
      buffer.append(ByteBuffer.comma)
      buffer.append(criterion.scale.step, decimals: 1)
      buffer.append(ByteBuffer.comma)
      buffer.append(criterion.effect, decimals: 6)
    }
  }

  func reportRows() -> ByteBuffer {
    rows("unit,criterion,period,target,reported,verified", reports) { buffer, report in
      buffer.append(field: units[report.unit].name)
      buffer.append(ByteBuffer.comma)
      buffer.append(field: criteria[report.criterion].name)
      buffer.append(text: ",Q")
      buffer.append(report.period)
      for value in [report.target, report.reported, report.verified] {
        buffer.append(ByteBuffer.comma)
        buffer.append(value, decimals: 1)
      }
    }
  }

  private func rows<Row>(_ header: String, _ items: [Row], _ line: (inout ByteBuffer, Row) -> Void) -> ByteBuffer {
    var buffer = ByteBuffer(capacity: 64 * (items.count + 1))
    buffer.append(text: header)
    buffer.append(ByteBuffer.newline)
    for item in items {
      line(&buffer, item)
      buffer.append(ByteBuffer.newline)
    }
    return buffer
  }
}
