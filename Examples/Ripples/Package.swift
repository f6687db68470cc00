// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Ripples",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "../..", traits: ["Lua51", "Lua54", "LuaJIT"]),
    .package(path: "../Picture"),
  ],
  targets: [
    .executableTarget(
      name: "Ripples",
      dependencies: [.product(name: "Loba", package: "Loba"), .product(name: "Picture", package: "Picture")],
      resources: [.embedInCode("ripples.lua")])
  ]
)
