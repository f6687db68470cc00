// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Mandelbrot",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Loba", path: "../..", traits: ["Lua51", "Lua54", "LuaJIT"]),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .executableTarget(
      name: "mandelbrot",
      dependencies: [
        "CPNG", .product(name: "Loba", package: "Loba"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Mandelbrot", resources: [.embedInCode("mandelbrot.lua")]),
  ]
)
