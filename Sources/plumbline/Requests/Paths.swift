import Foundation
import Wording

/// Files that a command names twice.
enum Paths {
  /// What is wrong when something is written over what is read, or two things to one place; nil when nothing is.
  static func problem(reads: [String?], writes: [(option: String, path: String?)]) -> Text? {
    let read = Set(reads.compactMap { $0 }.filter { $0 != "-" }.map(resolved))
    var written: [String: String] = [:]
    for case (let option, let path?) in writes where !path.isEmpty {
      let place = resolved(path)
      if place.hasPrefix("/dev/") { continue }
      if read.contains(place) {
        return Text("\(option) \(path) would replace a file that is read; name another.", zh: "\(option) \(path) 会覆盖输入文件，请换一个文件名。")
      }
      if let other = written[place] {
        return Text("\(other) and \(option) name the same file.", zh: "\(other) 与 \(option) 指定了同一个文件。")
      }
      written[place] = option
    }
    return nil
  }

  private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path }
}
