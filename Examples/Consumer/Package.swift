// swift-tools-version: 6.2
import PackageDescription

// What a package that uses Loba looks like. In a package of your own the dependency is
// `.package(url: "…", from: "…", traits: ["LuaJIT"])`.
let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "../..", traits: ["LuaJIT"])
  ],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [.product(name: "Loba", package: "Loba")],
      resources: [.embedInCode("shop.lua")])
  ]
)
