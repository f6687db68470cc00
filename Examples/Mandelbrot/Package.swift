// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Mandelbrot",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "../..", traits: ["Lua51", "Lua54", "LuaJIT"]),
    .package(path: "../Picture"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "mandelbrot",
      dependencies: [
        .product(name: "Picture", package: "Picture"), .product(name: "Loba", package: "Loba"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Mandelbrot", resources: [.embedInCode("mandelbrot.lua")])
  ]
)
