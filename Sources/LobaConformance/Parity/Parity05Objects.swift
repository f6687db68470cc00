internal import Foundation
internal import LobaCore

private let row = ParityRows(section: 1)

/// An object with members, items of its own in a dictionary beside it.
private final class Box {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  var ATTR = 2
  var tag: String

  init(_ tag: String = "box") { self.tag = tag }

  func get(_ key: String) -> String { "\(tag) \(key)" }
}

private func registerBox(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Box>("Box") {
      $0.initializer { (tag: String?) in Box(tag ?? "box") }
      $0.property("ATTR", get: { $0.ATTR }, set: { $0.ATTR = $1 })
      $0.property("tag", get: { $0.tag })
      $0.method("get") { (box, key: String) in box.get(key) }
      $0.metamethod(.call) { (box: Box, n: Int) in n + box.ATTR }
    })
}

/// 1.5: Swift objects in Lua.
let parityObjectChecks: [ConformanceCheck] = [
  row(36, "a number is a number") { lua in
    let type: LuaFunction = try lua.globals.type
    try expectEqual(try type(1) as String, "number")
    try expectEqual(try type(1.5) as String, "number")
    try expectEqual(try type(UInt8(1)) as String, "number")
  },
  row(37, "a string is a string") { lua in
    try expectEqual(try lua.eval("type(...)", "abc") as String, "string")
  },
  row(38, "a Lua object passed back is itself") { lua in
    let f: LuaFunction = try lua.eval("function(x) return x, type(x) end")
    let (same, type): (LuaFunction, String) = try f(f)
    try expectEqual(same, f)
    try expectEqual(type, "function")
    let table = try lua.table()
    try expect(try lua.eval("rawequal(...)", table, table) as Bool)
  },
  row(39, "a closure becomes a function, an object that can be called stays an object") { lua in
    try registerBox(lua)
    let f = try lua.function { (text: String) in text.count }
    try expectEqual(try lua.eval("type(...)", f) as String, "function")
    try expectEqual(try lua.eval("type(...)", lua.wrap(Box())) as String, "userdata")
    try expectEqual(try lua.eval("(...)(40)", lua.wrap(Box())) as Int, 42)
  },
  row(40, "a wrapped container is one object, not a copy") { lua in
    let list = try lua.wrap([1, 2])
    try expectEqual(try lua.eval("type(...)", list) as String, "userdata")
    try lua.execute("local list = ... list[0] = 7 list[2] = 9", list)
    try expectEqual(try LuaValue.userdata(list).as([Int].self), [7, 2, 9])
    try expectEqual(try lua.eval("type(...)", [1, 2]) as String, "table")
  },
  row(41, "obj.x and obj['x'] are one operation") { lua in
    try registerBox(lua)
    try lua.globals.set("box", to: lua.wrap(Box()))
    try lua.globals.set("map", to: lua.wrap(["x": 1]))
    try expect(try lua.eval("box.ATTR == box['ATTR'] and map.x == map['x'] and map.x == 1") as Bool)
  },
  row(42, "a collection is indexed by its items, other objects by their members") { lua in
    try registerBox(lua)
    try expectEqual(try lua.eval("(...).tag", lua.wrap(["tag": "item"])) as String, "item")
    try expectEqual(try lua.eval("(...).tag", lua.wrap(Box("member"))) as String, "member")
    // Any collection with positions, from 0 on; only arrays, dictionaries and sets can be changed.
    for items: LuaUserdata in [try lua.wrap(4...6), try lua.wrap([3, 4, 5, 6][1...]), try lua.wrap(Data([4, 5, 6]))] {
      try expectEqual(
        try lua.execute("local x = ... return x[0], x[2], x[3], x[-1], #x", items).values, [4, 6, nil, nil, 3])
      try expectLuaError(.conversion) { try lua.execute("local x = ... x[0] = 1", items) }
      try expectContains(try expectLuaError(.conversion) { _ = try lua.eval("(...).x", items) as Int }.message, "\"x\"")
    }
    try expect(
      try lua.eval("#... > 2^52 and (...)[5] == 5 and swift.builtins.count(...) > 2^52", lua.wrap(0..<(1 << 53))))
    let erased = try lua.wrap(AnyRandomAccessCollection(4...6))
    try expectEqual(try lua.execute("local x = ... return x[0], x[2], x[3], #x", erased).values, [4, 6, nil, 3])
    for range: LuaUserdata in [
      try lua.wrap(Int.min...Int.max), try lua.wrap(0...Int.max), try lua.wrap(Int.min..<0),
      try lua.wrap(AnyRandomAccessCollection(Int.min...Int.max)),
      try lua.wrap(AnyRandomAccessCollection(Int.min..<1)[...]),
    ] {
      for code in ["#...", "(...)[2^40]", "swift.builtins.count(...)"] {
        try expectContains(try expectLuaError(.conversion) { _ = try lua.eval(code, range) as Int }.message, "too many")
      }
    }
    for collection: LuaUserdata in [
      try lua.wrap(AnyCollection(0...Int.max)), try lua.wrap(AnyBidirectionalCollection(Int.min..<0)),
    ] {
      let error = try expectLuaError(.conversion) { _ = try lua.eval("swift.builtins.count(...)", collection) as Int }
      try expectContains(error.message, "too many")
    }
    try expectEqual(try lua.eval("swift.builtins.count(...)", lua.wrap(AnyCollection(Set([1, 2])))) as Int, 2)
  },
  row(43, "a dictionary's keys are not confused with methods") { lua in
    let get: LuaFunction = try lua.eval("function(object) return object['get'] end")
    try expectEqual(try get(lua.wrap(["get": "value"])) as String, "value")
    try expectEqual(try lua.eval("(...)['count']", lua.wrap(["get": "value"])) as String?, nil)
  },
  row(44, "the view of items shows the items") { lua in
    let map = ["get": "value"]
    try expectEqual(try lua.eval("(...).get", lua.wrap(map, as: .items)) as String, "value")
    try registerBox(lua)
    try expectLuaError(.conversion) { _ = try lua.wrap(Box(), as: .items) }
  },
  row(45, "the view of attributes shows the members") { lua in
    try lua.register(
      LuaClass<[String: String]>("Words") {
        $0.property("size", get: { $0.count })
        $0.method("get") { (words, key: String) in words[key] }
      })
    let words = ["get": "value", "size": "big"]
    try expectEqual(try lua.eval("(...).size", lua.wrap(words)) as String, "big")
    try expectEqual(try lua.eval("(...).size", lua.wrap(words, as: .attributes)) as Int, 2)
    try expectEqual(try lua.eval("(...):get('get')", lua.wrap(words, as: .attributes)) as String, "value")
  },
  row(46, "a method read through the attribute view is bound to its object") { lua in
    try registerBox(lua)
    let box = Box("mine")
    let get: LuaFunction = try lua.eval("(...).get", lua.wrap(box, as: .attributes))
    try expectEqual(try get("x") as String, "mine x")
    box.tag = "changed"
    try expectEqual(try get("x") as String, "changed x")
    try lua.collectGarbage()
    try expectEqual(try get("x") as String, "changed x")
    // The same method of the same object is the same function; another object's is another one.
    try expectEqual(try lua.eval("(...).get", lua.wrap(box, as: .attributes)), get)
    try expect(try lua.eval("swift.as_attrgetter(...).get == select(2, ...)", lua.wrap(box), get))
    try expect(try lua.eval("(...).get ~= select(2, ...)", lua.wrap(Box(), as: .attributes), get))
  },
  row(47, "swift.as_attrgetter makes the attribute view in Lua") { lua in
    try registerBox(lua)
    let get: LuaFunction = try lua.eval("function(object) return swift.as_attrgetter(object)['get'] end")
    let bound: LuaFunction = try get(lua.wrap(Box("b")))
    try expectEqual(try bound("x") as String, "b x")
    try expectContains(
      try expectLuaError(.conversion) { _ = try lua.eval("swift.as_attrgetter(1)") as LuaValue }.message,
      "as_attrgetter")
  },
  row(48, "swift.as_itemgetter makes the item view in Lua") { lua in
    let map = try lua.wrap(["k": 5], as: .attributes)
    try expectEqual(try lua.eval("swift.as_itemgetter(...).k", map) as Int, 5)
    try lua.execute("swift.as_itemgetter(...).k = 6", map)
    try expectEqual(try LuaValue.userdata(map).as([String: Int].self), ["k": 6])
  },
  row(49, "both syntaxes work on a view, for reading and writing") { lua in
    try registerBox(lua)
    let box = Box()
    let view = try lua.wrap(box, as: .attributes)
    try expectEqual(try lua.eval("(...)['ATTR']", view) as Int, 2)
    try expectEqual(try lua.eval("(...).ATTR", view) as Int, 2)
    try lua.execute("local v = ... v.ATTR = 3", view)
    try expectEqual(box.ATTR, 3)
    try lua.execute("local v = ... v['ATTR'] = 4", view)
    try expectEqual(box.ATTR, 4)
  },
  row(50, "an object that can be called has members too") { lua in
    try registerBox(lua)
    let f: LuaFunction = try lua.eval("function(object) return object(1), object.ATTR end")
    let (called, member): (Int, Int) = try f(lua.wrap(Box()))
    try expectEqual([called, member], [3, 2])
  },
]
