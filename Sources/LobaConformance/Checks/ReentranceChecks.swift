internal import LobaCore

private let area = Area("reentrance")

/// Read from a table by Lua's own indexing, which may run anything.
private struct Point: LuaConstructible, Hashable {
  var x: Int

  static func construct(from reader: LuaReader) throws -> Point {
    try Point(x: reader.read(as: LuaTable.self)["x"])
  }
}

/// Does something as it goes, and as it is compared.
private final class Noisy: Hashable {
  let name: String
  var onEqual: (() -> Void)?
  var onEnd: (() -> Void)?

  init(_ name: String = "", onEqual: (() -> Void)? = nil, onEnd: (() -> Void)? = nil) {
    self.name = name
    self.onEqual = onEqual
    self.onEnd = onEnd
  }

  deinit { onEnd?() }

  static func == (a: Noisy, b: Noisy) -> Bool {
    a.onEqual?()
    b.onEqual?()
    return a.name == b.name
  }

  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A sequence whose code is the caller's.
private struct Endless: Sequence, IteratorProtocol {
  let body: () -> Int?

  mutating func next() -> Int? { body() }
}

/// Collections used in place, by what runs while they are used.
let collectionReentranceChecks: [ConformanceCheck] = [
  area("a conversion may use the collection that it is for") { lua in
    let setUp = "x = ... function make(f) return setmetatable({}, {__index = function() return f() end}) end"
    try lua.execute(setUp, lua.wrap([Point(x: 1), Point(x: 2)]))
    try lua.execute("x[0] = make(function() return #x + #x end)")
    try expectEqual(try (lua.globals["x"] as [Point]).map(\.x), [4, 2])
    try lua.execute("x[1] = make(function() x[0] = {x = 5} x[2] = {x = 7} return 6 end)")
    try expectEqual(try (lua.globals["x"] as [Point]).map(\.x), [5, 6, 7])

    try lua.execute(setUp, lua.wrap([Point(x: 1): Point(x: 1)]))
    try lua.execute("x[make(function() return 2 end)] = make(function() x[{x = 3}] = {x = 4} return 20 end)")
    try lua.execute("y = x[make(function() x[{x = 8}] = {x = 9} return 8 end)]")
    try expectEqual(try lua.globals["y"] as Point, Point(x: 9))
    try expectEqual(
      try lua.globals["x"] as [Point: Point],
      [Point(x: 1): Point(x: 1), Point(x: 2): Point(x: 20), Point(x: 3): Point(x: 4), Point(x: 8): Point(x: 9)])

    try lua.execute(setUp, lua.wrap(Set([Point(x: 1)])))
    try lua.execute("x[make(function() x[{x = 5}] = true return #x end)] = true")
    try expect(try lua.eval("x[make(function() x[{x = 6}] = true return 6 end)]"))
    try expectEqual(try lua.globals["x"] as Set<Point>, Set([1, 2, 5, 6].map(Point.init)))
  },
  area("a collection is no key or element of itself, or is stored as the value that it is") { lua in
    for (value, code) in [
      (try lua.wrap([1]), "x[x] = 1"), (try lua.wrap([1]), "x[0] = x"), (try lua.wrap(["a": 1]), "x.a = x"),
      (try lua.wrap(["a": 1]), "x[x] = 1"), (try lua.wrap(Set(["a"])), "x[x] = true"),
    ] {
      try expectLuaError(.conversion) { try lua.execute("local x = ... \(code)", value) }
    }
    try lua.execute("local x = ... x[0] = x x[1] = x return x[0]", lua.wrap([1, 2] as [Any]))
    let list: [Any] = try lua.execute("local x = ... x[0] = x return x", lua.wrap([1] as [Any]))
    try expectEqual(list.first as? [Int], [1])
    let map: [String: Any] = try lua.execute("local x = ... x.a = x return x", lua.wrap(["b": 1] as [String: Any]))
    try expectEqual((map["a"] as? [String: Int]), ["b": 1])
  },
  area("what is replaced in a collection may use the collection as it goes") { lua in
    var seen: [Int] = []
    func noisy(_ name: String = "") -> Noisy {
      Noisy(
        name,
        onEnd: { [unowned lua] in
          do { seen.append(try lua.eval("(function() change() return #x end)()")) } catch { seen.append(-1) }
        })
    }
    try lua.globals.set("x", to: lua.wrap([noisy()]))
    try lua.execute("function change() x[#x] = x[0] end")
    try lua.execute("x[0] = ...", lua.wrap(Noisy("b")))
    try expectEqual(seen, [2])
    try lua.globals.set("x", to: lua.wrap(["a": noisy(), "b": noisy()]))
    try lua.execute("function change() x.c = y end")
    try lua.globals.set("y", to: lua.wrap(Noisy("c")))
    seen = []
    try lua.execute("x.a = y x.b = nil")
    try expectEqual(seen, [3, 2])
    // A key, and an element of a set. (What finds them is another object that is equal.)
    try lua.globals.set("x", to: lua.wrap([noisy("k"): 1]))
    try lua.execute("function change() x[y] = 2 end")
    seen = []
    try lua.execute("x[...] = nil", lua.wrap(Noisy("k")))
    try expectEqual(seen, [1])
    try lua.globals.set("x", to: lua.wrap(Set([noisy("k")])))
    try lua.execute("function change() x[y] = true end")
    seen = []
    try lua.execute("x[...] = nil", lua.wrap(Noisy("k")))
    try expectEqual(seen, [1])
  },
  area("keys that use their collection while they are compared get an error, or its items") { lua in
    var code = ""
    var outcomes: [String] = []
    let key = Noisy(
      "k",
      onEqual: { [unowned lua] in
        guard !code.isEmpty else { return }
        do {
          try lua.execute(code)
          outcomes.append("done")
        } catch { outcomes.append("\(error)") }
      })
    try lua.globals.set("x", to: lua.wrap([key: 1]))
    try lua.globals.set("y", to: lua.wrap(Noisy("k")))
    try lua.globals.set("take", to: lua.function { (_: [Noisy: Int]) in })
    for inside in [
      "return #x", "return x[1]", "x[y] = 5", "x[y] = nil", "take(x)", "swift.iter(x)", "swift.as_itemgetter(x)",
      "swift.builtins.count(x)",
    ] {
      for outside in ["x[y] = 3", "x[y] = nil"] {
        code = inside
        outcomes = []
        try lua.execute(outside)
        code = ""
        try expect(!outcomes.isEmpty)
        for outcome in outcomes { try expectContains(outcome, "changed") }
        try expectEqual(try lua.eval("#x"), outside.hasSuffix("nil") ? 0 : 1)
        try lua.execute("x[...] = 1", lua.wrap(key))
      }
    }
    // In words, it is what it is; and reading opens nothing.
    code = "text = tostring(x)"
    try lua.execute("x[y] = 3")
    try expectContains(try lua.globals["text"], "being changed")
    code = "x[y] = nil"
    outcomes = []
    try expectEqual(try lua.eval("x[y]"), 3)
    try expect(outcomes.contains("done"))
  },
  area("a large collection is changed without a copy of it") { lua in
    let list = try lua.wrap([Int](0..<10_000))
    func address() throws -> UnsafeRawPointer? {
      try LuaValue.userdata(list).as([Int].self).withUnsafeBytes { $0.baseAddress }
    }
    let before = try address()
    try lua.execute("local x = ... x[0] = 1 x[9999] = 2", list)
    try expectEqual(try address(), before)
    try expectEqual(try lua.execute("local x = ... return x[0], x[9999]", list).values, [1, 2])
  },
  area("an iterator that its own sequence asks throws, and goes on afterwards") { lua in
    for function in ["swift.iter", "swift.iterex", "swift.enumerate"] {
      var messages: [String] = []
      let sequence = Endless { [unowned lua] in
        do { try lua.execute("next_one()") } catch { messages.append("\(error)") }
        return 7
      }
      try lua.execute("next_one = \(function)(...)", lua.wrap(sequence))
      try expectEqual(try lua.eval("select(-1, next_one())"), 7)
      try expectEqual(try lua.eval("select(-1, next_one())"), 7)
      try expectEqual(messages.count, 2)
      for message in messages { try expectContains(message, "next item") }
    }
  },
]

private struct Vector {
  var x: Int
}

private protocol Growing {
  var size: Int { get set }
}

private struct Square: Growing {
  var size: Int
}

private final class Counter {
  var count = 0
}

private func registerVector(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Vector>("Vector") {
      $0.initializer { (x: Int) in Vector(x: x) }
      $0.property("x", get: { $0.x }, set: { $0.x = $1 })
      $0.property("twice", get: { .integer($0.x * 2) }, set: { (vector, f: LuaValue) in vector.x = try f() })
      $0.property("point", get: { Point(x: $0.x) }, set: { (vector, point: Point) in vector.x += point.x })
      $0.mutatingMethod("inc") { (vector: inout Vector, f: LuaFunction) in
        vector.x += 1
        try f() as Void
      }
    })
}

