// swift-tools-version: 6.2
import CompilerPluginSupport
import PackageDescription

// A backend: a C target that holds everything that includes its lua.h, and a Swift target with its LuaEngine. SwiftPM
// compiles every target of a root package, so a backend whose trait is off compiles to nothing: C by the macro below,
// Swift by `#if`.
func backend(_ name: String) -> [Target] {
  [
    .target(
      name: "C\(name)", dependencies: ["CLobaEngine"], path: "Backends/\(name)/C\(name)",
      cSettings: [.define("LOBA_\(name.uppercased())", .when(traits: [name]))] + staticSettings(name),
      linkerSettings: [
        .linkedLibrary("dl", .when(platforms: [.linux])), .linkedLibrary("pthread", .when(platforms: [.linux])),
      ] + staticLibraries(name)),
    .target(
      name: "\(name)Engine", dependencies: ["LobaCore", .target(name: "C\(name)")],
      path: "Backends/\(name)/\(name)Engine"),
  ]
}

// LOBA_STATIC=lua54 (and so on) links that engine's static library into the program, in place of a shared one that is opened
// at run time: for programs with that engine alone. See docs/engines.md.
let staticEngine = Context.environment["LOBA_STATIC"].flatMap { $0.isEmpty ? nil : $0 }

func staticSettings(_ name: String) -> [CSetting] {
  guard let staticEngine else { return [] }
  return [.define(name.lowercased() == staticEngine ? "LOBA_STATIC" : "LOBA_STATIC_OTHER")]
}

func staticLibraries(_ name: String) -> [LinkerSetting] {
  guard name.lowercased() == staticEngine else { return [] }
  let library = name == "LuaJIT" ? "luajit-5.1" : "lua5.\(name.suffix(1))"
  return [.linkedLibrary(":lib\(library).a"), .linkedLibrary("m")]
}

let engines = ["Lua51", "Lua52", "Lua53", "Lua54", "LuaJIT"]
let engineDependencies = engines.map { Target.Dependency.target(name: "\($0)Engine", condition: .when(traits: [$0])) }

if let staticEngine, !engines.map({ $0.lowercased() }).contains(staticEngine) {
  fatalError("LOBA_STATIC is '\(staticEngine)', which is no engine; there are \(engines.map { $0.lowercased() })")
}

// Products of swift-syntax, which is fetched and built for the trait alone.
func swiftSyntax(_ products: [String], for trait: String) -> [Target.Dependency] {
  products.map { .product(name: $0, package: "swift-syntax", condition: .when(traits: [trait])) }
}

let package = Package(
  name: "Loba",
  platforms: [.macOS(.v15)],
  products: [
    // LobaCore by name, since a client that is not rebuilt when it changes has the old one inlined: SwiftPM looks at the
    // modules of a product's targets only, and Loba's own stays the same.
    .library(name: "Loba", targets: ["Loba", "LobaCore"]),
    .library(name: "LobaCore", targets: ["LobaCore", "CLobaEngine"]),
    .library(name: "LobaConformance", targets: ["LobaConformance"]),
    .library(name: "LobaEval", targets: ["LobaEval"]),
    .library(name: "LobaMacros", targets: ["LobaMacros"]),
    .executable(name: "loba", targets: ["LobaCLI"]),
  ] + engines.map { .library(name: "\($0)Engine", targets: ["\($0)Engine"]) },
  traits: [
    .trait(name: "Lua51", description: "Lua 5.1 (needs the headers of liblua5.1-0-dev)"),
    .trait(name: "Lua52", description: "Lua 5.2 (needs the headers of liblua5.2-dev)"),
    .trait(name: "Lua53", description: "Lua 5.3 (needs the headers of liblua5.3-dev)"),
    .trait(name: "Lua54", description: "Lua 5.4 (needs the headers of liblua5.4-dev)"),
    .trait(name: "LuaJIT", description: "LuaJIT 2.1 (needs the headers of libluajit-5.1-dev)"),
    .trait(name: "Eval", description: "LobaEval: swift.eval with Swift's expressions (builds swift-syntax)"),
    .trait(name: "Macros", description: "LobaMacros: @LuaObject, @LuaInterface, #lua (builds swift-syntax)"),
    .default(enabledTraits: ["Lua54"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
  ],
  targets: [
    .target(name: "CLobaEngine"),
    .target(name: "LobaCore", dependencies: ["CLobaEngine"]),
    .target(name: "Loba", dependencies: ["LobaCore"] + engineDependencies),
    .target(name: "LobaConformance", dependencies: ["LobaCore", "LobaSoak"]),
    .target(name: "LobaSoak", dependencies: ["LobaCore"]),
    .executableTarget(name: "loba-soak", dependencies: ["Loba", "LobaSoak"], path: "Sources/LobaSoakTool"),
    .target(
      name: "LobaEval",
      dependencies: ["LobaCore"]
        + swiftSyntax(
          ["SwiftSyntax", "SwiftParser", "SwiftParserDiagnostics", "SwiftDiagnostics", "SwiftOperators"], for: "Eval")),
    .target(
      name: "LobaMacros",
      dependencies: ["LobaCore", .target(name: "LobaMacrosPlugin", condition: .when(traits: ["Macros"]))]),
    .macro(
      name: "LobaMacrosPlugin",
      dependencies: swiftSyntax(
        [
          "SwiftSyntax", "SwiftSyntaxBuilder", "SwiftParser", "SwiftSyntaxMacros", "SwiftDiagnostics",
          "SwiftCompilerPlugin",
        ],
        for: "Macros")),
    .executableTarget(
      name: "LobaCLI",
      dependencies: ["Loba", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .testTarget(name: "CLITests", dependencies: ["LobaCLI", "Loba"]),
    .testTarget(name: "ConformanceTests", dependencies: ["Loba", "LobaConformance", "LobaCore", "CLobaEngine"]),
    .testTarget(name: "DocumentationTests", dependencies: ["Loba", "LobaConformance", "LobaCore"]),
    .testTarget(name: "EvalTests", dependencies: ["Loba", "LobaEval"]),
    .testTarget(
      name: "MacroTests",
      dependencies: ["Loba", "LobaMacros", .target(name: "LobaMacrosPlugin", condition: .when(traits: ["Macros"]))]
        + swiftSyntax(
          [
            "SwiftSyntax", "SwiftSyntaxBuilder", "SwiftSyntaxMacros", "SwiftSyntaxMacroExpansion",
            "SwiftSyntaxMacrosGenericTestSupport",
          ], for: "Macros")),
    .testTarget(name: "SafetyTests", dependencies: ["Loba", "LobaConformance"]),
  ] + engines.flatMap(backend),
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)

for target in package.targets {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
