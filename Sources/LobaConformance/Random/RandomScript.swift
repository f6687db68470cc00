internal import LobaCore

let randomScriptActions: [RandomAction] = [
  RandomAction("run a script", weight: 14, needs: .scripts, allows: [.runtime]) { world in
    let script = RandomScript.make(in: world)
    world.note(script)
    let results: LuaValues = try world.lua.execute(script)
    for value in results { world.remember(value) }
  },
  RandomAction("compile a script for later", weight: 2, needs: .scripts) { world in
    let script = RandomScript.make(in: world)
    world.note(script)
    world.remember(try world.lua.compile(script))
  },
]

/// Writes Lua: a few statements, each of which calls Swift at every chance.
struct RandomScript {
  private let world: RandomWorld
  private var names = 0

  static func make(in world: RandomWorld) -> String {
    var script = RandomScript(world: world)
    return script.block(depth: 0)
  }

  private mutating func name() -> String {
    names += 1
    return "v\(names)"
  }

  private mutating func block(depth: Int) -> String {
    (0..<(1 + world.pick(4))).map { _ in statement(depth: depth) }.joined(separator: " ")
  }

  private typealias Statement = (features: RandomFeatures, make: @Sendable (inout RandomScript, Int) -> String)

  private static let statements: [Statement] = flatStatements + nestedStatements + nestedStatements

  private static let flatStatements: [Statement] = [
    ([], { _, _ in "act()" }),
    ([], { _, _ in "act()" }),
    (
      [],
      { script, _ in
        let (a, b) = (script.world.makeToken().number, script.world.makeToken().number)
        let (x, y) = (script.name(), script.name())
        return "local \(x), \(y) = token(\(a)), token(\(b)) act() check(\(a), \(x)) check(\(b), \(y))"
      }
    ),
    ([], { _, _ in "do local e = raise() if e ~= nil then error(e, 0) end end" }),
    (.collector, { script, _ in script.world.flip() ? "collectgarbage()" : "collectgarbage('step', 1)" }),
    (.callHooks, { script, _ in "pcall(debug.sethook, hook, '\(script.world.pick(from: ["c", "r", "l", "crl"]))')" }),
    (.countHooks, { script, _ in "pcall(debug.sethook, hook, '', \(1 + script.world.pick(20)))" }),
    ([], { _, _ in "pcall(debug.sethook)" }),
    // Finalizers cannot wait, and that is an error of theirs.
    (.waiting, { _, _ in "if raises() then nap() end" }),
    (.waiting, { _, _ in "pcall(nap)" }),
    (
      .waiting,
      { script, _ in
        let n = script.world.makeToken().number
        return "if raises() then check(\(n), later(token(\(n)))) end"
      }
    ),
    (
      .metamethods,
      { script, _ in
        let table = script.name()
        return """
          local \(table) = setmetatable({}, {__index = function(t, k) act() return k end, __lt = act, __le = act, \
          __eq = function() act() return true end, __concat = function(a, b) act() return 'c' end, \
          __newindex = function(t, k, v) act() rawset(t, k, v) end}) \
          \(table).x = \(table).y .. 'z' local _ = \(script.concatenated(table)), \
          \(table) == setmetatable({}, getmetatable(\(table)))
          """
      }
    ),
    (
      .members,
      { script, _ in
        let object = script.name()
        return """
          local \(object) = object() check(\(object).number, \(object).token) \(object).slot = token(5) \
          local _ = \(script.concatenated(object)), #\(object), \(object) + 1, \(object) < \(object), \(object) == object()
          """
      }
    ),
    (.descriptions, { _, _ in "local _ = tostring(object())" }),
    (
      .itemChanges,
      { script, _ in "do local a = array() a[#a] = token(\(script.world.makePlainToken().number)) a[0] = 1 end" }
    ),
    (.items, { _, _ in "do local a = array() for i = 0, #a do local _ = a[i] end end" }),
    (.iteration, { _, _ in "for v in swift.iter(sequence()) do act() end" }),
    ([], { _, _ in "do local t = {3, 1, 2} table.sort(t, function(a, b) act() return a < b end) end" }),
    (
      [],
      { _, _ in "do local s = string.gsub('abc', '.', function(c) act() return c .. c end) assert(s == 'aabbcc') end" }
    ),
    (
      [],
      { _, _ in
        "do local n = 0 local f = load(function() act() n = n + 1 return n == 1 and 'return 1' or nil end) if f then f() end end"
      }
    ),
    ([], { script, _ in "keep[\(1 + script.world.pick(5))] = token(\(script.world.makeToken().number))" }),
    ([], { script, _ in "keep[\(1 + script.world.pick(5))] = nil" }),
    (
      [],
      { script, _ in
        let n = script.world.makeToken().number
        return "(function(...) act() check(\(n), (select(2, ...))) return ... end)(1, token(\(n)), act(), 4)"
      }
    ),
  ]