/// Members that change their object, while something else does.
let memberReentranceChecks: [ConformanceCheck] = [
  area("a structure is not changed while a member changes it: an error names both") { lua in
    try registerVector(lua)
    try lua.execute("v = Vector(1)")
    for code in ["v.x = 100", "v.twice = function() return 1 end", "v:inc(function() end)"] {
      let error = try expectLuaError(.runtime) { try lua.execute("v:inc(function() \(code) end)") }
      try expectContains(error.message, "'inc'", "Vector")
      try expectContains(
        try expectLuaError(.runtime) { try lua.execute("v.twice = function() \(code) end") }.message, "'twice'")
    }
    // What a member has done before it failed stays, and nothing is left of its mark.
    try lua.execute("v.x = 5 v:inc(function() old = v.x end)")
    try expectEqual(try lua.execute("return old, v.x").values, [5, 6])
    try lua.execute("pcall(v.inc, v, error) v.x = v.x + 1")
    try expectEqual(try lua.eval("v.x"), 8)
    // Another object is another matter, and a script can catch what it is told.
    try lua.execute("w = Vector(1) v:inc(function() w.x = 9 ok, message = pcall(function() v.x = 0 end) end)")
    try expectEqual(try lua.execute("return w.x, v.x, ok, message:match('inc') ").values, [9, 9, false, "inc"])
  },
  area("a conversion of an argument may change the object") { lua in
    try registerVector(lua)
    try lua.execute(
      """
      v = Vector(1)
      v.point = setmetatable({}, {__index = function() v.x = 10 return 5 end})
      """)
    try expectEqual(try lua.eval("v.x"), 15)
  },
  area("objects can be changed while a member changes them") { lua in
    try lua.register(
      LuaClass<Counter>("Counter") {
        $0.initializer { Counter() }
        $0.property("count", get: { $0.count }, set: { $0.count = $1 })
        $0.mutatingMethod("inc") { (counter: inout Counter, f: LuaFunction) in
          try f() as Void
          counter.count += 1
        }
      })
    try expectEqual(
      try lua.execute("c = Counter() c:inc(function() c.count = 100 c:inc(function() end) end) return c.count").values,
      [102])
  },
  area("an object that a member puts in the place of its own stays, also if the member throws") { lua in
    struct Thrown: Error {}
    try lua.register(
      LuaClass<Counter>("Counter") {
        $0.initializer { Counter() }
        $0.property("count", get: { $0.count }, set: { $0.count = $1 })
        $0.mutatingMethod("become") { (counter: inout Counter, count: Int) in
          counter = Counter()
          counter.count = count
          if count > 5 { throw Thrown() }
        }
      })
    try expectEqual(
      try lua.execute("c = Counter() c:become(3) local a = c.count pcall(c.become, c, 7) return a, c.count").values,
      [3, 7])
  },
  area("a structure registered as what it conforms to is changed too") { lua in
    try lua.register(
      LuaClass<any Growing>("Growing") {
        $0.property("size", get: { $0.size }, set: { $0.size = $1 })
        $0.mutatingMethod("grow") { (growing: inout any Growing, f: LuaFunction) in
          growing.size += 1
          try f() as Void
        }
        $0.mutatingMethod("become") { (growing: inout any Growing) in growing = Circle(size: 1) }
      })
    try lua.globals.set("s", to: lua.wrap(Square(size: 1)))
    try lua.execute("s:grow(function() old = s.size end) s.size = s.size + 10")
    try expectEqual(try lua.execute("return old, s.size").values, [1, 12])
    try expectContains(
      try expectLuaError(.runtime) { try lua.execute("s:grow(function() s.size = 5 end)") }.message, "'grow'", "Square")
    try expectContains(
      try expectLuaError(.conversion) { try lua.execute("s:become()") }.message, "Square", "Circle")
  },
  area("the old parts of a structure may use it as they go") { lua in
    struct Holder { var part: Noisy }
    try lua.register(
      LuaClass<Holder>("Holder") {
        $0.property("part", get: { $0.part.name }, set: { (holder, name: String) in holder.part = Noisy(name) })
      })
    var seen: [String] = []
    let end = { [unowned lua] in
      do { seen.append(try lua.eval("(function() h.part = h.part .. '!' return h.part end)()")) } catch {
        seen.append("\(error)")
      }
    }
    try lua.globals.set("h", to: lua.wrap(Holder(part: Noisy("a", onEnd: end))))
    try lua.execute("h.part = 'b'")
    try expectEqual(seen, ["b!"])
  },
  area("a finalizer may register a class again while a view of its objects is made") { lua in
    func register() throws {
      try lua.register(LuaClass<Noisy>("Noisy") { $0.property("name", get: { $0.name }) })
    }
    try lua.globals.set(
      "again",
      to: lua.function { try register() })
    // Whatever is allocated may collect, and run one, and one more is left.
    try lua.execute(
      hurryCollector(pause: 1, stepMultiplier: 10000) + """
        function litter()
          local function gc()
            if not stop then
              again()
              litter()
            end
          end
          if newproxy then getmetatable(newproxy(true)).__gc = gc else setmetatable({}, {__gc = gc}) end
        end
        litter()
        """)
    let kept = try lua.table()
    for i in 1...30 {
      try register()
      let view = try lua.wrap(Noisy("\(i)"), as: .attributes)
      try kept.append(view, lua.table(), lua.wrap(Noisy()))
      try expectEqual(try lua.eval("(...).name", view), "\(i)")
    }
    try lua.execute("stop = true")
  },
  area("the items of a collection are not changed while a member changes it") { lua in
    try lua.register(
      LuaClass<[Int]>("List") {
        $0.mutatingMethod("add") { (list: inout [Int], f: LuaFunction) in list.append(try f()) }
      })
    try lua.globals.set("view", to: lua.wrap([1], as: .attributes))
    try lua.execute("items = swift.as_itemgetter(view)")
    try expectContains(
      try expectLuaError(.runtime) { try lua.execute("view:add(function() items[0] = 5 return 1 end)") }.message,
      "'add'", "Array<Int>")
    try lua.execute("view.add(function() return #items end) items[0] = 7")
    try expectEqual(try lua.globals["items"] as [Int], [7, 1])
  },
]

private struct Circle: Growing {
  var size: Int
}
