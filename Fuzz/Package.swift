// swift-tools-version: 6.2
import PackageDescription

// A package of its own, since only such a one may have unsafe flags. Built by run.sh, which adds --sanitize=fuzzer: without it
// there is no main function.
let package = Package(
  name: "LobaFuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Loba", path: "..", traits: ["Lua51", "Lua52", "Lua53", "Lua54", "LuaJIT"])],
  targets: [
    .executableTarget(
      name: "loba-fuzz",
      dependencies: [.product(name: "Loba", package: "Loba")],
      path: "Sources/LobaFuzz",
      swiftSettings: [
        .unsafeFlags(["-parse-as-library"]),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
