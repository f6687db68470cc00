internal import LobaCore

// Nesting without end, on stacks of every size. What goes wrong here ends the process, so that these checks are to be run
// in processes of their own.
//
// Not here: nesting that never calls Swift (`string.gsub` in `string.gsub`, on LuaJIT also coroutines in coroutines),
// which no engine survives on every stack. It is a matter for the sandbox.

/// Something that nests until it is stopped: `call`, a host function, calls the Lua function that it is given.
private struct Descent: Sendable {
  let name: String
  /// A function of `call` that gives the function to start with.
  let source: String
  var excludes: LuaCapabilities = []
}

private let descents: [Descent] = [
  Descent(name: "host calls", source: "local call = ... local function f() call(f) end return f"),
  Descent(
    name: "host calls in pcall",
    source:
      "local call = ... local function f() local ok, e = pcall(call, f) if not ok then error(e, 0) end end return f"),
  Descent(
    name: "host calls in metamethods",
    source: "local call = ... local t local function f() return t.x + #tostring(t) end "
      + "t = setmetatable({}, {__index = function() call(f) return 1 end, __tostring = function() call(f) return '' end}) return f"
  ),
  Descent(
    name: "host calls in arithmetic",
    source:
      "local call = ... local t local function f() return t + 1 end t = setmetatable({}, {__add = function() call(f) end}) return f"
  ),
  Descent(
    name: "host calls in coroutine.wrap",
    source: "local call = ... local function f() coroutine.wrap(function() call(f) end)() end return f"),
  Descent(
    name: "host calls in coroutine.resume",
    source:
      "local call = ... local function f() local ok, e = coroutine.resume(coroutine.create(function() call(f) end)) "
      + "if not ok then error(e, 0) end end return f"),
  Descent(
    name: "host calls in table.sort",
    source:
      "local call = ... local function f() table.sort({3, 2, 1}, function(a, b) call(f) return a < b end) end return f"),
  Descent(
    name: "host calls in string.gsub",
    source: "local call = ... local function f() return (('x'):gsub('.', function() call(f) end)) end return f"),
  Descent(
    name: "host calls in load",
    source: "local call = ... local function f() local done local _, e = load(function() if not done then done = true "
      + "call(f) end end) if e then error(e, 0) end end return f"),
  Descent(name: "Lua functions", source: "local function f() return 1 + f() end return f"),
  Descent(
    name: "Lua functions in pcall", source: "local function f() local ok, e = pcall(f) error(e, 0) end return f",
    excludes: .jit),
  Descent(
    name: "coroutines in coroutines", source: "local function f() coroutine.wrap(f)() end return f", excludes: .jit),
  Descent(
    name: "metamethods",
    source:
      "local t t = setmetatable({}, {__index = function(_, k) return t[k .. 'x'] .. '' end}) return function() return t.x end"
  ),
  Descent(
    name: "chains of __index",
    source: "local t = setmetatable({}, {}) getmetatable(t).__index = t return function() return t.x end"),
  Descent(
    name: "methods of errors",
    source: "local call = ... local _, e = pcall(call) function string.again() return (e:again()) end "
      + "return function() return (e:again()) end"),
  Descent(
    name: "members of errors",
    source:
      "local call = ... local _, e = pcall(call) setmetatable(string, {__index = function(_, k) return (e[k]) end}) "
      + "return function() return (e.again) end"),
  Descent(
    name: "errors joined to tables",
    source:
      "local call = ... local _, e = pcall(call) local t t = setmetatable({}, {__concat = function() return (e .. t) end}) "
      + "return function() return (e .. t) end"),
]

private let stackSizes = [256 << 10, 512 << 10, 1 << 20, 8 << 20]

/// Whether nesting may end in this error. Code that is compiled deep down can hit the limit in the compiler.
private func isEnd(_ error: LuaError) -> Bool {
  switch error.kind {
  case .stackOverflow, .runtime, .handler: true
  case .syntax: error.message.contains("too many") || error.message.contains("overflow")
  default: false
  }
}

