/// Every rule, in the order in which they are listed. A test compares this list with the folder.
public enum RuleRegistry {
  public static let all: [any Rule.Type] = []

  public static func rule(_ id: String) -> (any Rule.Type)? { all.first { $0.card.id == id } }
}
