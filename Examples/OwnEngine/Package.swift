// swift-tools-version: 6.2
import PackageDescription

// An engine that is not part of Loba: Lua 5.3, in a package of its own. What it costs is Sources/CLua53/lua53.c and
// Sources/Lua53Engine; the rest runs Loba's conformance suite on it.
let package = Package(
  name: "OwnEngine",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Loba", path: "../..", traits: [])],
  targets: [
    .target(name: "CLua53", dependencies: [.product(name: "LobaCore", package: "Loba")]),
    .target(name: "Lua53Engine", dependencies: ["CLua53", .product(name: "LobaCore", package: "Loba")]),
    .executableTarget(
      name: "CheckEngine", dependencies: ["Lua53Engine", .product(name: "LobaConformance", package: "Loba")]),
  ],
  cLanguageStandard: .gnu11
)
