// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "accuracy",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "plumbline", path: "../..")],
  targets: [
    .executableTarget(name: "accuracy", dependencies: [.product(name: "PlumblineKit", package: "plumbline")])
  ],
  swiftLanguageModes: [.v6]
)
