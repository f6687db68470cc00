internal import LobaCore

private let area = Area("objects and runtimes")

/// Runs a closure wherever one of its values is used; reading one closes the runtime.
private struct Trap: LuaConvertible, Hashable {
  let action: () -> Void

  static func construct(from reader: LuaReader) throws -> Trap {
    reader.runtime.close()
    return Trap(action: {})
  }

  func write(to writer: inout LuaWriter) throws {
    action()
    writer.writeNil()
  }

  static func == (a: Trap, b: Trap) -> Bool {
    a.action()
    b.action()
    return true
  }

  func hash(into hasher: inout Hasher) { action() }
}

private final class Ending {
  let action: () -> Void

  init(_ action: @escaping () -> Void) { self.action = action }

  deinit { action() }
}

private struct Members {
  var value = 1
}

private func describe(_ name: String, _ value: Int) -> LuaClass<Members> {
  LuaClass<Members>(name) {
    $0.property("value", get: { _ in value })
    $0.property("also", get: { $0.value }, set: { $0.value = $1 })
    $0.method("get") { _ in value }
    $0.constant("constant", value)
  }
}

let objectLifetimeChecks: [ConformanceCheck] = [
  area.engine("a runtime may be closed wherever items are used") { engine in
    final class Weak: @unchecked Sendable { weak var runtime: LuaRuntime? }
    for (name, code) in [
      ("write", "return x[0]"), ("write", "for i in swift.iter(x) do end"),
      ("write", "for i in swift.iterex(x) do end"),
      ("write", "for i, j in swift.enumerate(x) do end"), ("key", "return m['a']"), ("key", "m['a'] = 1"),
      ("key", "m['a'] = nil"),
      ("key", "s['a'] = true"), ("value", "x[0] = 'a'"), ("value", "x[1] = 'a'"), ("end", "e[0] = f"),
      ("end", "d.a = nil"),
      ("get", "return r.value"), ("set", "r.value = 1"), ("method", "return r:method()"), ("next", "return n()"),
      ("pairs", "for k, v in pairs(x) do end"), ("tostring", "return tostring(r)"),
    ] {
      let held = Weak()
      let lua = try LuaRuntime(engine: engine)
      held.runtime = lua
      let close = { held.runtime?.close() ?? () }
      let action = name == "write" || name == "pairs" ? close : {}
      try lua.globals.set("x", to: lua.wrap([Trap(action: action)]))
      try lua.globals.set("m", to: lua.wrap([Trap(action: {}): 1]))
      try lua.globals.set("s", to: lua.wrap(Set([Trap(action: {})])))
      try lua.globals.set("e", to: lua.wrap([Ending(name == "end" ? close : {})]))
      try lua.globals.set("d", to: lua.wrap(["a": Ending(name == "end" ? close : {})]))
      try lua.globals.set("f", to: lua.wrap(Ending({})))
      try lua.register(
        LuaClass<Members>("Members") {
          let closing = { (member: String) in if name == member { close() } }
          $0.property(
            "value",
            get: { members in
              closing("get")
              return members.value
            },
            set: { (members, value: Int) in
              closing("set")
              members.value = value
            })
          $0.mutatingMethod("method") { (members: inout Members) -> Int in
            closing("method")
            return members.value
          }
          $0.metamethod(.tostring) { (_: Members) -> String in
            closing("tostring")
            return "members"
          }
        })
      try lua.globals.set("r", to: lua.wrap(Members()))
      try lua.execute(
        "n = swift.iter(...)",
        lua.wrap(
          AnySequence {
            AnyIterator {
              if name == "next" { close() }; return 1
            }
          }))
      do { try lua.execute(code) } catch let error as LuaError where error.kind == .closed || error.kind == .runtime {}
      if name == "pairs", !engine.capabilities.contains(.pairsAndLengthMetamethods) { continue }
      try expect(lua.isClosed, "\(name): \(code)")
      try expectLuaError(.closed) { try lua.execute("return 1") }
    }
  },
  area.engine("a runtime may be closed by whoever is asked about members and items") { engine in
    final class Weak: @unchecked Sendable { weak var runtime: LuaRuntime? }
    for isFilter in [true, false] {
      for code in ["return x[0]", "x[0] = 1", "return r.also", "r.also = 2", "return a.value", "return r:get()"] {
        let held = Weak()
        var configuration = LuaConfiguration()
        configuration.memberAccess =
          isFilter
          ? .filter { _, name, _ in
            held.runtime?.close()
            return name
          }
          : .handlers(
            get: { _, _ in
              held.runtime?.close()
              return [1, 2]
            }, set: { _, _, _ in held.runtime?.close() })
        let lua = try LuaRuntime(engine: engine, configuration: configuration)
        try lua.register(describe("Members", 1))
        try lua.globals.set("x", to: lua.wrap([1]))
        try lua.globals.set("r", to: lua.wrap(Members()))
        try lua.globals.set("a", to: lua.wrap(Members(), as: .attributes))
        held.runtime = lua
        do { try lua.execute(code) } catch let error as LuaError where error.kind == .closed || error.kind == .runtime {
        }
        try expect(lua.isClosed, code)
      }
    }
  },
  area("a class may be registered again while a member of it runs") { lua in
    try lua.register(
      LuaClass<Members>("Members") { [unowned lua] in
        $0.property("value", get: { _ in try register(in: lua) }, set: { (_, _: Int) in _ = try register(in: lua) })
        $0.method("get") { _ in try register(in: lua) }
        $0.mutatingMethod("change") { (members: inout Members) -> Int in
          members.value = 5
          return try register(in: lua)
        }
        $0.metamethod(.length) { (_: Members) in try register(in: lua) }
      })
    func register(in lua: LuaRuntime) throws -> Int {
      for number in 0..<20 { try lua.register(describe("Members", number)) }
      try lua.collectGarbage()
      let wrapped: Int = try lua.eval("(...).value + (...):get()", lua.wrap(Members()))
      let viewed: Int = try lua.eval("(...).value + (...).get()", lua.wrap(Members(), as: .attributes))
      try expectEqual([wrapped, viewed], [38, 38])
      return 1
    }
    let old = try lua.wrap(Members())
    try expectEqual(
      try lua.execute("local m = ... m.value = 1 return m.value, m:get(), m:change(), #m", old).values, [1, 1, 1, 1])
    try expectEqual(try lua.execute("return Members.constant, (...).value", lua.wrap(Members())).values, [19, 19])
  },
  area("registering again and again keeps nothing") { lua in
    let counter = LifetimeCounter()
    for number in 0..<50 {
      let tracker = counter.makeTracker(number)
      try lua.register(
        LuaClass<Members>("Members") {
          $0.method("get") { _ in
            tracker.touch()
            return number
          }
        })
      _ = try lua.wrap(Members(), as: .attributes)
    }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 1)
    try lua.register(LuaClass<Members>("Members"))
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
  area("the end of an object may use the runtime and its classes") { lua in
    var count = 0
    try lua.register(describe("Members", 1))
    let end = { [unowned lua] in
      do {
        try lua.register(describe("Members", 2))
        count += try lua.eval("(...).value", lua.wrap(Members()))
        count += try lua.eval("#swift.as_itemgetter(...)", lua.wrap([1, 2, 3]))
      } catch { count -= 1000 }
    }
    for _ in 0..<10 { try lua.execute("local e = ... e = nil", lua.wrap(Ending(end))) }
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(count, 50)
  },
]
