/// What a runtime that is closed and has never been open runs on: nothing.
struct NoEngine: LuaEngine {
  let name = "no engine"
  let identifier = "none"
  let version = (major: 0, minor: 0)
  let capabilities: LuaCapabilities = []
  let packages: [String] = []
  let libraryRelease: String? = nil
  let libraryPath: String? = nil

  func loadLibrary(at path: String?) throws(LuaLibraryProblem) { throw LuaLibraryProblem(attempts: []) }
  func claimGlobalSymbols() -> Bool { false }
  func makeState() -> LuaState { LuaState(closedWith: .utf8) }
  func open(_ state: LuaState, with libraries: LuaLibraries, allowingCModules: Bool) throws {
    throw LuaRuntime.closedError
  }
}
