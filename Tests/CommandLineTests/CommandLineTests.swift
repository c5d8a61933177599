import Detection
import Foundation
import Testing

@Suite struct CommandLineTests {
  @Test func `help tells a stranger what to type`() throws {
    let ending = try Program.run(["--help"])
    #expect(ending.status == 0)
    #expect(ending.errors.isEmpty)
    for word in ["screen", "check", "rules", "Exit code", "plumbline screen scores.csv"] { #expect(ending.output.contains(word)) }
    let chinese = try Program.run(["screen", "--help"], environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(chinese.output.contains("考评员") && chinese.output.contains("退出码"))
    #expect(try Program.run([]).status == 0)
  }

  @Test func `the version names the library that computes`() throws {
    let ending = try Program.run(["--version"])
    #expect(ending.status == 0)
    for word in ["plumbline 0.", "swift 6.", "blas ", "kernels ", "threads "] { #expect(ending.output.contains(word)) }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `completions are generated`(shell: String) throws {
    let ending = try Program.run(["--generate-completion-script", shell])
    #expect(ending.status == 0)
    #expect(ending.output.contains("plumbline") && ending.output.contains("screen"))
  }

  @Test(
    arguments: [
      (["screen"], "Missing expected argument"), (["screen", "--nonsense", "x"], "--nonsense"), (["frobnicate"], "frobnicate"),
      (["screen", "x", "--fdr", "1"], "--fdr 1"), (["screen", "x", "--fdr", "0"], "--fdr 0"),
      (["screen", "x", "--fdr", "nan"], "--fdr nan"),
      (["screen", "x", "--seed", "-1"], "seed"), (["screen", "x", "--only", "no-such-rule"], "no-such-rule"),
      (["screen", "x", "--format", "sarif"], "not in this version"), (["screen", "x", "--format", "pdf"], "json"),
      (["screen", "x", "--reports", "r.csv"], "no rule of this version"), (["screen", "x", "--lang", "fr"], "zh-Hans"),
      (["screen", "x", "--threads", "0"], "--threads"), (["screen", "x", "--delimiter", "ab"], "--delimiter"),
      (["screen", "x", "--encoding", "latin1"], "gb18030"), (["screen", "x", "--column", "rater"], "role=column"),
      (["screen", "x", "--column", "raterr=A"], "rater_group"), (["screen", "x", "--rater", "A", "--column", "rater=B"], "twice"),
      (["screen", "x", "--output", "x"], "replace a file that is read"), (["screen", "x", "--tests", "t", "--output", "./t"], "same file"),
      (["rules", "rater-sevrity"], "rater-sevrity"), (["screen", "/nonexistent/scores.csv"], "/nonexistent/scores.csv"),
    ] as [([String], String)])
  func `a wrong command ends with 2 and says what is wrong`(arguments: [String], says: String) throws {
    let ending = try Program.run(arguments)
    #expect(ending.status == 2)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains(says))
  }

  @Test func `everything that is wrong is said at once`() throws {
    let ending = try Program.run(["screen", "x", "--fdr", "7", "--seed", "y", "--only", "no-such-rule", "--fail-on", "sometimes"])
    #expect(ending.status == 2)
    for option in ["--fdr 7", "--seed y", "--only no-such-rule", "--fail-on sometimes"] { #expect(ending.errors.contains(option)) }
  }

  @Test func `complaints are in the user's language`() throws {
    let ending = try Program.run(["screen", "x", "--fdr", "7"], environment: ["LANG": "zh_CN.UTF-8"])
    #expect(ending.errors.contains("请写 0 与 1 之间的数"))
    let asked = try Program.run(["screen", "x", "--fdr", "7", "--lang", "en"], environment: ["LANG": "zh_CN.UTF-8"])
    #expect(asked.errors.contains("say a number between 0 and 1"))
  }

  @Test func `rules are listed and explained`() throws {
    let list = try Program.run(["rules"])
    #expect(list.status == 0)
    #expect(list.output.contains("plumbline rules ID"))
    let listed = list.output.split(separator: "\n").filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first }
    let ids = RuleRegistry.all.map { $0.card.id }
    #expect(Set(listed.map(String.init)).isSuperset(of: ids))
    for id in ids {
      for language in ["en", "zh-Hans"] {
        let page = try Program.run(["rules", id, "--lang", language])
        #expect(page.status == 0)
        #expect(page.output.contains(id))
      }
    }
  }
}
