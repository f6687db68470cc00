internal import Foundation
internal import LobaCore

private let area = Area("host items")

/// Can be read and written only if nothing is asked of it.
private struct Failing: LuaConvertible, Hashable {
  struct Refused: Error, Equatable {}

  static func construct(from reader: LuaReader) throws -> Failing {
    if let flag = try? reader.read(as: Bool.self), flag { return Failing() }
    if reader.type == .table { throw reader.mismatch(expected: "Failing") }
    throw Refused()
  }

  func write(to writer: inout LuaWriter) throws { throw Refused() }
}

private struct Callback: LuaConstructible {
  let function: LuaFunction

  static func construct(from reader: LuaReader) throws -> Callback { Callback(function: try reader.read()) }
}

/// A collection that the standard library makes of integers, and how many there are (nil: too many to say).
private struct Counted {
  let value: Any
  let count: Int?

  init(_ value: Any, _ count: Int?) {
    self.value = value
    self.count = count
  }
}

private func countedCollections() -> [Counted] {
  let all = Int64.min...Int64.max
  let half = Int64.min..<Int64.max
  return [
    Counted(half, nil), Counted(all, nil), Counted(0...Int64.max, nil), Counted(-1..<Int.max, nil),
    Counted(0..<Int64.max, .max), Counted(UInt64.min..<UInt64.max, nil), Counted(UInt.min...UInt.max, nil),
    Counted(0..<UInt64(Int.max), .max), Counted(Int8.min...Int8.max, 256), Counted(UInt8.min...UInt8.max, 256),
    Counted(Int32.min..<Int32.max, 0xFFFF_FFFF), Counted(5..<5, 0),
    // Parts of them, backwards, and lazily.
    Counted(all[...], nil), Counted(all[all.index(after: all.startIndex)...], nil),
    Counted(all[..<all.index(after: all.index(after: all.startIndex))], 2), Counted(all.reversed(), nil),
    Counted(all[all.index(before: all.index(before: all.endIndex))...].reversed(), 2), Counted(half.reversed(), nil),
    Counted(half.reversed().lazy.reversed(), nil), Counted((0..<3).reversed(), 3),
    Counted(half.indices, nil), Counted(all.indices, nil), Counted((0...3).indices, 4), Counted(half.lazy, nil),
    Counted(half.lazy.map { $0 &+ 1 }, nil), Counted(all.lazy.map { $0 &+ 1 }.reversed(), nil),
    Counted((0..<3).lazy.map { $0 * 2 }, 3), Counted(half.enumerated(), nil), Counted((0..<3).enumerated(), 3),
    // And what is none of that.
    Counted(["a", "b"][1...], 1), Counted(repeatElement(1, count: 4), 4),
  ]
}

let hostItemChecks: [ConformanceCheck] = [
  area("what has too many items to count says so") { lua in
    for counted in countedCollections() {
      func check<T>(_ value: T) throws {
        for object in [try lua.wrap(value), try lua.wrap(value, as: .items)] {
          for code in ["#...", "swift.builtins.count(...)"] {
            if let count = counted.count {
              // Engines without integers have none that large.
              if count == .max, !lua.engine.capabilities.contains(.integers) { continue }
              try expectEqual(try lua.eval(code, object) as Int, count, "\(value)")
            } else {
              let error = try expectLuaError(.conversion) { try lua.execute("return \(code)", object) }
              try expectContains(error.message, "too many items")
            }
          }
          // An item is there or not, or cannot be told.
          for key in ["0", "-1", "2^53", "7"] {
            _ = try lua.execute("return pcall(function(x) return x[\(key)] end, ...)", object)
          }
        }
        // Iteration counts nothing. (Engines without integers cannot hold the first ones.)
        try lua.execute("pcall(function(x) for item in swift.iter(x) do break end end, ...)", lua.wrap(value))
      }
      try check(counted.value)
    }
  },
  area("iteration over all integers from one on ends with the last") { lua in
    for (range, last) in [(try lua.wrap(UInt8(250)...), 255), (try lua.wrap(Int8(120)...), 127)] {
      for code in [
        "for i in swift.iter(x) do n, last = n + 1, i end", "for k, i in swift.enumerate(x) do n, last = n + 1, i end",
      ] {
        let found = try lua.execute("local x, n, last = ..., 0 \(code) return n, last", range).values
        try expectEqual(found, [last == 255 ? 6 : 8, .integer(last)])
      }
    }
  },
  area("a key that could be none is nil; what its conversion throws otherwise comes out") { lua in
    for (object, nothing) in [
      (try lua.wrap([Failing(): 1]), LuaValue.nil), (try lua.wrap(Set([Failing()])), false),
    ] {
      try expectEqual(try lua.eval("(...)[{}]", object), nothing)
      try expectError(Failing.Refused()) { _ = try lua.eval("(...)['x']", object) as LuaValue }
      try expectError(Failing.Refused()) { try lua.execute("local x = ... x['x'] = 1", object) }
      try expect(try lua.eval("(...)[true]", object) as LuaValue != nothing)
    }
    let list = try lua.wrap([Failing()])
    try expectError(Failing.Refused()) { try lua.execute("local x = ... x[0] = 'x'", list) }
    try expectError(Failing.Refused()) { _ = try lua.eval("(...)[0]", list) as LuaValue }
    try expectLuaError(.conversion) { _ = try lua.eval("(...).name", list) as LuaValue }
  },
  area("items of keys of any type are found by their keys") { lua in
    let map = try lua.wrap(["a": 1, 2: "two", true: "yes", 2.5: "half"] as [AnyHashable: Any])
    try expectEqual(
      try lua.execute("local x = ... return x.a, x[2], x[true], x[2.5], x.b, x[3], #x", map).values,
      [1, "two", "yes", "half", .nil, .nil, 4])
    try lua.execute("local x = ... x.a = 5 x[2] = nil x.new = 'n'", map)
    try expectEqual(try lua.execute("local x = ... return x.a, x[2], x.new, #x", map).values, [5, .nil, "n", 4])
  },
  area("an error of Foundation's is a key, or an error that says that it is none") { lua in
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw NSError(domain: "d", code: 1) })
    for (object, code) in [
      (try lua.wrap(["a": 1] as [AnyHashable: Any]), "x[e] = 1"), (try lua.wrap(Set<AnyHashable>()), "x[e] = true"),
      (try lua.wrap(Set<NSError>()), "x[e] = true"),
    ] {
      try lua.execute(
        "local x, _, e = ..., pcall(fail) pcall(function() \(code) end) pcall(function() return x[e] end)", object)
    }
  },
]

