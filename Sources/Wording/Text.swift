/// A sentence in the languages a supervisor reads. Both are written out beside each other, so that neither is forgotten.
public struct Text: Sendable, Equatable {
  public var en: String
  public var zh: String

  public init(_ en: String, zh: String) {
    self.en = en
    self.zh = zh
  }

  public func callAsFunction(_ language: Language) -> String {
    switch language {
    case .en: en
    case .zhHans: zh
    }
  }
}

public enum Language: String, Sendable, CaseIterable {
  case en
  case zhHans = "zh-Hans"
}
