import Detection
import Wording

/// The fixed words of the reports that more than one of them uses.
enum Words {
  static func level(_ level: Level) -> Text {
    switch level {
    case .error: Text("ERROR", zh: "严重")
    case .warning: Text("WARNING", zh: "一般")
    case .note: Text("NOTE", zh: "提示")
    }
  }

  /// `2 errors`, `2 个严重疑点`.
  static func count(_ n: Int, of level: Level, _ language: Language) -> String {
    let number = Figures.count(n)
    return switch (level, language) {
    case (.error, .en): "\(number) error\(n == 1 ? "" : "s")"
    case (.warning, .en): "\(number) warning\(n == 1 ? "" : "s")"
    case (.note, .en): "\(number) note\(n == 1 ? "" : "s")"
    case (.error, .zhHans): "严重疑点 \(number) 个"
    case (.warning, .zhHans): "一般疑点 \(number) 个"
    case (.note, .zhHans): "提示 \(number) 条"
    }
  }

  static func separator(_ language: Language) -> String { language == .en ? "; " : "；" }
  static func listSeparator(_ language: Language) -> String { language == .en ? ", " : "、" }
}
