public import Foundation

/// The files of a simulated campaign.
public enum SimulatedFile: String, Sendable, CaseIterable {
  /// `sequence,team,rater,unit,criterion,score,rater_group,unit_group[,category]`, in the order of submission.
  case scores = "scores.csv"
  /// `type,rater,partner,unit,group,magnitude`, one row a planted fact.
  case truth = "truth.csv"
  /// `rater,team,rater_group,label,severity_true,team_severity_true`
  case raters = "raters.csv"
  /// `unit,unit_group,category,effect_true`
  case units = "units.csv"
  /// `criterion,full,step,effect_true`
  case criteria = "criteria.csv"
  /// `unit,criterion,period,target,reported,verified`; nested designs only.
  case reports = "reports.csv"
  /// `team,rater,unit,criterion,reported,verified`; only when sheets are audited.
  case audit = "audit.csv"
  case campaign = "campaign.yml"
}

extension SimulatedCampaign {
  /// The files this campaign has.
  public var files: [SimulatedFile] {
    SimulatedFile.allCases.filter { file in
      switch file {
      case .reports: !reports.isEmpty
      case .audit: !auditedSheets.isEmpty
      default: true
      }
    }
  }

  /// Writes the campaign's files (or those of `only`) into a directory, which is made if need be, and returns their places.
  ///
  /// Bytes depend on the plan and the seed alone. All files are put together in memory before the first is written, each beside its place and renamed,
  /// so that there are all of them or none, and no empty directory. `isCancelled` is asked between chunks of about a megabyte until then, and when it says so
  /// `CancellationError` is thrown. Throws what the file system throws.
  @discardableResult
  public func write(
    to directory: URL, only: Set<SimulatedFile>? = nil, isCancelled: () -> Bool = { false }
  ) throws -> [URL] {
    let ready = try files.filter { only?.contains($0) ?? true }.map { file in
      var data = Data()
      if file == .scores { data.reserveCapacity(72 * scores.count) }
      try emit(file) { buffer in
        if isCancelled() { throw CancellationError() }
        data.append(contentsOf: buffer.bytes)
      }
      return (place: directory.appendingPathComponent(file.rawValue), data: data)
    }
    if isCancelled() { throw CancellationError() }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for file in ready { try file.data.write(to: file.place, options: .atomic) }
    return ready.map(\.place)
  }

  /// The bytes of one file, for standard output or a test.
  public func bytes(of file: SimulatedFile) -> [UInt8] {
    var all: [UInt8] = []
    emit(file) { all += $0.bytes }
    return all
  }

  /// Hands the file over in chunks.
  private func emit<Failure: Error>(_ file: SimulatedFile, to write: (ByteBuffer) throws(Failure) -> Void) throws(Failure) {
    switch file {
    case .scores: try emitScores(to: write)
    case .audit: try emitAudit(to: write)
    case .truth: try write(truthRows())
    case .raters: try write(raterRows())
    case .units: try write(unitRows())
    case .criteria: try write(criterionRows())
    case .reports: try write(reportRows())
    case .campaign:
      var buffer = ByteBuffer(capacity: 4_096)
      buffer.append(text: campaignText)
      try write(buffer)
    }
  }
}
