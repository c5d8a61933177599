public import Scores
public import Wording

/// A facet as people know it: what it is called, and the names of its levels.
public struct RaschFacet: Sendable, Equatable {
  /// In ids and options: the role (`rater`) where it has one, else the column's header.
  public var id: String
  public var label: Text
  public var role: ColumnRole?
  public var names: [String]

  public init(id: String, role: ColumnRole?, names: [String]) {
    self.id = id
    self.role = role
    self.names = names
    label = role?.term ?? Text(id, zh: id)
  }

  /// What a higher measure means.
  var direction: Text {
    switch role {
    case .unit: Text("higher is better", zh: "度量值越高越好")
    case .criterion: Text("higher is more difficult", zh: "度量值越高，得分越难")
    default: Text("higher is more severe", zh: "度量值越高，评分越严")
    }
  }
}