  /// Statements with blocks of others.
  private static let nestedStatements: [Statement] = [
    ([], { script, depth in script.caught(depth) }),
    ([], { script, depth in script.caught(depth) }),
    (
      [],
      { script, depth in
        """
        do local ok, e = xpcall(function() \(script.block(depth: depth + 1)) end, function(e) handler() return e end) \
        if not ok then \(script.handling()) end end
        """
      }
    ),
    ([], { script, depth in "for i = 1, \(1 + script.world.pick(3)) do \(script.block(depth: depth + 1)) end" }),
    (.finalizers, { script, depth in "finalized(function() \(script.block(depth: depth + 1)) end)" }),
    (
      .coroutines,
      { script, depth in
        let co = script.name()
        return """
          local \(co) = coroutine.create(function(...) \(script.block(depth: depth + 1)) \
          coroutine.yield(token(11)) \(script.block(depth: depth + 1)) end) \(script.exposed(co)) \
          for i = 1, \(script.resumes) do local ok, e = coroutine.resume(\(co)) if not ok then \(script.handling()) end end
          """
      }
    ),
    (
      .coroutines,
      { script, depth in
        "for v in coroutine.wrap(function() coroutine.yield(1) \(script.block(depth: depth + 1)) end) do act() end"
      }
    ),
  ]

  /// Each statement has a scope of its own, and ends: the next may begin with a parenthesis.
  private mutating func statement(depth: Int) -> String {
    while true {
      let statement = world.pick(from: depth < 2 ? Self.statements : Self.flatStatements)
      if world.has(statement.features) { return "do \(statement.make(&self, depth)); end" }
    }
  }

  /// A coroutine that has raised an error is dead when it is resumed for the second time.
  private var resumes: Int { world.has(.deadResumes) ? 3 : 1 }

  /// Others may then resume the coroutine, close it and throw into it.
  private func exposed(_ name: String) -> String { world.chance(1, in: 4) ? "expose(\(name))" : "" }

  private func concatenated(_ name: String) -> String { world.has(.concatenation) ? "\(name) .. 'x'" : name }

  private mutating func caught(_ depth: Int) -> String {
    "do local ok, e = pcall(function() \(block(depth: depth + 1)) end) if not ok then \(handling()) end end"
  }

  /// What is done with an error that a script has caught.
  private func handling() -> String {
    world.pick(from: [
      "dropped(e)", "dropped(e)", "if raises() then error(e, 0) end", "stored(e) keep[9] = e",
      "if keep[9] and raises() then error(keep[9], 0) end",
    ])
  }
}

// MARK: - What scripts call

extension RandomWorld {
  /// LuaJIT's compiler does not stand it when memory is short, nor a finalizer that raises; plain LuaJIT dies as well.
  private var usesInterpreter: Bool {
    engine.capabilities.contains(.jit)
      && (has(.memoryLimits) || has(.allocationFaults) || has(.finalizers))
  }

