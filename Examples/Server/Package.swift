// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Server",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "../..", traits: ["Lua54"]),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    .executableTarget(
      name: "Server",
      dependencies: [.product(name: "Loba", package: "Loba"), .product(name: "FlyingFox", package: "FlyingFox")],
      resources: [.embedInCode("pages.lua")])
  ]
)
