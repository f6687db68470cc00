internal import LobaCore

private let area = Area("scopes")

private final class Door {
  var isOpen = false
  let life: LifetimeTracker
  init(_ life: LifetimeTracker) { self.life = life }
  func open() { isOpen = true }
}

private struct Pair: Equatable {
  var a = 1
  var text = "x"
}

extension LuaRuntime {
  fileprivate func openDoors() throws {
    try register(
      LuaClass<Door>("Door") {
        $0.property("open", \.isOpen)
        $0.method("swing", Door.open)
        $0.metamethod(.tostring) { (_: Door) in "a door" }
      })
    try register(LuaClass<Pair>("Pair") { $0.property("a", \.a) })
  }
}

/// What scripts are given for the time of a block.
let scopeChecks: [ConformanceCheck] = [
  area.waits("a scope whose block waits") { lua in
    let counter = LifetimeCounter()
    try lua.register(
      LuaClass<Door>("Door") {
        $0.asyncMethod("swing") { (door: Door, answer: String) in
          await Task.yield()
          door.open()
          return answer
        }
      })
    let swing: LuaFunction = try lua.eval("function(door, f) kept = door return door:swing(f()) end")
    let answer: String = try await lua.withScope { scope in
      let tracker = counter.makeTracker()
      let door = try scope.wrap(Door(tracker))
      return try await swing.callAsync(door, scope.function { withExtendedLifetime(tracker) { "moved" } })
    }
    try expectEqual(answer, "moved")
    try expectEqual(counter.alive, 0)
    do {
      try await (lua.eval("function() return kept:swing('x') end") as LuaFunction).callAsync() as Void
      try expect(false, "nothing was raised")
    } catch let error as LuaError {
      try expectContains(error.message, "scope")
    }
    // One that does not wait needs no await, here either.
    try expectEqual(lua.withScope { _ in 5 }, 5)
    do {
      try await lua.withScope { (scope: LuaScope) async throws in
        try lua.globals.set("f", to: scope.function {})
        throw CancellationError()
      }
      try expect(false, "nothing was thrown")
    } catch is CancellationError {}
    try expectLuaError(.runtime) { try lua.execute("f()") }
  },
  area("functions and objects of a scope cannot be used after it, and are let go of") { lua in
    try lua.openDoors()
    let counter = LifetimeCounter()
    let result = try lua.withScope { scope in
      let tracker = counter.makeTracker()
      let door = Door(counter.makeTracker())
      try lua.execute(
        """
        f, door = ...
        keep = {f, door, door.swing, function() return f(1) end}
        keep[5] = coroutine.wrap(function() while true do f(2) coroutine.yield() end end)
        keep[5]()
        door:swing()
        door.open = not door.open
        door.open = not door.open
        """,
        scope.function { (n: Int) in
          withExtendedLifetime(tracker) {}
          return n + 1
        }, scope.wrap(door))
      try expectEqual(try lua.eval("f(2)"), 3)
      try expect(try lua.eval("door.open") as Bool)
      return door.isOpen
    }
    try expect(result)
    try expectEqual(counter.alive, 0)
    for script in ["f(1)", "keep[1]()", "keep[4]()", "keep[5]()"] {
      let error = try expectLuaError(.runtime) { try lua.execute(script) }
      try expectContains(error.message, "the scope that this function was made for has ended")
    }
    for script in ["door:swing()", "return door.open", "door.open = true", "keep[3](door)"] {
      let error = try expectLuaError(.runtime) { try lua.execute(script) }
      try expectContains(error.message, "has ended")
    }
    try lua.execute("local _ = door == door, door == f, rawequal(door, f)")
    let error = try expectLuaError(.conversion) { try lua.execute("tostring(door)") }
    try expectContains(error.message, "got a Door whose scope has ended")
    try expect(try lua.eval("pcall(f)") as Bool == false)
    try expectLuaError(.conversion) { _ = try lua.eval("door") as Door }
    try lua.execute("keep, door, f = nil collectgarbage() collectgarbage()")
  },
  area("a scope ends when its block throws, and within another") { lua in
    try lua.openDoors()
    var outer: LuaFunction?
    do {
      try lua.withScope { scope in
        outer = try scope.function { 1 }
        try lua.withScope { inner in
          try lua.globals.set("inner", to: inner.function { 2 })
          try expectEqual(try lua.eval("inner()"), 2)
        }
        try expectLuaError(.runtime) { try lua.execute("inner()") }
        try expectEqual(try outer!() as Int, 1)
        throw LuaError(message: "out")
      }
      try expect(false, "nothing was thrown")
    } catch let error as LuaError where error.message == "out" {}
    try expectLuaError(.runtime) { _ = try outer!() as Int }
  },
  area("a part of an object, and text of it, say that its scope has ended") { lua in
    try lua.register(LuaClass<Shelf>("Shelf") { $0.property("books", \.books, writesThrough: true) })
    try lua.withScope { scope in
      try lua.globals.set("shelf", to: scope.wrap(Shelf()))
      try lua.execute("books = shelf.books assert(books[0] == 'one') books[0] = 'two'")
    }
    for script in ["return books[0]", "books[0] = 'x'", "return shelf.books"] {
      let error = try expectLuaError(.runtime) { try lua.execute(script) }
      try expectContains(error.message, "scope")
    }
    try expectEqual(try lua.eval("tostring(shelf)"), "Shelf (its scope has ended)")
    try expectEqual(try lua.eval("tostring(books)"), "Array<String> (its scope has ended)")
  },
  area("an object that scripts have already is another value in a scope") { lua in
    try lua.openDoors()
    let counter = LifetimeCounter()
    let door = Door(counter.makeTracker())
    try lua.globals.set("door", to: lua.wrap(door))
    try lua.withScope { scope in
      try lua.globals.set("same", to: scope.wrap(door))
      try lua.execute("same:swing() assert(door.open)")
    }
    try lua.execute("door.open = false")
    try expect(!door.isOpen)
    try expectLuaError(.runtime) { try lua.execute("same:swing()") }
  },
  area("structures and collections in a scope") { lua in
    try lua.openDoors()
    try lua.withScope { scope in
      let pair = try scope.wrap(Pair())
      try lua.execute(
        "pair, list, names = ... pair.a = 5 list[1] = 20 assert(#list == 3 and list[1] == 20)", pair,
        scope.wrap([1, 2, 3]), scope.wrap(["a": 1]))
      try expectEqual(try LuaValue.userdata(pair).as(Pair.self), Pair(a: 5))
      try lua.execute("assert(names.a == 1) names.b = 2 assert(names.b == 2)")
      try expectEqual(try lua.eval("list") as [Int], [1, 20, 3])
    }
    for script in ["return pair.a", "pair.a = 1", "return list[1]", "list[0] = 1", "return #list", "return names.a"] {
      let error = try expectLuaError(.runtime) { try lua.execute(script) }
      try expectContains(error.message, "has ended")
    }
  },
  area("a scope that has ended gives nothing, and one of a closed runtime neither") { lua in
    var kept: LuaScope?
    lua.withScope { kept = $0 }
    try expectLuaError(.runtime) { _ = try kept!.function { 1 } }
    try expectLuaError(.runtime) { _ = try kept!.wrap(1) }
    try lua.withScope { scope in
      lua.close()
      try expectLuaError(.closed) { _ = try scope.function { 1 } }
      try expectLuaError(.closed) { _ = try scope.wrap([1]) }
    }
  },
  area("functions of a scope call each other") { lua in
    try lua.withScope { scope in
      let g = try scope.function { (f: LuaFunction) -> Int in try f() }
      try expectEqual(try g(scope.function { 7 }) as Int, 7)
    }
  },
]

private final class Shelf {
  var books = ["one"]
}
