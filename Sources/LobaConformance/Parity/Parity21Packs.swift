internal import LobaCore

private let row = ParityRows(section: 2)

private final class Host {
  let tag: String
  init(_ tag: String) { self.tag = tag }
}

/// Shows every argument that arrives.
private func defineShow(_ lua: LuaRuntime) throws {
  try lua.globals.set(
    "show", to: lua.function { (values: LuaValues) in values.map(\.description).joined(separator: " ") })
  try lua.globals.set(
    "named",
    to: lua.function(named: "a", "b", "c") { (a: Int?, b: String?, c: LuaTable?) in
      "\(a.map(String.init) ?? "-") \(b ?? "-") \(c.map { String($0.count) } ?? "-")"
    })
}

/// 2: `swift.args`.
let parityPackChecks: [ConformanceCheck] = [
  row(17, "a pack is spread in a call of any Swift function") { lua in
    try defineShow(lua)
    try expectEqual(try lua.eval("show(swift.args{1, 2})") as String, "1 2")
    try expectEqual(try lua.eval("show(swift.args{})") as String, "")
    try expectEqual(try lua.eval("show(swift.args{nil, 2})") as String, "nil 2")
    try expectEqual(try lua.eval("show(swift.args{1, swift.none}, swift.none)") as String, "1 nil nil")
    try expectEqual(try lua.eval("show(swift.args{'a', true, 2.5})") as String, "a true 2.5")
    let add = try lua.function { (a: Int, b: Int) in a + b }
    try expectEqual(try lua.eval("(...)(swift.args{1, 2})", add) as Int, 3)
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("(...)(swift.args{1, 'x'})", add) as Int }.message,
      "argument #2")
  },
  row(17, "packs and other arguments may be mixed, and packs be used again") { lua in
    try defineShow(lua)
    try expectEqual(try lua.eval("show(0, swift.args{1, 2}, 3, swift.args{4})") as String, "0 1 2 3 4")
    try lua.execute("local list = {1, 2} pack = swift.args(list) list[1] = 9")
    for _ in 0..<3 { try expectEqual(try lua.eval("show(pack, pack)") as String, "1 2 1 2") }
    try lua.execute("big = {} for i = 1, 200 do big[i] = i end")
    try expectEqual(try lua.eval("select(2, string.gsub(show(swift.args(big), 'x'), ' ', ''))") as Int, 200)
  },
  row(17, "names in packs go to named parameters, and are merged") { lua in
    try defineShow(lua)
    try expectEqual(try lua.eval("named(swift.args{1, b = 'x'})") as String, "1 x -")
    try expectEqual(try lua.eval("named(1, swift.args{c = {1, 2}})") as String, "1 - 2")
    try expectEqual(try lua.eval("named(swift.args{a = 1}, swift.args{b = 'y'})") as String, "1 y -")
    try expectEqual(try lua.eval("named(swift.args{5}, 'z', swift.args{c = {}})") as String, "5 z 0")
    try expectEqual(try lua.eval("named(swift.args{nil, 'only b'})") as String, "- only b -")
    for call in ["named(swift.args{a = 1}, swift.args{a = 2})", "named(1, swift.args{a = 2})"] {
      let error = try expectLuaError(.conversion) { _ = try lua.eval(call) as String }
      try expectContains(error.message, "multiple values", "'a'")
    }
    for call in ["named(swift.args{d = 1})", "show(swift.args{d = 1})"] {
      try expectContains(try expectLuaError(.conversion) { _ = try lua.eval(call) as String }.message, "'d'")
    }
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("named(1, 'x', swift.args{{}, 4})") as String }.message,
      "argument 4")
  },
  row(17, "packs work for methods, bound methods and objects that can be called") { lua in
    try lua.register(
      LuaClass<Host>("Host") {
        $0.initializer { (tag: String) in Host(tag) }
        $0.method("join") { (host, values: LuaValues) in ([host.tag] + values.map(\.description)).joined(separator: " ")
        }
        $0.method("named", named: "x", "y") { (host, x: Int, y: Int) in "\(host.tag) \(x) \(y)" }
        $0.metamethod(.call) { (host: Host, a: Int, b: Int) in a + b }
      })
    try lua.execute("h = Host(swift.args{'h'})")
    try expectEqual(try lua.eval("h:join(0, swift.args{1, 2})") as String, "h 0 1 2")
    try expectEqual(try lua.eval("h:named(swift.args{y = 2, 1})") as String, "h 1 2")
    try expectEqual(try lua.eval("h:named(1, swift.args{y = 3})") as String, "h 1 3")
    try expectEqual(try lua.eval("h(swift.args{1, 2})") as Int, 3)
    try expectEqual(try lua.eval("swift.as_attrgetter(h).join(swift.args{7})") as String, "h 7")
    try expectEqual(try lua.eval("swift.as_attrgetter(h).named(swift.args{1, y = 4})") as String, "h 1 4")
  },
  row(17, "a pack is made of a table with names and indices from 1 on") { lua in
    for argument in ["1", "'x'", "nil"] {
      try expectLuaError(.conversion) { _ = try lua.eval("swift.args(\(argument))") as LuaValue }
    }
    for table in ["{[2^40] = 1}", "{[0] = 1}", "{[1.5] = 1}", "{[{}] = 1}"] {
      try expectLuaError(.conversion) { _ = try lua.eval("swift.args(\(table))") as LuaValue }
    }
    try expectEqual(try lua.eval("tostring(swift.args{1})") as String, "swift.args")
    try expectEqual(try lua.eval("(print or 1) ~= nil and type(swift.args{1})") as String, "userdata")
  },
  row.engine(17, "a pack keeps neither its runtime nor its values alive") { engine in
    let counter = LifetimeCounter()
    weak var gone: LuaRuntime?
    try {
      let lua = try LuaRuntime(engine: engine)
      gone = lua
      try lua.execute("pack = swift.args{...}", lua.wrap(counter.makeTracker()))
      try lua.collectGarbage()
      try expectEqual(counter.alive, 1)
      try lua.execute("pack = swift.args{...} pack = nil", lua.wrap(counter.makeTracker()))
      try lua.collectGarbage()
      try lua.collectGarbage()
      try expectEqual(counter.alive, 0)
      try lua.execute("pack = swift.args{...}", lua.wrap(counter.makeTracker()))
    }()
    try expect(gone == nil)
    try expectEqual(counter.alive, 0)
  },
]
