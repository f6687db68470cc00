internal import Foundation
internal import LobaCore

private let area = Area("files")

/// Runs a script with files in memory, in a runtime with all libraries and in a sandbox, and gives what the files are then.
@discardableResult
private func withFiles(
  _ engine: any LuaEngine, _ files: [String: String] = [:], quota: Int = 1 << 20, _ script: String,
  file: StaticString = #fileID, line: UInt = #line
) throws -> [String: String] {
  var result: [String: String] = [:]
  for var configuration in [LuaConfiguration.standard, .sandbox] {
    let system = LuaMemoryFiles(files, quota: quota)
    configuration.files = system
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    do { try lua.execute(script) } catch { throw ConformanceFailure(message: "\(error)", file: file, line: line) }
    try expectUsable(lua)
    result = system.contents.mapValues { String(decoding: $0, as: UTF8.self) }
  }
  return result
}

/// A folder that is there as long as the body runs.
private func withFolder(_ body: (URL) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appending(path: "loba-files-\(UInt64.random(in: .min ... .max))")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  try body(url)
}

/// Files that the host supplies: in memory, or in a folder.
let fileChecks: [ConformanceCheck] = [
  area.engine("io has the host's files and no others") { engine in
    let files = try withFiles(
      engine, ["a.txt": "one\ntwo\n"],
      """
      local names = {}
      for name in pairs(io) do names[#names + 1] = name end
      table.sort(names)
      assert(table.concat(names, ' ') == 'close input lines open output read type write', table.concat(names, ' '))
      local f = assert(io.open('a.txt'))
      assert(type(f) == 'userdata' and io.type(f) == 'file' and tostring(f):find('^file %(0x%x+%)$'))
      assert(f:read('a') == 'one\\ntwo\\n' and f:read('a') == '' and f:read('l') == nil and f:close() == true)
      assert(io.type(f) == 'closed file' and tostring(f) == 'file (closed)' and io.type(1) == nil and io.type() == nil)
      assert(f.nothing == nil and file == nil)
      local g = assert(io.open('b.txt', 'w'))
      assert(g:write('x', 1, 2.5, '\\0') == g and g:close())
      local message, code
      f, message, code = io.open('missing.txt')
      assert(f == nil and message == 'missing.txt: No such file or directory' and code == 2)
      """)
    try expectEqual(files, ["a.txt": "one\ntwo\n", "b.txt": "x12.5\0"])
  },
  area.engine("files are read by formats") { engine in
    try withFiles(
      engine, ["n": " 12 -7 0x1F 3.5e2 0x.8p1 +5 abc", "l": "a\n\nb\r\nlast", "e": "", "bad": "0x 1e+ - . 99"],
      """
      local f = io.open('n')
      local a, b, c, d, e, g = f:read('n', '*n', '*number', 'n', 'n', 'n')
      assert(a == 12 and b == -7 and c == 31 and d == 350 and e == 1 and g == 5, tostring(e))
      local x, y = f:read('n', 'l')
      assert(x == nil and y == nil)
      f = io.open('l')
      assert(f:read() == 'a' and f:read('L') == '\\n' and f:read('*l') == 'b\\r' and f:read(0) == '')
      assert(f:read(2) == 'la' and f:read(100) == 'st' and f:read(100) == nil and f:read(0) == nil)
      assert(io.open('e'):read('a') == '' and io.open('e'):read('*a', 'l') == '')
      f = io.open('bad')
      for i = 1, 3 do assert(f:read('n') == nil) end
      for _, bad in pairs{'x', '', '*', {}, true, print} do
        local ok, problem = pcall(f.read, f, bad)
        assert(not ok and tostring(problem):find('invalid format', 1, true), tostring(problem))
      end
      local lines = {}
      for line in io.lines('l') do lines[#lines + 1] = line end
      assert(#lines == 4 and lines[2] == '' and lines[4] == 'last')
      for one, two in io.lines('l', 1, 'L') do assert(one == 'a' and two == '\\n') break end
      local problem = select(2, pcall(io.lines, 'missing'))
      assert(tostring(problem):find('missing: No such file or directory', 1, true))
      f = io.open('l')
      local next = f:lines()
      assert(next() == 'a') f:close()
      assert(tostring(select(2, pcall(next))):find('file is already closed', 1, true))
      """)
  },
  area.engine("numerals are read as the engine's numbers", requires: .integers) { engine in
    try withFiles(
      engine, ["n": "9223372036854775807 9223372036854775808 0xffffffffffffffff -0x1 1 1.0"],
      """
      local f = io.open('n')
      local a, b, c, d, e, g = f:read('n', 'n', 'n', 'n', 'n', 'n')
      assert(math.type(a) == 'integer' and a == math.maxinteger and math.type(b) == 'float' and c == -1 and d == -1)
      assert(math.type(e) == 'integer' and math.type(g) == 'float')
      """)
  },
  area.engine("files are written, sought and appended to") { engine in
    let files = try withFiles(
      engine, ["old": "0123456789", "log": "begin "],
      """
      local f = io.open('old', 'r+')
      assert(f:seek() == 0 and f:seek('end') == 10 and f:seek('set', 3) == 3)
      f:write('abc') assert(f:seek('cur') == 6 and f:read(1) == '6')
      f:write('X') assert(f:read(1) == '8' and f:seek('cur', -2) == 7 and f:read(1) == 'X')
      local ok, message, code = f:seek('set', -1)
      assert(ok == nil and message == 'Invalid argument' and code == 22)
      assert(not pcall(f.seek, f, 'nowhere') and f:setvbuf('no') and f:setvbuf('full', 1024) and f:flush())
      assert(not pcall(f.setvbuf, f, 'x'))
      f = io.open('log', 'a+')
      assert(f:read('a') == 'begin ')
      f:seek('set', 0) f:write('one ') f:seek('set', 0) f:write('two')
      f = io.open('gap', 'wb') f:seek('set', 3) f:write('x')
      local g, why, number = io.open('log'):write('x')
      assert(g == nil and why == 'Bad file descriptor' and number == 9)
      g, why, number = io.open('new', 'w'):read()
      assert(g == nil and why == 'Bad file descriptor' and number == 9)
      for _, mode in pairs{'', 'x', 'rw', 'r++', 'br', 'r+bb'} do
        assert(tostring(select(2, pcall(io.open, 'log', mode))):find('invalid mode', 1, true), mode)
      end
      """)
    try expectEqual(files, ["old": "012abc6X89", "log": "begin one two", "gap": "\0\0\0x", "new": ""])
  },
  area.engine("a closed file is an error, and so are wrong arguments") { engine in
    try withFiles(
      engine, ["a": "x"],
      """
      local f = io.open('a') f:close()
      for _, call in pairs{f.read, f.write, f.lines, f.seek, f.flush, f.close, io.close} do
        local ok, problem = pcall(call, f)
        assert(not ok and tostring(problem):find('attempt to use a closed file', 1, true), tostring(problem))
      end
      for _, name in pairs{'read', 'write', 'lines', 'seek', 'close', 'flush'} do
        for _, wrong in pairs{1, 'a', {}, print} do assert(not pcall(f[name], wrong)) end
        assert(not pcall(f[name]))
      end
      for _, wrong in pairs{{}, true, print} do
        assert(not pcall(io.open, wrong) and not pcall(io.lines, wrong) and not pcall(io.input, wrong))
        assert(not pcall(io.close, wrong) and not pcall(os.remove, wrong) and not pcall(os.rename, 'a', wrong))
        assert(not pcall(io.open('b', 'w').write, io.open('b', 'w'), wrong))
      end
      assert(not pcall(io.open) and not pcall(os.remove) and not pcall(os.rename, 'a'))
      """)
  },
  area.engine("standard input and output are files that the script sets") { engine in
    let files = try withFiles(
      engine, ["in": "1 2\nthree"],
      """
      assert(not pcall(io.read) and not pcall(io.write, 'x') and not pcall(io.close) and io.input() == nil)
      assert(not pcall(io.input, 'missing') and io.output() == nil)
      local i, o = io.input('in'), io.output('out')
      assert(io.type(i) == 'file' and io.input() == i and io.output() == o and io.input(i) == i)
      assert(io.read('n') == 1 and io.read('n', 'l') == 2)
      for line in io.lines() do io.write(line, '!') end
      assert(io.write() == o and io.close())
      assert(not pcall(io.write, 'x') and i:close() and not pcall(io.read))
      """)
    try expectEqual(files["out"], "three!")
  },
  area.engine("files are removed, renamed and compiled") { engine in
    let files = try withFiles(
      engine,
      [
        "a": "x", "b": "y", "m.lua": "#!lua\nreturn ..., name", "bad.lua": "return return",
        "d.lua": "name = 'n' return 7",
      ],
      """
      assert(os.rename('a', 'c') == true and os.remove('b') == true and io.open('a') == nil)
      local ok, message, code = os.remove('b')
      assert(ok == nil and message == 'b: No such file or directory' and code == 2)
      ok, message, code = os.rename('b', 'c')
      assert(ok == nil and message == 'b: No such file or directory' and code == 2)
      local name = os.tmpname()
      assert(io.open(name):read('a') == '' and os.remove(name))
      assert(dofile('d.lua') == 7)
      local chunk = assert(loadfile('m.lua'))
      local a, b = chunk(1)
      assert(a == 1 and b == 'n')
      ok, message = loadfile('bad.lua')
      assert(ok == nil and message:find('bad.lua:1:', 1, true), message)
      ok, message = loadfile('missing.lua')
      assert(ok == nil and message == 'cannot open missing.lua: No such file or directory', message)
      ok, message = pcall(dofile, 'missing.lua')
      assert(not ok and message == 'cannot open missing.lua: No such file or directory', message)
      if not setfenv then assert(select(2, loadfile('m.lua', 't', {name = 'own'})()) == nil or true) end
      """)
    try expectEqual(files.keys.sorted(), ["bad.lua", "c", "d.lua", "m.lua"])
  },
  area.engine("a path leads nowhere but down") { engine in
    let files = try withFiles(
      engine, ["a/b": "x"],
      """
      for _, path in pairs{'/a/b', '../a/b', 'a/../a/b', 'a/b/../../..', '..'} do
        local f, message, code = io.open(path)
        assert(f == nil and message == path .. ': Permission denied' and code == 13, message)
        assert(io.open(path, 'w') == nil and os.remove(path) == nil and os.rename('a/b', path) == nil)
      end
      for _, path in pairs{'', '.', 'a', 'a/', 'a/b/', 'a\\0b', '\\255', ('x'):rep(5000)} do assert(io.open(path, 'w') == nil) end
      local f, message = io.open('a/b/c', 'w')
      assert(f == nil and message == 'a/b/c: Not a directory' and os.rename('a/b', 'a/b/c') == nil, message)
      assert(io.open('./a//b'):read() == 'x' and os.rename('a/b', './a/./c'))
      """)
    try expectEqual(files, ["a/c": "x"])
  },
  area.engine("a slash is one whatever character it is a part of") { engine in
    // What combines with a slash is one character with it, for Swift.
    let paths = ["../\u{301}x", "/\u{301}x", "link/\u{301}x", "a\u{600}/../../x", "a/\u{200D}/../x"]
    try withFolder { url in
      let inner = url.appending(path: "inner")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: inner.appending(path: "link").path(percentEncoded: false), withDestinationPath: "..")
      try Data("secret".utf8).write(to: url.appending(path: "\u{301}x"))
      for files in [try LuaFolder(inner, isWritable: true), LuaMemoryFiles(["link": ""])] as [any LuaFileSystem] {
        var configuration = LuaConfiguration.sandbox
        configuration.files = files
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        defer { lua.close() }
        for path in paths {
          try lua.execute(
            """
            local path = ...
            for _, mode in pairs{'r', 'w', 'a', 'r+'} do assert(io.open(path, mode) == nil, path) end
            assert(os.remove(path) == nil and os.rename(path, 'stolen') == nil and os.rename('link', path) == nil, path)
            """, path)
        }
      }
      try expectEqual(FileManager.default.contentsOfDirectory(atPath: inner.path(percentEncoded: false)), ["link"])
    }
  },
  area.engine("files in memory have a quota, and a script only so many open") { engine in
    try withFiles(
      engine, ["a": "x"], quota: 10_000,
      """
      local f, message, code = io.open('big', 'w')
      local ok
      repeat ok, message, code = f:write(('x'):rep(1000)) until not ok
      assert(message == 'No space left on device' and code == 28)
      assert(not f:seek('set', 2 ^ 53) == false and f:write('x') == nil)
      f:close() assert(os.remove('big'))
      local count = 0
      repeat count = count + 1 until not io.open(('n'):rep(10) .. count, 'w')
      assert(count < 200)
      local kept = {}
      for i = 1, 200 do kept[i], message, code = io.open('a') if not kept[i] then break end end
      assert(message == 'a: Too many open files' and code == 24)
      kept = nil
      for i = 1, 1000 do assert(io.open('a')) end
      """)
    // A letter that has two bytes, and in an equal spelling six.
    let spellings = LuaMemoryFiles(quota: 10_000)
    var configuration = LuaConfiguration.sandbox
    configuration.files = spellings
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.execute(
      """
      local short, long = ('\\206\\144'):rep(100), ('\\206\\185\\204\\136\\204\\129'):rep(100)
      for i = 1, 50 do
        assert(io.open(short, 'w')):close()
        assert(os.remove(long))
        assert(io.open(short, 'w')):close()
        assert(os.rename(long, 'a') and os.rename('a', short) and os.remove(long))
      end
      """)
    try expectEqual(spellings.used, 0)
    let files = LuaMemoryFiles(quota: 1000)
    let file = try files.open("f", .writing)
    try file.write([UInt8](repeating: 1, count: 100), at: nil)
    try files.remove("f")
    try expectEqual(files.used, 100)
    try expectEqual(file.read(at: 0, count: 200).count, 100)
    try file.close()
    try expectEqual(files.used, 0)
  },
  area.engine("what is read is no more than Lua may hold") { engine in
    let files = LuaMemoryFiles(["big": String(repeating: "x", count: 8 << 20)])
    var configuration = LuaConfiguration.sandbox
    configuration.memoryLimit = 4 << 20
    configuration.files = files
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    for read in ["read('a')", "read('l')", "read(2 ^ 40)", "read(1e6, 1e6, 1e6, 1e6, 1e6, 1e6)"] {
      try expectLuaError(.memory) { try lua.execute("io.open('big'):\(read)") }
      try expectUsable(lua)
    }
    try expectLuaError(.memory) { try lua.execute("loadfile('big')") }
    try lua.execute("assert(#io.open('big'):read(1000000) == 1000000)")
  },
  area.engine("nothing outside of a folder can be reached") { engine in
    try withFolder { url in
      let inner = url.appending(path: "inner")
      try FileManager.default.createDirectory(at: inner.appending(path: "sub"), withIntermediateDirectories: true)
      try Data("secret".utf8).write(to: url.appending(path: "secret"))
      try Data("text\nmore".utf8).write(to: inner.appending(path: "sub/a"))
      for (link, target) in [("file", "../secret"), ("folder", ".."), ("absolute", "/etc"), ("within", "sub/a")] {
        try FileManager.default.createSymbolicLink(
          atPath: inner.appending(path: link).path(percentEncoded: false), withDestinationPath: target)
      }
      for var configuration in [LuaConfiguration.standard, .sandbox] {
        configuration.files = try LuaFolder(inner, isWritable: true)
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        defer { lua.close() }
        try lua.execute(
          """
          for _, path in pairs{'file', 'folder/secret', 'absolute/passwd', 'within', '../secret', '/etc/passwd', 'sub/../../secret',
              'folder/inner/sub/a', 'sub'} do
            for _, mode in pairs{'r', 'w', 'a', 'r+'} do assert(io.open(path, mode) == nil, path) end
            assert(loadfile(path) == nil)
          end
          assert(os.rename('sub/a', '../out') == nil and os.rename('sub/a', 'folder/out') == nil)
          assert(os.remove('folder/secret') == nil and os.remove('sub') == nil)
          local f = assert(io.open('sub/b', 'w'))
          f:write('one\\n', 2) f:seek('set', 0) f:write('O') f:close()
          f = io.open('sub/b', 'a') f:write('!') assert(f:seek() == 6) f:close()
          assert(io.open('sub/b'):read('a') == 'One\\n2!' and os.rename('sub/b', 'c') and os.remove('c'))
          local lines = {}
          for line in io.lines('sub/a') do lines[#lines + 1] = line end
          assert(#lines == 2 and lines[2] == 'more')
          """)
      }
      try expectEqual(String(contentsOf: url.appending(path: "secret"), encoding: .utf8), "secret")
      try expectEqual(String(contentsOf: inner.appending(path: "sub/a"), encoding: .utf8), "text\nmore")
      var configuration = LuaConfiguration.sandbox
      configuration.files = try LuaFolder(inner)
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try lua.execute(
        """
        assert(io.open('sub/a'):read('a') == 'text\\nmore' and io.open('sub/a', 'w') == nil and io.open('n', 'a') == nil)
        assert(os.remove('sub/a') == nil and os.rename('sub/a', 'b') == nil and not pcall(os.tmpname))
        """)
      do {
        _ = try LuaFolder(url.appending(path: "missing"))
        try expect(false)
      } catch let error as LuaFileError {
        try expectEqual(error.code, LuaFileError.notFound.code)
        try expectContains(error.message, "missing: No such file")
      }
    }
  },
  area.engine("errors of a file system of the host's own are the script's") { engine in
    let counter = LifetimeCounter()
    var configuration = LuaConfiguration.sandbox
    configuration.files = BrokenFiles(error: counter.makeTracker(3))
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    for script in [
      "io.open('a')", "os.remove('a')", "os.rename('a', 'b')", "loadfile('a')", "io.lines('a')", "io.input('a')",
    ] {
      try expectTracker(3) { try lua.execute(script) }
      try lua.execute("assert(not pcall(function() \(script) end))")
    }
    for use in ["f:read()", "f:write('x')", "f:seek('end')", "f:close()", "for l in f:lines() do end"] {
      try expectTracker(3) { try lua.execute("local f = io.open('open', 'r+') \(use)") }
    }
  },
  area.engine("positions and sizes may be any") { engine in
    var configuration = LuaConfiguration.sandbox
    configuration.files = BoundlessFiles()
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    try lua.execute(
      """
      local f = io.open('most', 'r+')
      for i = 62, 0, -1 do pcall(f.seek, f, 'cur', math.floor(2 ^ i)) end
      local ok, message, code = f:write(('x'):rep(5000))
      assert(ok == nil and message == 'Invalid argument' and code == 22)
      for _, format in pairs{'a', 'l', 'n', 5000} do
        pcall(f.seek, f, 'end')
        for i = 1, 4 do f:read(format) end
        assert(f:read(0) == nil)
      end
      f = io.open('least', 'a+')
      f:read(5) f:write('x')
      assert(f:seek() == 0 and f:read(3) == 'xxx' and f:seek('end', 1) == 1)
      """)
    try expectUsable(lua)
  },
  area.engine("a file that is closed for another uses the runtime") { engine in
    let files = CallingFiles()
    var configuration = LuaConfiguration.sandbox
    configuration.files = files
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    defer { lua.close() }
    files.lua = lua
    try lua.execute("io.input('a') io.output('b')")
    try lua.collectGarbage()  // nobody but the defaults has them now
    try lua.execute("io.input('c')")
    try lua.collectGarbage()
    try lua.execute("io.output('d')")
    try expectEqual(files.closed, 2)
  },
  area.engine("a runtime with files is let go of, and its files are closed") { engine in
    weak var weakRuntime: LuaRuntime?
    let files = LuaMemoryFiles(["a": "x"])
    do {
      var configuration = LuaConfiguration.standard
      configuration.files = files
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      try lua.execute("f = io.open('b', 'w') io.input('a') lines = f:lines() next = io.lines('a', 1)")
      try files.remove("b")
      weakRuntime = lua
    }
    try expect(weakRuntime == nil)
    try files.remove("a")
    try expectEqual(files.used, 0)
  },
  area.engine("a runtime without the io library has no files, and with it alone it has") { engine in
    for libraries in [LuaLibraries.io, .base, [.base, .os], [.base, .io], .all] {
      var configuration = LuaConfiguration(libraries: libraries)
      configuration.files = LuaMemoryFiles(["a": "x"])
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      try expectEqual(try lua.eval("io ~= nil"), libraries.contains(.io))
      if libraries.contains(.io) { try expectEqual(try lua.eval("io.open('a'):read()"), "x") }
      if libraries == .all { try expect(try lua.eval("require('io') == io")) }
    }
  },
]

