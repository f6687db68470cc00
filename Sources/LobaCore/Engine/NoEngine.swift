internal import CLobaEngine

/// What a runtime that is closed and has never been open runs on: nothing.
struct NoEngine: LuaEngine {
  let name = "no engine"
  let identifier = "none"
  let version = (major: 0, minor: 0)
  let capabilities: LuaCapabilities = []
  let packages: [String] = []
  var operations: LuaOperations { LuaOperations(loba_closed_operations()) }
}
