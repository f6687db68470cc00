// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Plugins",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Loba", path: "../..", traits: ["Lua51", "Lua54", "LuaJIT"])],
  targets: [
    .executableTarget(
      name: "Plugins", dependencies: [.product(name: "Loba", package: "Loba")], resources: [.copy("plugins")])
  ]
)
