import Foundation
import Simulation
import Testing

@Suite struct SimulatedFilesTests {
  static func text(_ campaign: SimulatedCampaign, _ file: SimulatedFile) -> [String] {
    String(decoding: campaign.bytes(of: file), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func scoresAreWrittenAsTheyAre() throws {
    let campaign = try Simulator.run(Preset.case.plan, seed: 2026)
    let lines = Self.text(campaign, .scores)
    #expect(lines[0] == "sequence,team,rater,unit,criterion,score,rater_group,unit_group,category")
    #expect(lines.count == campaign.scores.count + 2 && lines.last == "")
    var line = 1
    for s in 0..<campaign.sheetCount {
      let rater = campaign.raters[Int(campaign.sheetRater[s])]
      let unit = campaign.units[Int(campaign.sheetUnit[s])]
      for cell in campaign.sheetStart[s]..<campaign.sheetStart[s + 1] {
        let criterion = campaign.criteria[Int(campaign.sheetFirstCriterion[s]) + cell - campaign.sheetStart[s]].name
        let fields = lines[line].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(fields.count == 9)
        #expect(fields[0] == String(s + 1) && fields[1] == rater.team ?? "" && fields[2] == rater.name && fields[3] == unit.name)
        #expect(fields[4] == criterion && Double(fields[5]) == campaign.scores[cell])
        #expect(fields[6] == rater.group && fields[7] == unit.group && fields[8] == unit.category)
        line += 1
      }
    }
  }

  @Test func theTruthFileNamesWhatWasPlanted() throws {
    let campaign = try Simulator.run(Preset.nested.plan, seed: 1)
    let lines = Self.text(campaign, .truth)
    #expect(lines[0] == "type,rater,partner,unit,group,magnitude")
    #expect(lines.count == campaign.truth.count + 2)
    for (line, fact) in zip(lines.dropFirst(), campaign.truth) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      #expect(fields[0] == fact.anomaly.rawValue)
      #expect(fields[1] == fact.rater.map { campaign.raters[$0].name } ?? "")
      #expect(fields[3] == fact.unit.map { campaign.units[$0].name } ?? "")
      #expect(abs((Double(fields[5]) ?? .nan) - fact.magnitude) < 0.0005)
    }
  }

  @Test func filesAppearWholeAndReplaceOldOnes() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("plumbline-simulation-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let campaign = try Simulator.run(Preset.nested.plan, seed: 1)
    for _ in 0..<2 { try campaign.write(to: directory) }
    let written = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    #expect(written == campaign.files.map(\.rawValue).sorted())
    for file in campaign.files {
      #expect(try Array(Data(contentsOf: directory.appendingPathComponent(file.rawValue))) == campaign.bytes(of: file))
    }
  }

  @Test func aCancelledWriteLeavesTheOldFile() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("plumbline-simulation-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    try Simulator.run(Preset.small.plan, seed: 1).write(to: directory, only: [.scores])
    let before = try Data(contentsOf: directory.appendingPathComponent("scores.csv"))
    var asked = 0
    #expect(throws: CancellationError.self) {
      try Simulator.run(Preset.medium.plan, seed: 1).write(to: directory) {
        asked += 1
        return asked > 3
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["scores.csv"])
    #expect(try Data(contentsOf: directory.appendingPathComponent("scores.csv")) == before)
  }

  @Test func aWriteThatIsCancelledAtItsLastQuestionWritesNothing() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("plumbline-simulation-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let campaign = try Simulator.run(Preset.small.plan, seed: 1)
    var questions = 0
    try campaign.write(to: directory) {
      questions += 1
      return false
    }
    try FileManager.default.removeItem(at: directory)
    var asked = 0
    #expect(throws: CancellationError.self) {
      try campaign.write(to: directory) {
        asked += 1
        return asked == questions
      }
    }
    #expect(!FileManager.default.fileExists(atPath: directory.path))
  }

  @Test func theSampleCampaignIsWhatTheCommandMakes() throws {
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Datasets/sample-campaign")
    let campaign = try Simulator.run(Preset.case.plan, seed: 2026)
    for file in [SimulatedFile.scores, .truth, .reports, .campaign] {
      #expect(try Array(Data(contentsOf: sample.appendingPathComponent(file.rawValue))) == campaign.bytes(of: file))
    }
  }
}
