internal import Synchronization

/// Which engine's symbols are global in this process, for C modules to be bound to.
enum CModuleOwner {
  private static let owner = Mutex<String?>(nil)

  static func claim(for engine: some LuaEngine) throws {
    try owner.withLock { owner in
      if let owner {
        guard owner != engine.identifier else { return }
        throw LuaError(
          kind: .engine,
          message: """
            C modules are in use with the engine \(owner) in this process, and only one engine per process can load \
            them: a C module takes Lua's functions from whatever library is global. \(engine.name) cannot allow them \
            as well.
            """)
      }
      guard engine.claimGlobalSymbols() else {
        let path = engine.libraryPath ?? "?"
        throw LuaError(
          kind: .engine,
          message: engine.isStatic
            ? """
            C modules take Lua's functions from the program, which \(engine.name) is part of, but \(path) does not \
            export them. Link it with them exported (swift build -Xlinker --export-dynamic), or build without LOBA_STATIC.
            """ : "The library of \(engine.name) cannot be made global for C modules: \(path).")
      }
      owner = engine.identifier
    }
  }
}
