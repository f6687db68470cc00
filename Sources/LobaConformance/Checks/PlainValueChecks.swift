internal import Foundation
internal import LobaCore
internal import Synchronization

// Values that belong to no runtime, read as types that ask for one. Where nothing stands behind them, the process goes.

/// Uses the runtime of what it is read from.
private struct Asking: LuaConstructible {
  let value: LuaValue

  static func construct(from reader: LuaReader) throws -> Asking {
    Asking(value: try reader.runtime.value([1, 2]))
  }
}

/// Uses everything that a runtime has, and its globals.
private struct Curious: LuaConstructible {
  static func construct(from reader: LuaReader) throws -> Curious {
    let lua = reader.runtime
    try expect(lua.isClosed)
    try expect(lua.globals.isEmpty)
    try expectEqual(lua.globals.count, 0)
    try expectEqual(lua.globals.entries.count, 0)
    try expectEqual(lua.globals.keys, [])
    try expectEqual(lua.globals, lua.globals)
    _ = lua.globals.hashValue
    _ = lua.globals.description
    _ = (lua.engine.name, lua.engine.capabilities, lua.release, lua.memoryUsed, lua.configuration.libraries)
    let attempts: [() throws -> Void] = [
      { _ = try lua.eval("1") as Int }, { try lua.execute("") }, { _ = try lua.compile("return 1") },
      { _ = try lua.table() }, { _ = try lua.table(from: [1.5]) }, { _ = try lua.table(from: [1]) },
      { _ = try lua.table(from: ["a": "b"]) },
      { _ = try lua.value("a long text" + String(repeating: "x", count: 2000)) },
      { _ = try lua.function { 1 } }, { _ = try lua.wrap([1]) }, { try lua.collectGarbage() },
      { _ = try lua.globals["x"] as Int }, { try lua.globals.set("x", to: 1) }, { try lua.globals.set(1, to: "x") },
      { try lua.globals.append(1) }, { try lua.globals.removeAll() }, { _ = try lua.globals.length() },
      { _ = try lua.globals.as([Int].self) }, { _ = try lua.globals.as([String: Int].self) },
      { _ = try lua.globals.swiftValue() }, { _ = try lua.globals.metatable }, { try lua.globals.setMetatable(nil) },
      { _ = try lua.globals.tostring() }, { _ = try lua.globals.isEqual(to: lua.globals) },
      { _ = try lua.globals.pairs() }, { _ = try lua.overflowHandler }, { _ = try lua.globals.print() },
      { try lua.register(LuaClass<Thing>("Thing") { $0.constant("x", 1) }) },
    ]
    for (number, attempt) in attempts.enumerated() {
      do {
        try attempt()
        try expect(false, "attempt \(number) did not throw")
      } catch let error as LuaError where error.kind == .closed {}
    }
    lua.close()
    return Curious()
  }
}

private final class Thing {}

private let area = Area("plain values")

/// One value of every kind that belongs to no runtime.
private var values: [LuaValue] {
  [
    nil, true, 1, 1.5, "x", .string(LuaString(bytes: [255])), .pointer(16),
    .string(LuaString(bytes: repeatElement(120, count: 5000))),
  ]
}

let plainValueChecks: [ConformanceCheck] = [
  area.engine("a type that uses the runtime of a value that has none gets a closed one") { _ in
    for value in values {
      try expectLuaError(.closed) { _ = try value.as(Asking.self) }
      try expectLuaError(.closed) { _ = try value.as(Asking?.self) ?? LuaValue.integer(1).as(Asking.self) }
      _ = try value.as(Curious.self)
    }
  },
  area.engine("a value that has no runtime is what it is, as any type") { _ in
    func readAll<T>(_ type: T.Type) {
      for value in values { _ = try? value.as(type) }
    }
    readAll(Int.self)
    readAll(Double.self)
    readAll(Float.self)
    readAll(UInt8.self)
    readAll(Bool.self)
    readAll(String.self)
    readAll(LuaString.self)
    readAll([UInt8].self)
    readAll([Int].self)
    readAll([String: Int].self)
    readAll(Set<Int>.self)
    readAll(LuaTable.self)
    readAll(LuaFunction.self)
    readAll(LuaCoroutine.self)
    readAll(LuaUserdata.self)
    readAll(LuaValues.self)
    readAll(LuaValue?.self)
    readAll(Any.self)
    readAll(AnyHashable.self)
    readAll(Thing.self)
    readAll(Asking.self)
    for value in values {
      _ = try? value.swiftValue()
      _ = value.description
      _ = try? LuaDecoder().decode([String: [Int]].self, from: value)
    }
    try expectEqual(try LuaValue.integer(1).as(Any.self) as? Int, 1)
    try expectEqual(try LuaValue.integer(1).as(Int?.self), 1)
  },
  area.engine("many threads read values that have no runtime") { _ in
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<200 where (try? LuaValue.integer(1).as(Curious.self)) == nil { failures.withLock { $0 += 1 } }
    }
    try expectEqual(failures.withLock { $0 }, 0)
  },
]
