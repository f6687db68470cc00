internal import LobaCore

// A value that writes itself writes any number of values, and makes handles that nobody else holds.

/// Writes no value at all.
private struct Nothing: LuaRepresentable, Hashable {
  func write(to writer: inout LuaWriter) {}
}

/// Writes two values.
private struct Two: LuaRepresentable, Hashable {
  func write(to writer: inout LuaWriter) throws {
    try writer.write(1)
    try writer.write(2)
  }
}

/// Writes a table that it makes, in one of the ways there are.
private struct Fresh: LuaRepresentable, Hashable {
  let number: Int
  var way = 0

  static func all(_ way: Int) -> [Fresh] { (1...3).map { Fresh(number: $0, way: way) } }
  static let ways = 0..<9

  func write(to writer: inout LuaWriter) throws {
    let table = try writer.runtime.table(number)
    switch way {
    case 0: try table.write(to: &writer)
    case 1: try writer.write(table)
    case 2: try LuaValue.table(table).write(to: &writer)
    case 3: try writer.write(LuaValue.table(table))
    case 4: try (table as LuaHandle).write(to: &writer)
    case 5: try Optional(table).write(to: &writer)
    case 6: try writer.write(table as LuaHandle)
    case 7: try writer.write(LuaValues([.table(table)]))
    default: try writer.write(table as Any)
    }
  }
}

/// Writes a value that writes a table that it makes.
private struct Outer: LuaRepresentable {
  let inner: Fresh

  func write(to writer: inout LuaWriter) throws { try inner.write(to: &writer) }
}

private final class Thing {}

private let area = Area("single values")

/// Checks that an attempt with no value, and one with two, throws.
private func refuses(
  _ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line, _ attempt: (any LuaRepresentable) throws -> Void
) throws {
  for value in [LuaValues(), LuaValues([1, 2]), Nothing(), Two()] as [any LuaRepresentable] {
    let error = try expectLuaError(.conversion, file: file, line: line) { try attempt(value) }
    try expectContains(error.message, "several values, or none", file: file, line: line)
  }
  try expectIntact(lua, file: file, line: line)
}