/// Checks that a body which nests without end throws, wherever it runs, and that the runtime works afterwards.
private func depthCheck(
  _ name: String, excludes: LuaCapabilities = [], endsAlways: Bool = true,
  _ body: @escaping @Sendable (LuaRuntime) throws -> Void
) -> ConformanceCheck {
  ConformanceCheck("depth", "\(name), on stacks of every size", excludes: excludes) { engine in
    for size in stackSizes {
      try onThread(stackSize: size) {
        try withRuntime(engine) { lua, _ in
          for _ in 0..<(isFullSweep ? 3 : 1) {
            do {
              try body(lua)
              try expect(!endsAlways, "nothing was thrown with a stack of \(size >> 10) KiB")
            } catch let error as LuaError where isEnd(error) {
              try expectIntact(lua)
            } catch {
              throw ConformanceFailure(
                message: "with a stack of \(size >> 10) KiB: \(error)", file: #fileID, line: #line)
            }
          }
        }
      }
    }
  }
}

/// The check of a descent; with `how` Swift goes on down.
private func descentCheck(
  _ descent: Descent, _ name: String, _ how: @escaping @Sendable (LuaRuntime, LuaFunction) throws -> Void
) -> ConformanceCheck {
  depthCheck(name, excludes: descent.excludes) { lua in
    let call = try lua.function { [unowned lua] (f: LuaFunction) in try how(lua, f) }
    let f: LuaFunction = try lua.execute(descent.source, call)
    try f() as Void
  }
}

/// Source that the compiler needs a deep stack for.
private let deepSource =
  "return " + String(repeating: "(", count: 180) + "1" + String(repeating: ")", count: 180)
private let deepFunctions =
  String(repeating: "return function() ", count: 45) + String(repeating: " end ", count: 45)
private let deepTables = "return " + String(repeating: "{", count: 180) + String(repeating: "}", count: 180)

let depthChecks: [ConformanceCheck] =
  descents.map { descent in descentCheck(descent, descent.name) { _, f in try f() as Void } }
  + [
    descentCheck(descents[0], "host calls of many arguments and results") { _, f in
      let values: LuaValues = try f(LuaValues((1...20).map { .integer($0) }))
      _ = values.count
    },
    descentCheck(descents[0], "coroutines that Swift resumes") { _, f in _ = try f.coroutine().next() as LuaValue? },
    descentCheck(descents[0], "coroutines that Swift resumes with many values") { _, f in
      _ = try f.coroutine().send(1, 2, 3, 4, 5, 6, "seven") as LuaValue
    },
    descentCheck(descents[0], "host calls that evaluate code") { lua, f in try lua.execute("local f = ... f()", f) },
    descentCheck(descents[0], "host calls that compile deeply nested code") { lua, f in
      _ = try lua.compile(deepSource)
      _ = try lua.compile(deepTables)
      _ = try lua.compile(deepFunctions)
      try f() as Void
    },
    descentCheck(descents[0], "host calls that match patterns and format") { lua, f in
      let n: Int = try lua.eval(
        "#(('a'):rep(150)):gsub(('a?'):rep(75) .. ('a'):rep(75), '%0') + #string.format('%s %q %5.2f', ('x'):rep(100), 'y', 1.5)"
      )
      try expect(n > 0)
      try f() as Void
    },
    descentCheck(descents[0], "host calls through a table's __index") { lua, f in
      let table: LuaTable = try lua.eval("setmetatable({}, {__index = function(_, f) return f() end})")
      _ = try table[f] as LuaValue
    },
    descentCheck(descents[0], "host calls through tostring") { lua, f in
      let table: LuaTable = try lua.eval("setmetatable({}, {__tostring = ...})", f)
      _ = try table.tostring()
    },
    depthCheck("arrays 200 deep, both ways", endsAlways: false) { lua in
      try lua.globals.set("deep", to: DeepValue.array(depth: 200))
      try expectEqual((try lua.globals["deep"] as Nested).depth, 201)
    },
    depthCheck("arrays 10,000 deep, to Lua", endsAlways: false) { lua in
      try lua.globals.set("deep", to: DeepValue.veryDeep)
    },
    depthCheck("dictionaries 10,000 deep, to Lua", endsAlways: false) { lua in
      try lua.globals.set("deep", to: DeepValue.veryDeepDictionary)
    },
    depthCheck("arrays 10,000 deep, from Lua", endsAlways: false) { lua in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, 10000 do t = {t} end return t")
      _ = try table.as(Nested.self)
    },
    depthCheck("tables that contain themselves, from Lua") { lua in
      let table: LuaTable = try lua.execute("local t = {} t[1] = t return t")
      _ = try table.as(Nested.self)
    },
    depthCheck("dictionaries that contain themselves, from Lua") { lua in
      let table: LuaTable = try lua.execute("local t = {} t.x = t return t")
      _ = try table.as(NestedDictionary.self)
    },
  ]

// MARK: - Deep values

/// Values that live as long as the process: Swift itself needs a deep stack to free them.
private enum DeepValue {
  nonisolated(unsafe) static let veryDeep = array(depth: 10_000)
  nonisolated(unsafe) static let veryDeepDictionary = dictionary(depth: 10_000)

  static func array(depth: Int) -> [Any] {
    var value: [Any] = []
    for _ in 0..<depth { value = [value] }
    return value
  }

  static func dictionary(depth: Int) -> [String: Any] {
    var value: [String: Any] = [:]
    for _ in 0..<depth { value = ["x": value] }
    return value
  }
}

private struct Nested: LuaConstructible {
  let elements: [Nested]

  var depth: Int { 1 + (elements.first?.depth ?? 0) }

  static func construct(from reader: LuaReader) throws -> Nested {
    Nested(elements: try reader.read(as: [Nested].self))
  }
}

private struct NestedDictionary: LuaConstructible {
  let entries: [String: NestedDictionary]

  static func construct(from reader: LuaReader) throws -> NestedDictionary {
    NestedDictionary(entries: try reader.read(as: [String: NestedDictionary].self))
  }
}
