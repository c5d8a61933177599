import ArgumentParser

/// What was typed about the table of an analysis of agreement.
struct AgreementColumnArguments: ParsableArguments {
  @OptionGroup var columns: ScoreColumnArguments
  @Option(help: help("The column with the round.", zh: "轮次所在列。", "column"))
  var round: String?
  @OptionGroup var layout: LayoutArguments
}