/// A file system that fails, but that it opens one file.
private struct BrokenFiles: LuaFileSystem {
  let error: LifetimeTracker

  func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile {
    if path == "open" { return BrokenFile(error) }
    throw error
  }
  func remove(_ path: String) throws { throw error }
  func rename(_ path: String, to newPath: String) throws { throw error }
}

private final class BrokenFile: LuaFile {
  let error: LifetimeTracker
  init(_ error: LifetimeTracker) { self.error = error }
  var size: Int { get throws { throw error } }
  func read(at offset: Int, count: Int) throws -> [UInt8] { throw error }
  func write(_ bytes: [UInt8], at offset: Int?) throws { throw error }
  func close() throws { throw error }
}

/// Files without an end, or with one that cannot be, which give more than they are asked for.
private struct BoundlessFiles: LuaFileSystem {
  func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile {
    BoundlessFile(size: path == "least" ? .min : .max)
  }
  func remove(_ path: String) {}
  func rename(_ path: String, to newPath: String) {}
}

private final class BoundlessFile: LuaFile {
  let size: Int
  init(size: Int) { self.size = size }
  func read(at offset: Int, count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "x"), count: count + 10) }
  func write(_ bytes: [UInt8], at offset: Int?) {}
  func close() {}
}

/// Files that ask the runtime for its standard input and output when they are closed.
private final class CallingFiles: LuaFileSystem, @unchecked Sendable {
  weak var lua: LuaRuntime?
  var closed = 0

  func open(_ path: String, _ mode: LuaFileMode) throws -> any LuaFile { CallingFile(self) }
  func remove(_ path: String) {}
  func rename(_ path: String, to newPath: String) {}
}

private final class CallingFile: LuaFile {
  let files: CallingFiles
  init(_ files: CallingFiles) { self.files = files }
  var size: Int { 0 }
  func read(at offset: Int, count: Int) -> [UInt8] { [] }
  func write(_ bytes: [UInt8], at offset: Int?) {}
  func close() throws {
    try files.lua?.execute("return io.input(), io.output()")
    files.closed += 1
  }
}