  /// Makes the functions that scripts call.
  func defineGlobals() throws {
    let globals = lua.globals
    try globals.set("act", to: lua.function { () -> Void in try RandomWorld.current?.disturb("act", []) })
    try globals.set(
      "hooked",
      to: lua.function { () -> Void in
        guard let world = RandomWorld.current else { return }
        do {
          try world.disturb("hook", [])
        } catch {
          // Message handlers are hooked as well, and on LuaJIT that is an error in one.
          if world.engine.capabilities.contains(.jit) { world.hasHandlerFailed = true }
          throw error
        }
      })
    try globals.set("raise", to: lua.function { () -> LuaValue in try RandomWorld.current?.makeErrorValue() ?? .nil })
    try globals.set(
      "handler",
      to: lua.function { () -> Void in
        guard let world = RandomWorld.current else { return }
        do {
          try world.disturb("message handler", [])
        } catch {
          world.hasHandlerFailed = true
          throw error
        }
      })
    try globals.set(
      "dropped",
      to: lua.function { (error: LuaValue) -> Void in
        if let world = RandomWorld.current, let number = world.number(ofCaught: error) { world.errors.drop(number) }
      })
    try globals.set(
      "stored",
      to: lua.function { (error: LuaValue) -> Void in
        guard let world = RandomWorld.current else { return }
        if let number = world.number(ofCaught: error) { world.errors.store(number) }
        if error == "not enough memory" { world.errors.isMemoryErrorStored = true }
        if let stop = try? error.as(LuaError.self), stop.kind == .limit {
          world.errors.storedStops.insert(stop.message)
        }
      })
    try globals.set(
      "expose", to: lua.function { (co: LuaCoroutine) -> Void in RandomWorld.current?.remember(co) })
    // What a finalizer raises comes out of anything, so it does not where nothing is to happen.
    try globals.set("raises", to: lua.function { () -> Bool in RandomWorld.current?.isQuiet == false })
    try globals.set("token", to: lua.function { (number: Int) in RandomWritten(token: RandomToken(number: number)) })
    try globals.set(
      "check",
      to: lua.function { (number: Int, value: LuaValue) -> Void in
        RandomWorld.current?.expect([try RandomToken(value)], [RandomToken(number: number)])
      })
    try globals.set("object", to: lua.function { () -> RandomObject? in RandomWorld.current?.makeObject() })
    try globals.set(
      "array",
      to: lua.function { () throws -> LuaValue in
        guard let world = RandomWorld.current else { return .nil }
        return .userdata(try world.lua.wrap([1, 2, 3] as [Any]))
      })
    try globals.set(
      "sequence",
      to: lua.function { () throws -> LuaValue in
        guard let world = RandomWorld.current else { return .nil }
        return .userdata(try world.lua.wrap(RandomSequence(left: 3)))
      })
    if has(.waiting) { try defineWaitingGlobals() }
    try lua.execute(
      """
      keep = {}
      local usesInterpreter, hasFinalizers = ...
      if usesInterpreter then jit.off() end
      function echo(...) return ... end
      function hook() hooked() end
      if not hasFinalizers then
        function finalized() end
      elseif newproxy then
        local newproxy, getmetatable = newproxy, getmetatable
        function finalized(f) getmetatable(newproxy(true)).__gc = f end
      else
        local setmetatable = setmetatable
        function finalized(f) setmetatable({}, {__gc = f}) end
      end
      """, usesInterpreter, lua.configuration.limits == nil)
  }

  /// A configuration in which everything that can be asked is asked.
  func makeConfiguration() -> LuaConfiguration {
    var configuration = LuaConfiguration()
    configuration.evaluator = { text, _ in
      try RandomWorld.current?.disturb("evaluator", .evaluation)
      return text
    }
    configuration.builtins = [
      "probe": LuaHostFunction { (number: Int) in
        try RandomWorld.current?.disturb("builtin", .evaluation)
        return number
      }
    ]
    if has(.memberAccess), flip() {
      configuration.memberAccess = .filter { _, name, _ in
        try RandomWorld.current?.disturb("filter", .memberAccess)
        return name
      }
    }
    if flip() { configuration.reflection = .mirror }
    if has(.limits), chance(1, in: 3) { configuration.limits = LuaLimits.none }
    if has(.overflow), flip() {
      configuration.integerOverflow = .handler { _ in
        try RandomWorld.current?.disturb("overflow handler", .overflow)
        return 1
      }
    }
    return configuration
  }
}
