// swift-tools-version: 6.2
import PackageDescription

// Every unsafe call must say so, and a test checks that the word occurs under Sources/LinearAlgebra only.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(name: name + "Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: strict)
}

let package = Package(
  name: "plumbline",
  platforms: [.macOS(.v26)],
  products: [
    .library(
      name: "PlumblineKit",
      targets: ["Wording", "Statistics", "Models", "Scores", "CampaignFile", "Simulation", "Detection", "Analysis", "Reporting"]),
    .executable(name: "plumbline", targets: ["plumbline"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Debian: libopenblas-dev liblapacke-dev.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    // Two functions that Swift cannot call: how wide is the terminal, and when to give memory back.
    .systemLibrary(name: "CSystem"),
    library("Parallel"),
    library("LinearAlgebra", ["COpenBLAS"]),
    library("Statistics", ["LinearAlgebra", "Parallel"]),
    library("Models", ["LinearAlgebra", "Parallel", "Statistics"]),
    library("Digest", [.product(name: "Crypto", package: "swift-crypto")]),
    library("Wording"),
    library("Scores", ["Parallel", "Wording"]),
    library("CampaignFile", ["Scores", "Wording", .product(name: "Yams", package: "Yams")]),
    library("Simulation", ["Wording", "Scores", "Statistics"]),
    library("Detection", ["Wording", "Parallel", "Scores", "Statistics", "Models", "Digest"]),
    library("Analysis", ["Wording", "Scores", "Statistics", "Models"]),
    library("Reporting", ["Wording", "Scores", "Detection", "Analysis"]),
    .executableTarget(
      name: "plumbline",
      dependencies: [
        "Wording", "Scores", "CampaignFile", "Simulation", "Models", "Detection", "Analysis", "Reporting", "Digest", "LinearAlgebra",
        "CSystem",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    tests(of: "Parallel"),
    tests(of: "LinearAlgebra"),
    tests(of: "Statistics"),
    tests(of: "Models", ["Statistics", "LinearAlgebra"]),
    tests(of: "Wording"),
    tests(of: "Digest"),
    tests(of: "Scores"),
    tests(of: "CampaignFile", ["Scores"]),
    tests(of: "Simulation", ["Scores", "Statistics", "Wording"]),
    tests(of: "Detection", ["Scores", "Simulation", "Statistics", "Models"]),
    tests(of: "Analysis", ["Scores", "Models"]),
    tests(of: "Reporting", ["Scores", "Detection", "Analysis"]),
    .testTarget(name: "CommandLineTests", dependencies: ["plumbline", "Wording", "Detection"], swiftSettings: strict),
    .testTarget(name: "HouseTests", dependencies: ["Detection"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
