public import Wording

/// One thing wrong with a campaign file: where, what, and what to do about it.
public struct CampaignProblem: Sendable, Equatable {
  /// From 1; nil when the file as a whole is meant.
  public var line: Int?
  public var message: Text
  public var remedy: Text

  public init(line: Int?, message: Text, remedy: Text) {
    self.line = line
    self.message = message
    self.remedy = remedy
  }
}

/// Everything that is wrong with a campaign file.
public struct CampaignFileError: Error, Sendable, CustomStringConvertible {
  /// The name of the file as the user typed it.
  public var source: String
  public var problems: [CampaignProblem]

  public init(source: String, problems: [CampaignProblem]) {
    self.source = source
    self.problems = problems
  }

  /// One problem a line: `campaign.yml: line 3: … .`
  public func description(in language: Language) -> String {
    problems.map { problem in
      let place = problem.line.map { Text("line \($0): ", zh: "第 \($0) 行：")(language) } ?? ""
      let parts = Text(
        "\(source): \(place)\(problem.message.en). \(problem.remedy.en)", zh: "\(source)：\(place)\(problem.message.zh)。\(problem.remedy.zh)"
      )
      return parts(language)
    }.joined(separator: "\n")
  }

  public var description: String { description(in: .en) }
}
