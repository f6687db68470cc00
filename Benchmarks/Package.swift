// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that clients of Loba neither resolve nor build it. Always run in release: see README.md.
let engines = ["51", "54", "JIT"]
let traits = ["Lua51", "Lua54", "LuaJIT"]

// As in Loba's own manifest: that engine alone, linked into the program, on both sides.
let staticEngine = Context.environment["LOBA_STATIC"] ?? ""
let enabled = Set(
  traits.filter { staticEngine.isEmpty || $0.lowercased() == staticEngine }.map(
    Package.Dependency.Trait.init(stringLiteral:)))

let package = Package(
  name: "LobaBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "..", traits: enabled),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "loba-bench",
      dependencies: [
        .product(name: "Loba", package: "Loba"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + engines.map { .target(name: "CTwin\($0)") },
      path: "Sources/LobaBench",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
    .target(name: "CTwin", path: "Sources/Twins/CTwin"),
  ]
    + engines.map {
      .target(
        name: "CTwin\($0)", dependencies: ["CTwin"], path: "Sources/Twins/CTwin\($0)",
        cSettings: "lua\($0.lowercased())" == staticEngine ? [.define("LOBA_STATIC")] : [],
        linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))])
    },
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
