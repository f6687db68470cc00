import CTwin
import CTwin51
import CTwin54
import CTwinJIT
import Loba

/// The plain-C side of a case on one engine.
final class Twin {
  private let engine: twin_engine
  private let twin: OpaquePointer

  init(_ name: String, on engine: any LuaEngine) throws {
    self.engine = try Self.engine(engine)
    guard let twin = self.engine.make(name) else { throw Failure("\(name) has no twin in C") }
    self.twin = twin
  }

  deinit { engine.destroy(twin) }

  func run(_ times: Int) -> Int64 { engine.run(twin, times) }

  /// The twins of an engine, on the very library that Loba's engine has loaded.
  private static func engine(_ engine: any LuaEngine) throws -> twin_engine {
    let table =
      switch engine.identifier {
      case "lua51": loba_bench_twin_lua51()
      case "lua54": loba_bench_twin_lua54()
      case "luajit": loba_bench_twin_luajit()
      default: throw Failure("\(engine.name) has no twins in C")
      }
    guard let library = engine.libraryPath else { throw Failure("\(engine.name) is not loaded") }
    if let problem = table.pointee.load(library) { throw Failure(String(cString: problem)) }
    return table.pointee
  }
}
