internal import Foundation
internal import LobaCore

private let area = Area("scripts")

/// Chunks that come from files, and scripts that many runtimes load.
let scriptChecks: [ConformanceCheck] = [
  area("a file is run: its results, its arguments, its environment, its mode") { lua in
    try withFolder(["sum.lua": "total = (...) + 1 return total, 'two'"]) { folder in
      let file = folder.appending(path: "sum.lua")
      try expectEqual(try lua.execute(contentsOf: file, 4) as Int, 5)
      try expectEqual(try lua.execute(contentsOf: file, 4).count, 2)
      let environment = try lua.environment()
      try lua.execute(contentsOf: file, 10, environment: environment)
      try expectEqual(try environment["total"], 11)
      try expectEqual(try lua.compile(contentsOf: file)(1) as Int, 2)
      let binary = folder.appending(path: "sum.luac")
      try Data(lua.compile(contentsOf: file).dump().bytes).write(to: binary)
      _ = try expectLuaError(.syntax) { try lua.execute(contentsOf: binary, 1) }
      try expectEqual(try lua.execute(contentsOf: binary, 1, mode: .binary) as Int, 2)
    }
  },
  area("errors of a file show its path and its lines; a mark and a first line with # are skipped") { lua in
    let files = [
      "bad.lua": "x = = 1", "raise.lua": "#!/usr/bin/lua\n\nerror('no')", "bom.lua": "\u{FEFF}return 1",
      "empty.lua": "",
    ]
    try withFolder(files) { folder in
      func path(_ name: String) -> URL { folder.appending(path: name) }
      try expectContains(
        try expectLuaError(.syntax) { try lua.execute(contentsOf: path("bad.lua")) }.message, "bad.lua:1:")
      try expectContains(
        try expectLuaError(.runtime) { try lua.execute(contentsOf: path("raise.lua")) }.message, "raise.lua:3: no")
      try expectEqual(try lua.execute(contentsOf: path("bom.lua")), 1)
      try expectEqual(try lua.execute(contentsOf: path("empty.lua")).count, 0)
      do {
        try lua.execute(contentsOf: path("none.lua"))
        throw ConformanceFailure(message: "a file that there is not was run", file: #fileID, line: #line)
      } catch let error as CocoaError {
        try expectEqual(error.code, .fileReadNoSuchFile)
      }
    }
  },
  area.engine("a script runs in many runtimes, as its source would") { engine in
    let script = LuaScript(
      "local a = ... count = (count or 0) + 1 return a, function() error('here') end", name: "@counter.lua")
    for round in 1...3 {
      let lua = try LuaRuntime.forCheck(engine)
      defer { lua.close() }
      for n in 1...3 {
        try expectEqual(try lua.execute(script, round) as Int, round)
        try expectEqual(try lua.globals["count"], n)
      }
      let fail: LuaFunction = try lua.execute(script)[1].as()
      try expectContains(try expectLuaError(.runtime) { try fail() as Void }.message, "counter.lua:1: here")
      let environment = try lua.environment(inheriting: lua.globals)
      try lua.execute(script, environment: environment)
      try expect(try environment["count"] == 5 && lua.globals["count"] == 4)
      try expectUsable(lua)
    }
    let broken = LuaScript("x = = 1")
    for _ in 0..<2 {
      let lua = try LuaRuntime.forCheck(engine)
      defer { lua.close() }
      try expectContains(try expectLuaError(.syntax) { try lua.execute(broken) }.message, "[string \"x = = 1\"]:1:")
    }
  },
  area.engine("a script's text is in the runtime's encoding, as other sources are") { engine in
    let script = LuaScript("return #'é'")
    for (encoding, length) in [(LuaTextEncoding.utf8, 2), (.isoLatin1, 1), (.utf8, 2), (.isoLatin1, 1)] {
      var configuration = LuaConfiguration.standard
      configuration.stringEncoding = encoding
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try expectEqual(try lua.execute(script), length)
    }
  },
  area.engine("a script runs in a sandbox, and on other engines beside") { engine in
    let script = LuaScript("return io == nil, _VERSION")
    let (sandbox, other) = (try LuaRuntime(engine: engine, configuration: .sandbox), try LuaRuntime(engine: engine))
    defer {
      sandbox.close()
      other.close()
    }
    for _ in 0..<2 {
      try expectEqual(try sandbox.execute(script), true)
      try expectEqual(try other.execute(script), false)
    }
  },
]
