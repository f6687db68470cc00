internal import LobaCore

private let area = Area("modules")

/// A Lua function that makes a module file, gives its name to another, and removes it.
private let withModule = """
  function withModule(source, use)
    local path = os.tmpname()
    os.remove(path)
    local file = assert(io.open(path .. '.lua', 'w'))
    file:write(source)
    file:close()
    local directory, name = path:match('^(.*)/([^/]*)$')
    local before = package.path
    package.path = directory .. '/?.lua'
    local ok, result = pcall(use, name)
    package.path = before
    os.remove(path .. '.lua')
    if not ok then error(result, 0) end
    return result
  end
  """

/// Finding and loading modules.
let moduleChecks: [ConformanceCheck] = [
  area("a Lua module is found, run once and kept") { lua in
    try lua.execute(withModule)
    try lua.execute("loads = 0")
    let value: Int = try lua.eval(
      """
      withModule('loads = loads + 1 return {name = ..., value = 42}', function(name)
        local m = require(name)
        assert(m.name == name and require(name) == m and package.loaded[name] == m)
        return m.value
      end)
      """)
    try expectEqual(value, 42)
    try expectEqual(try lua.globals["loads"] as Int, 1)
  },
  area("a module that fails, or does not compile, fails require") { lua in
    try lua.execute(withModule)
    let raised = try expectLuaError(.runtime) { try lua.execute("withModule('error({code = 4})', require)") }
    try expectEqual(try raised.value.code, 4)
    let broken = try expectLuaError(.runtime) { try lua.execute("withModule('x = = 1', require)") }
    try expectContains(broken.message, "unexpected symbol")
  },
  area("a module that there is not is an error that names it") { lua in
    let error = try expectLuaError(.runtime) { try lua.execute("require('no.such.module')") }
    try expectContains(error.message, "no.such.module")
  },
  area("Swift can give modules, by package.preload and package.loaded") { lua in
    let preload: LuaTable = try lua.globals.package.preload.as()
    try preload.set(
      "swift.point", to: lua.function { (name: String) in try lua.table(fields: ["name": name, "x": 1]) })
    try expect(try lua.eval("require('swift.point').name == 'swift.point'"))
    let loaded: LuaTable = try lua.globals.package.loaded.as()
    try loaded.set("swift.other", to: ["y": 2])
    try expectEqual(try lua.eval("require('swift.other').y") as Int, 2)
  },
  area("C modules are refused where they are not allowed, by every way to load one") { lua in
    try lua.execute("library = package.cpath:gsub(';.*', '')")
    for code in [
      "package.loadlib('/lib/x86_64-linux-gnu/libc.so.6', '*')", "package.loadlib('x', 'luaopen_x')",
      "package.loadlib('\(lua.engine.libraryPath ?? "x")', 'luaopen_base')",
    ] {
      try expect(try lua.eval("not pcall(function() return assert(\(code)) end)"), "\(code) loaded something")
    }
    // Files that look like C modules are not even tried.
    let results: LuaValues = try lua.execute(
      """
      local path = os.tmpname()
      os.rename(path, path .. '.so')
      local directory, name = path:match('^(.*)/([^/]*)$')
      package.cpath = directory .. '/?.so'
      local ok, message = pcall(require, name)
      local ok2, message2 = pcall(require, name .. '.sub')
      os.remove(path .. '.so')
      return ok, message, ok2, message2
      """)
    try expectEqual(results[0], false)
    try expectEqual(results[2], false)
    for message in [results[1], results[3]] {
      try expectContains(try message.as(String.self), "C modules", "not allowed")
    }
  },
]
