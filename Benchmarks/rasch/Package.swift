// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "rasch",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "plumbline", path: "../..")],
  targets: [
    .executableTarget(name: "RaschBenchmark", dependencies: [.product(name: "PlumblineKit", package: "plumbline")])
  ],
  swiftLanguageModes: [.v6]
)
