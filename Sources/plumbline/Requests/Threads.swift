/// How many threads to use; no result depends on it.
enum Threads {
  static func number(_ typed: String?, processors: Int, _ problems: inout Problems) -> Int {
    guard let typed else { return max(1, processors) }
    if let number = Int(typed), (1...1024).contains(number) { return number }
    problems.add("--threads \(typed): say a whole number from 1 to 1024.", zh: "--threads \(typed)：请写 1 至 1024 的整数。")
    return 1
  }
}
