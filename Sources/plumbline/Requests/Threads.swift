/// How many threads to use; no result depends on it.
enum Threads {
  static func number(_ typed: String?, processors: Int, _ problems: inout Problems) -> Int {
    problems.whole(typed, option: "--threads", in: 1...1024) ?? max(1, processors)
  }
}
