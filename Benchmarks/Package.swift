// swift-tools-version: 6.2
import PackageDescription

// The programs behind the comparisons, in one package of their own so that an ordinary build makes none of them. Each folder has the script
// that runs its program beside its peers.
func benchmark(_ name: String, in folder: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.product(name: "PlumblineKit", package: "plumbline")], path: "\(folder)/Sources/\(name)")
}

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "plumbline", path: "..")],
  targets: [
    benchmark("reading", in: "reading"),
    benchmark("MixedModelBenchmark", in: "mixed-models"),
    benchmark("RaschBenchmark", in: "rasch"),
    benchmark("AgreementBenchmark", in: "agreement"),
    benchmark("RobustBenchmark", in: "robust"),
    benchmark("accuracy", in: "accuracy"),
  ],
  swiftLanguageModes: [.v6]
)
