/// The files of a runtime's scripts.
final class ScriptFiles {
  /// How many can be open at once: those of a ``LuaFolder`` are the process's, which has not many.
  static let limit = 100

  let system: any LuaFileSystem
  let opened = OpenFileCount()
  var input: ScriptFile?
  var output: ScriptFile?

  init(_ system: any LuaFileSystem) { self.system = system }

  func open(_ path: LuaString, _ mode: LuaFileMode, in lua: LuaRuntime) throws -> ScriptFile {
    guard let path = path.text else { throw LuaFileError.notFound }
    if opened.count >= Self.limit { try lua.collectGarbage() }  // a script may have lost some
    guard opened.count < Self.limit else { throw LuaFileError.tooManyOpen }
    return ScriptFile(try system.open(path, mode), mode, opened)
  }

  /// Sets the standard input or output. The last one goes afterwards: its file may use the runtime when it is closed.
  func set(_ place: ReferenceWritableKeyPath<ScriptFiles, ScriptFile?>, to file: ScriptFile) {
    let last = self[keyPath: place]
    self[keyPath: place] = file
    withExtendedLifetime(last) {}
  }
}

extension LuaRuntime {
  /// Gives scripts the host's files, and no others by the functions of the library.
  func openFiles(_ system: any LuaFileSystem) throws {
    guard configuration.sandbox != nil || configuration.libraries.contains(.io) else { return }
    let files = ScriptFiles(system)
    try register(Self.fileClass)
    try globals.rawSet("file", to: LuaValue.nil)  // scripts make none by themselves
    let io = try table()
    try addOpening(files, to: io)
    try addDefaults(files, to: io)
    try io.rawSet(
      "type",
      to: makeFunction { call in
        let file = call.count == 0 ? nil : try? call.read(0) as ScriptFile
        try call.returnValue(file.map { $0.isOpen ? "file" : "closed file" })
      })
    let host = try table()
    try host.rawSet("io", to: io)
    try addManagement(files, to: host)
    try globals.rawSet("io", to: io)
    try execute(fileScript, host, name: "=files")
  }
}

// MARK: - The functions of io

