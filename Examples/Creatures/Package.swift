// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Creatures",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Loba", path: "../..", traits: ["Lua51", "Lua54", "LuaJIT"])],
  targets: [
    .executableTarget(
      name: "Creatures", dependencies: [.product(name: "Loba", package: "Loba")],
      resources: [.embedInCode("hare.lua"), .embedInCode("fox.lua"), .embedInCode("fox2.lua")])
  ]
)
