import Detection
import Wording

/// Which rules run and how strict they are: values made of `RuleArguments`.
struct RuleRequest {
  /// Nil: what the campaign file says.
  var errorBudget: Double?
  var seed: UInt64
  var only: [String] = []
  var except: [String] = []

  init(_ typed: RuleArguments, known: [String] = RuleNames.all, _ problems: inout Problems) {
    errorBudget = problems.number(typed.fdr, option: "--fdr", above: 0, below: 1)
    seed = problems.seed(typed.seed) ?? 1
    only = Self.names(typed.only, option: "--only", known, &problems)
    except = Self.names(typed.except, option: "--except", known, &problems)
    let excluded = Set(except)
    if !only.isEmpty && only.allSatisfy(excluded.contains) {
      problems.add("--only and --except together leave no rule to run.", zh: "--only 与 --except 合用后没有规则可运行。")
    }
  }

  /// Rule ids, comma-separated or one an option, without repeats.
  private static func names(_ typed: [String], option: String, _ known: [String], _ problems: inout Problems) -> [String] {
    var names: [String] = []
    for name in typed.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }) where !names.contains(name) {
      names.append(name)
      problems.add(RuleNames.problem(name, option: option, known: known))
    }
    return names
  }
}
