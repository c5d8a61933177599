// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "mixed-models",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "plumbline", path: "../..")],
  targets: [
    .executableTarget(name: "MixedModelBenchmark", dependencies: [.product(name: "PlumblineKit", package: "plumbline")])
  ],
  swiftLanguageModes: [.v6]
)
