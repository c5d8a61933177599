import CampaignFile
import Foundation
import Testing

@Suite struct ReadmeExampleTests {
  @Test func `the campaign file in the README can be read`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let begin = try #require(readme.range(of: "```yaml\n"))
    let end = try #require(readme.range(of: "\n```", range: begin.upperBound..<readme.endIndex))
    let campaign = try CampaignReader.parse(String(readme[begin.upperBound..<end.lowerBound]), source: "README.md")
    #expect(campaign.columns == ["rater": "Judge", "unit_group": "7"])
    #expect(campaign.criteria["Safety"]?.weight == 0.5 && campaign.awards.count == 2 && campaign.roster.count == 2)
    #expect(campaign.panelSize == 5 && campaign.completeSheets == true && campaign.errorBudget == 0.05)
  }
}