extension LuaRuntime {
  private func addOpening(_ files: ScriptFiles, to io: LuaTable) throws {
    try io.rawSet(
      "open",
      to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValues in
        let path = try arguments.bytes(0, of: "open", in: lua)
        let letters = try arguments.count > 1 && !arguments[1].isNil ? arguments.bytes(1, of: "open", in: lua) : "r"
        guard let mode = letters.text.flatMap(LuaFileMode.init) else {
          throw LuaError(kind: .runtime, "bad argument #2 to 'open' (invalid mode)")
        }
        return try LuaValues.trying(path) { try [lua.value(of: files.open(path, mode, in: lua))] }
      })
    try io.rawSet(
      "lines",
      to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValues in
        guard let first = arguments.first, !first.isNil else {
          return [.function(try lua.lines(of: files.standardInput(), LuaValues(arguments.dropFirst()), closing: false))]
        }
        let path = try arguments.bytes(0, of: "lines", in: lua)
        let file: ScriptFile
        do { file = try files.open(path, .reading, in: lua) } catch let error as LuaFileError {
          throw LuaError(kind: .runtime, "\(path): \(error.message)")
        }
        let lines = try lua.lines(of: file, LuaValues(arguments.dropFirst()), closing: true)
        // The last is closed when the loop is left.
        guard lua.engine.capabilities.contains(.toBeClosed) else { return [.function(lines)] }
        return [.function(lines), nil, nil, try lua.value(of: file)]
      })
  }

  private func addDefaults(_ files: ScriptFiles, to io: LuaTable) throws {
    try io.rawSet(
      "read",
      to: function { (lua: LuaRuntime, formats: LuaValues) throws -> LuaValues in
        try lua.read(files.standardInput(), formats)
      })
    try io.rawSet(
      "write",
      to: function { (lua: LuaRuntime, values: LuaValues) throws -> LuaValues in
        try lua.write(values, to: files.standardOutput())
      })
    try io.rawSet(
      "close",
      to: function { (lua: LuaRuntime, file: ScriptFile?) throws -> LuaValues in
        try lua.close(file ?? files.standardOutput())
      })
    for (name, mode, place) in [
      ("input", LuaFileMode.reading, \ScriptFiles.input), ("output", .writing, \.output),
    ] {
      try io.rawSet(
        name,
        to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValue in
          switch arguments.firstOrNil {
          case .nil: break
          case .userdata(let userdata): files.set(place, to: try LuaValue.userdata(userdata).as())
          default:
            let path = try arguments.bytes(0, of: name, in: lua)
            do { files.set(place, to: try files.open(path, mode, in: lua)) } catch let error as LuaFileError {
              throw LuaError(kind: .runtime, "\(path): \(error.message)")
            }
          }
          guard let file = files[keyPath: place] else { return nil }
          return try lua.value(of: file)
        })
    }
  }

  /// What is in other libraries.
  private func addManagement(_ files: ScriptFiles, to host: LuaTable) throws {
    try host.rawSet(
      "remove",
      to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValues in
        let path = try arguments.bytes(0, of: "remove", in: lua)
        return try LuaValues.trying(path) {
          try files.system.remove(path.filePath)
          return [true]
        }
      })
    try host.rawSet(
      "rename",
      to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValues in
        let (path, newPath) = (
          try arguments.bytes(0, of: "rename", in: lua), try arguments.bytes(1, of: "rename", in: lua)
        )
        return try LuaValues.trying(path) {
          try files.system.rename(path.filePath, to: newPath.filePath)
          return [true]
        }
      })
    try host.rawSet(
      "tmpname",
      to: function { (lua: LuaRuntime) throws -> String in
        let name = "lua_" + String(UInt64.random(in: .min ... .max), radix: 36)
        do { try files.open(LuaString(name), .writing, in: lua).close() } catch is LuaFileError {
          throw LuaError(kind: .runtime, "unable to generate a unique filename")
        }
        return name
      })
    try host.rawSet(
      "source",
      to: function { (lua: LuaRuntime, arguments: LuaValues) throws -> LuaValues in
        let path = try arguments.bytes(0, of: "loadfile", in: lua)
        do {
          let file = try files.open(path, .reading, in: lua)
          let bytes = LuaSourceFile(try file.read(upTo: .max, room: lua.room)).bytes
          return [.string(LuaString(bytes: bytes))]
        } catch let error as LuaFileError {
          return [nil, .string(LuaString("cannot open \(path): \(error.message)"))]
        }
      })
  }
}

extension ScriptFiles {
  fileprivate func standardInput() throws -> ScriptFile {
    guard let input else { throw LuaError(kind: .runtime, "there is no standard input: io.input(path) sets one") }
    return input
  }

  fileprivate func standardOutput() throws -> ScriptFile {
    guard let output else { throw LuaError(kind: .runtime, "there is no standard output: io.output(path) sets one") }
    return output
  }
}

/// Puts the functions where scripts find them. `loadfile` and `dofile` compile as the runtime's `load` does.
private let fileScript = """
  local host = ...
  local io, source = host.io, host.source
  local error, load, loadstring = error, load, loadstring
  if package then package.loaded.io = io end
  if os then os.remove, os.rename, os.tmpname = host.remove, host.rename, host.tmpname end
  if not load then return end

  function _G.loadfile(path, mode, environment)
    local text, problem = source(path)
    if not text then return nil, problem end
    if loadstring then return loadstring(text, '@' .. path) end
    if environment == nil then return load(text, '@' .. path, mode) end
    return load(text, '@' .. path, mode, environment)
  end
  local loadfile = loadfile
  function _G.dofile(path)
    local chunk, problem = loadfile(path)
    if not chunk then error(problem, 0) end
    return chunk()
  end
  """
