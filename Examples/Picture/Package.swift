// swift-tools-version: 6.2
import PackageDescription

// What the examples that make pictures have in common.
let package = Package(
  name: "Picture",
  products: [.library(name: "Picture", targets: ["Picture"])],
  targets: [
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "Picture", dependencies: ["CPNG"]),
  ]
)
