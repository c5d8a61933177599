// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "agreement",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "plumbline", path: "../..")],
  targets: [
    .executableTarget(name: "AgreementBenchmark", dependencies: [.product(name: "PlumblineKit", package: "plumbline")])
  ],
  swiftLanguageModes: [.v6]
)
