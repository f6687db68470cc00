// swift-tools-version: 6.2
import PackageDescription

// An engine that is not part of Loba: Lua 5.5, in a package of its own. What it costs is Sources/CLua55 and
// Sources/Lua55Engine; the rest puts it through Loba's conformance suite. `./check.sh` builds Lua 5.5 and runs that.
let package = Package(
  name: "OwnEngine",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Loba", path: "../..", traits: [])],
  targets: [
    .target(
      name: "CLua55", dependencies: [.product(name: "LobaCore", package: "Loba")],
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])), .linkedLibrary("pthread", .when(platforms: [.linux])),
      ]),
    .target(name: "Lua55Engine", dependencies: ["CLua55", .product(name: "LobaCore", package: "Loba")]),
    .executableTarget(
      name: "CheckEngine", dependencies: ["Lua55Engine", .product(name: "LobaConformance", package: "Loba")]),
  ],
  cLanguageStandard: .gnu11
)