let singleValueChecks: [ConformanceCheck] = [
  area("what is not one value is no value of a table") { lua in
    let t = try lua.table(fields: ["x": "before"])
    let leftovers: LuaFunction = try lua.eval("function(...) return 'a', 'b', 'c' end")
    _ = try leftovers("left", "over", "!") as LuaValues
    try refuses(lua) { try t.set("x", to: $0) }
    try refuses(lua) { try t.set(1, to: $0) }
    try refuses(lua) { try t.set(1.5, to: $0 as Any) }
    try refuses(lua) { try t.rawSet("x", to: $0) }
    try expectEqual(try t.as([String: String].self), ["x": "before"])
  },
  area("what is not one value is no key of a table") { lua in
    let t = try lua.table(fields: ["x": "before"])
    let object = try lua.wrap(["x": 1])
    try refuses(lua) { try t.set($0, to: 1) }
    try refuses(lua) { try t.rawSet($0, to: 1) }
    try refuses(lua) { try t.removeValue(forKey: $0) }
    try refuses(lua) { _ = try t[$0] as LuaValue }
    try refuses(lua) { _ = try t.rawGet($0) as LuaValue }
    try refuses(lua) { _ = try object[$0] }
    try refuses(lua) { _ = try LuaValue.table(t)[$0] }
    try expectEqual(try t.as([String: String].self), ["x": "before"])
  },
  area("what is not one value is no element, entry or field of a new table") { lua in
    try refuses(lua) { _ = try lua.table(from: [$0] as [Any]) }
    try refuses(lua) { _ = try lua.table(from: ["a": $0] as [String: Any]) }
    try refuses(lua) { _ = try lua.table(fields: ["a": $0]) }
    try refuses(lua) { _ = try lua.table(from: [[$0]] as [Any], recursive: true) }
    try refuses(lua) { try lua.globals.set("t", to: [$0] as [Any]) }
    // None and two add up to as many values as there are elements.
    for list in [[LuaValues(), [1, 2]], [[1, 2], []]] {
      try expectLuaError(.conversion) { _ = try lua.table(from: list) }
    }
    try expectLuaError(.conversion) { _ = try lua.table(from: [Nothing(): 1]) }
    try expectLuaError(.conversion) { _ = try lua.table(from: Set([Two()])) }
    try expectLuaError(.conversion) { _ = try lua.table(from: [LuaValues(): [1, 2] as LuaValues]) }
  },
  area("what is not one value is none") { lua in
    try refuses(lua) { _ = try lua.value($0) }
    try refuses(lua) { _ = try lua.value($0 as Any) }
  },
  area("what is not one value is no constant of a class") { lua in
    try expectLuaError(.conversion) { try lua.register(LuaClass<Thing>("Thing") { $0.constant("x", Nothing()) }) }
    try expectLuaError(.conversion) { try lua.register(LuaClass<Thing>("Thing") { $0.constant("x", Two()) }) }
  },
  area.engine("what is not one value does not stand for an integer that is too large") { engine in
    for value in [{ LuaValues() }, { Nothing() }, { Two() }] as [@Sendable () -> any LuaRepresentable] {
      var configuration = LuaConfiguration()
      configuration.integerOverflow = .handler { _ in value() }
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      let count: LuaFunction = try lua.eval("function(...) return select('#', ...) end")
      try expectLuaError(.conversion) { _ = try count(1, UInt64.max, 2) as Int }
      try expectLuaError(.conversion) { try lua.globals.set("x", to: UInt64.max) }
    }
  },
  area("as arguments and results, several values are several") { lua in
    let count: LuaFunction = try lua.eval("function(...) return select('#', ...) end")
    try expectEqual(try count(Two(), Nothing(), [1, 2, 3] as LuaValues) as Int, 5)
    let two = try lua.function { Two() }
    try expectEqual(try lua.eval("select('#', (...)())", two) as Int, 2)
    try expectEqual(try lua.table(Two(), LuaValues(), 5).values, [1, 2, 5])
    let co = try count.coroutine(Two(), Nothing(), LuaValues([1, 2]))
    try expectEqual(try co.next() as Int?, 4)
  },
  area("a table that a value makes while it writes itself arrives, as an argument") { lua in
    let numbers: LuaFunction = try lua.eval("function(a, b, c) return a[1] .. b[1] .. c[1] end")
    for way in Fresh.ways {
      let fresh = Fresh.all(way)
      try expectEqual(try numbers(fresh[0], fresh[1], fresh[2]) as String, "123", "way \(way)")
      try expectEqual(try numbers(fresh[0] as Any, Optional(fresh[1]), Outer(inner: fresh[2])) as String, "123")
      let co = try numbers.coroutine(fresh[0], fresh[1], fresh[2])
      try expectEqual(try co.next() as String?, "123", "way \(way)")
      let many = try numbers.coroutine()
      try expectLuaError(.runtime) { _ = try many.next() as String? }
      try expectEqual(
        try lua.eval("(function(a, b, c) return a[1] .. b[1] .. c[1] end)(...)", fresh[0], fresh[1], fresh[2]), "123")
    }
  },
  area("a table that a value makes while it writes itself arrives, in tables") { lua in
    for way in Fresh.ways {
      let fresh = Fresh.all(way)
      let list = try lua.table(from: fresh)
      try expectEqual(try list.as([[Int]].self), [[1], [2], [3]], "way \(way)")
      let any = try lua.table(from: fresh as [Any])
      try expectEqual(try any.as([[Int]].self), [[1], [2], [3]], "way \(way)")
      let map = try lua.table(from: ["a": fresh[0], "b": fresh[1], "c": fresh[2]])
      try expectEqual(try map.as([String: [Int]].self), ["a": [1], "b": [2], "c": [3]], "way \(way)")
      let keys = try lua.table(from: Set(fresh))
      try expectEqual(try keys.keys.map { try $0.as([Int].self)[0] }.sorted(), [1, 2, 3], "way \(way)")
      let mixed = try lua.table(fresh[0], fresh[1], fields: ["x": fresh[2]])
      try expectEqual(try mixed["x"] as [Int], [3], "way \(way)")
      try mixed.set(fresh[0], to: fresh[1])
      let found: LuaValue = try lua.execute(
        "for k, v in pairs(...) do if type(k) == 'table' then return {k[1], v[1]} end end", mixed)
      try expectEqual(try found.as([Int].self), [1, 2], "way \(way)")
      try expectEqual(try lua.value(fresh[2]).as([Int].self), [3], "way \(way)")
    }
  },
  area.engine("a table that a value makes while it writes itself arrives, in place of an integer") { engine in
    for way in Fresh.ways {
      var configuration = LuaConfiguration.standard
      configuration.integerOverflow = .handler { integer in
        Fresh(number: Int(UInt64(integer) % 10), way: way)
      }
      let lua = try LuaRuntime.forCheck(engine, configuration)
      defer { lua.close() }
      let numbers: LuaFunction = try lua.eval("function(a, b, c) return a[1] .. b[1] .. c[1] end")
      try expectEqual(
        try numbers(UInt64.max - 4, UInt64.max - 3, UInt64.max - 2) as String, "123", "way \(way)")
      if !engine.capabilities.contains(.integers) {
        try expectEqual(try numbers(Int.max - 6, Int.max - 5, Int.max - 4) as String, "123", "way \(way)")
      }
      try expectUsable(lua)
    }
  },
  area("a table that a value makes while it writes itself arrives, as a result") { lua in
    for way in Fresh.ways {
      let fresh = Fresh.all(way)
      let three = try lua.function { (fresh[0], fresh[1], fresh[2]) }
      try expectEqual(
        try lua.execute("local a, b, c = (...)() return a[1] .. b[1] .. c[1]", three), "123", "way \(way)")
    }
  },
]
