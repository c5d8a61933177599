/// A file that was read, and its SHA-256 in hexadecimal.
public struct Input: Sendable, Equatable {
  public var name: String
  public var sha256: String

  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}
