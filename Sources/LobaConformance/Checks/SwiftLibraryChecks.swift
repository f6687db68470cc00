internal import LobaCore

private let area = Area("swift library")

private struct Unwritable: LuaRepresentable {
  struct Refused: Error, Equatable {}

  func write(to writer: inout LuaWriter) throws { throw Refused() }
}

let swiftLibraryChecks: [ConformanceCheck] = [
  area("the library is filled when it is first used, and what fills it fills nothing else") { lua in
    try expect(try lua.eval("getmetatable(swift) == false and rawget(swift, 'iter') == nil"))
    try lua.execute(
      """
      p = setmetatable({}, {__metatable = 'locked', __index = function() return 'mine' end})
      fill = debug.getmetatable(swift).__index
      """)
    for code in ["fill(p, 'x')", "fill({}, 'iter')", "fill()", "fill(1, 2)", "fill(swift.none, 'x')"] {
      try expectLuaError(.conversion) { try lua.execute("return \(code)") }
    }
    try expectEqual(try lua.execute("return getmetatable(p), p.x, rawget(p, 'iter')").values, ["locked", "mine", .nil])
    try expectEqual(
      try lua.execute("return type(swift.iter), type(swift.none), swift.nope").values, ["function", "userdata", .nil])
    // The library is the script's from then on.
    try lua.execute("swift.iter = 5 setmetatable(swift, {__index = function() return 'own' end})")
    try expectEqual(try lua.execute("return fill(swift, 'iter'), swift.iter, swift.other").values, [5, 5, "own"])
  },
  area("keys of a table are iterated as they were, whatever they are") { lua in
    let keys = "local t, seen = {[1] = 1, a = 2, [print] = 3, [swift.none] = 4, [2.5] = 5, [true] = 6}, {} "
    try expect(
      try lua.execute(
        keys + "for key in swift.iter(t) do seen[key] = t[key] t[key] = nil end "
          + "return next(t) == nil and seen.a == 2 and seen[print] == 3 and seen[swift.none] == 4 and seen[2.5] == 5"))
    try expectEqual(try lua.execute(keys + "local n = 0 for i in swift.enumerate(t) do n = n + i end return n"), 15)
  },
  area.engine("results that cannot all be written are let go of") { engine in
    try withRuntime(engine) { lua, tracker in
      try lua.register(
        LuaClass<LifetimeTracker>("Tracker") {
          $0.method("both") { tracker in (tracker, Unwritable()) }
          $0.metamethod(.negate) { (a: LifetimeTracker) in (a, Unwritable()) }
          $0.mutatingMethod("change") { (tracker: inout LifetimeTracker) in (tracker, Unwritable()) }
          $0.staticMethod("fixed") { (tracker.makeTracker(), Unwritable()) }
        })
      func refuses(_ code: String, _ makeArgument: () throws -> any LuaRepresentable = { LuaValue.nil }) throws {
        for _ in 0..<3 {
          try expectError(Unwritable.Refused()) {
            try lua.execute("return \(code)", LuaValues([lua.value(makeArgument())]))
          }
        }
        try lua.collectGarbage()
        try lua.collectGarbage()
        try expectEqual(tracker.alive, 0, code)
      }
      for iterator in ["iterex", "enumerate"] {
        try refuses("swift.\(iterator)(...)()") {
          iterator == "iterex" ? try lua.wrap([(tracker.makeTracker(), Unwritable())]) : try lua.wrap([Unwritable()])
        }
      }
      let make = try lua.function { tracker.makeTracker() }
      try lua.globals.set("make", to: make)
      try refuses("make():both()")
      try refuses("-make()")
      try refuses("make():change()")
      try refuses("Tracker.fixed()")
      try lua.globals.set("f", to: lua.function { (tracker.makeTracker(), tracker.makeTracker(), Unwritable()) })
      try refuses("f()")
      try lua.globals.set("g", to: lua.function(named: "n") { (_: Int?) in (tracker.makeTracker(), Unwritable()) })
      try refuses("g()")
      try lua.globals.set("h", to: lua.function { LuaValues([try lua.value(tracker.makeTracker())]) })
      try lua.execute("h()")
      if engine.capabilities.contains(.pairsAndLengthMetamethods) {
        try refuses("pairs(...)()") { try lua.wrap([Unwritable()]) }
      }
      for name in ["make", "f", "g", "h", "Tracker"] { try lua.globals.set(name, to: LuaValue.nil) }
    }
  },
]
