import Foundation
import Testing

/// The registry of coefficients against the folder: what is not registered cannot be asked for.
@Suite struct CoefficientFolderTests {
  static let folder = "Sources/Analysis/Agreement/Coefficients"
  static let registry = folder + "/CoefficientRegistry.swift"

  @Test func `every coefficient of the folder is registered once`() throws {
    let declared = Tree.files(under: Self.folder).filter { $0.path != Self.registry }
      .flatMap { Tree.code(of: $0.text).matches(of: /public static let (\w+)/).map { String($0.1) } }
    let all = try #require(Tree.code(of: Tree.file(Self.registry).text).firstMatch(of: /\[AgreementCoefficient\] = \[([^\]]*)\]/))
    let registered = all.1.matches(of: /\.(\w+)/).map { String($0.1) }
    #expect(declared.sorted() == registered.sorted())
  }
}
