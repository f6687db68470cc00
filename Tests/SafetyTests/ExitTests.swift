import Foundation
import Loba
import Testing

/// `os.exit(code, true)`, which closes the state under all that is running and ends the process.
@Suite struct ExitTests {
  /// What runs when the script exits, and must not keep the process from ending well.
  static let scripts = [
    "os.exit(7, true)",
    "host(function() os.exit(7, true) end)",
    "coroutine.wrap(function() host(function() os.exit(7, true) end) end)()",
    "exiting(function() os.exit(7, true) end) os.exit(7, true)",
    "exiting(function() os.exit(7, true) end) close()",
    "exiting(function() host(function() end) end) host(function() host(function() os.exit(7, true) end) end)",
  ]

  @Test("os.exit that closes", arguments: LuaEngines.available, scripts)
  func exits(_ engine: any LuaEngine, _ script: String) async throws {
    let identifier = engine.identifier
    await #expect(processExitsWith: .exitCode(7)) {
      [identifier = identifier as String, script = script as String] in
      let engine = try #require(LuaEngines.named(identifier))
      let lua = try LuaRuntime(engine: engine)
      try lua.globals.set("host", to: lua.function { (body: LuaFunction) in try body() as Void })
      try lua.globals.set("close", to: lua.function { [unowned lua] in lua.close() })
      try lua.globals.set("object", to: lua.wrap([1, 2, 3]))
      try lua.execute(
        engine.capabilities.contains(.tableFinalizers)
          ? "function exiting(f) kept = setmetatable({}, {__gc = f}) end"
          : "function exiting(f) kept = newproxy(true) getmetatable(kept).__gc = f end")
      try lua.execute(script)
      exit(1)  // the script has not ended the process
    }
  }
}