/// What keeps a runtime alive.
let storedHandleChecks: [ConformanceCheck] = [
  area("a script stores no handle in a host collection, in whatever it is") { lua in
    let array: [Any] = [1]
    let values: [LuaValue] = [1]
    let missing: [Int?] = [nil]
    let nested: [[Any]] = [[]]
    let maps: [[String: LuaValue]] = [[:]]
    let handles: [LuaTable?] = [nil]
    let callbacks: [Callback] = []
    try lua.globals.set("object", to: lua.wrap(missing))
    for (object, items) in [
      (try lua.wrap(array), ["{}", "print", "coroutine.create(function() end)", "io.stdout"]),
      (try lua.wrap(values), ["{}", "print", "coroutine.create(function() end)", "io.stdout", "object"]),
      (try lua.wrap(nested), ["{{}}", "{print}", "{1, {}}"]), (try lua.wrap(maps), ["{a = {}}", "{a = object}"]),
      (try lua.wrap(handles), ["{}"]), (try lua.wrap(callbacks), ["print"]),
    ] {
      for item in items {
        let error = try expectLuaError(.conversion) { try lua.execute("local x = ... x[0] = \(item)", object) }
        try expectContains(error.message, "key 0", "keep the runtime alive", "ask the host")
      }
    }
    for code in ["x.a = {}", "x.b = print"] {
      try expectLuaError(.conversion) { try lua.execute("local x = ... \(code)", lua.wrap(["a": 1] as [String: Any])) }
    }
    for code in ["x[{}] = 1", "x[print] = 2"] {
      let error = try expectLuaError(.conversion) {
        try lua.execute("local x = ... \(code)", lua.wrap([LuaValue: Int]()))
      }
      try expectContains(error.message, "the key")
      try expectLuaError(.conversion) { try lua.execute("local x = ... \(code)", lua.wrap(Set<LuaValue>())) }
    }
  },
  area("a script stores everything else, and the host what it wants") { lua in
    struct Own { let table: LuaTable }
    let array = try lua.wrap([1] as [Any])
    try lua.globals.set("own", to: lua.wrap(Own(table: lua.table(1))))
    try lua.execute("local x = ... x[0] = 'a' x[1] = 2.5 x[2] = true x[3] = swift.none x[4] = own x[5] = x", array)
    let read = try LuaValue.userdata(array).as([Any].self)
    try expectEqual(read.count, 6)
    try expect(read[4] is Own)
    try lua.execute("local x = ... x[0] = {1, 2} x[1] = {}", lua.wrap([[1]]))
    try lua.execute("local x = ... x[0] = {a = {'y'}} x[1] = {}", lua.wrap([["b": ["x"]]]))
    let table = try lua.table(7)
    let values = try lua.wrap([table, LuaValue.integer(1)] as [Any])
    try expectEqual(try lua.execute("local x = ... x[1] = 2 return x[0][1], x[1]", values).values, [7, 2])
    // What is not stored may be anything.
    let map = try lua.wrap([LuaValue.table(table): 1])
    try lua.execute("local x, t = ... assert(x[t] == 1) x[t] = nil x[{}] = nil assert(#x == 0)", map, table)
  },
  area.engine("a script keeps its runtime alive neither by a collection nor by an iterator") { engine in
    for code in [
      "pcall(function() x[0] = {} end)", "pcall(function() x[0] = print end)",
      "keep = swift.iter({[{}] = 1, [print] = 2})", "keep = swift.iterex({[x] = 1})", "keep = swift.enumerate({x})",
      "keep = swift.args{x, {}}", "pcall(function() x[0] = swift.args{x, {}} end)",
      "_, e = pcall(function() x[9] = 1 end) pcall(function() x[0] = e end)", "x[0] = x",
    ] {
      weak var gone: LuaRuntime?
      try {
        let lua = try LuaRuntime(engine: engine)
        gone = lua
        try lua.globals.set("x", to: lua.wrap([1] as [Any]))
        try lua.execute(code)
      }()
      try expect(gone == nil, code)
    }
  },
]
