internal import Foundation
internal import LobaCore

// Tables as Swift values, all the way down, and Swift values of any type as keys.

private let area = Area("swift values")

private final class Badge: Hashable {
  let number: Int
  init(_ number: Int) { self.number = number }
  static func == (a: Badge, b: Badge) -> Bool { a.number == b.number }
  func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

private struct Unhashable {}

/// How many levels of lists there are.
private func depth(_ value: Any) -> Int {
  var levels = 0
  var value = value
  while let list = value as? [Any], let first = list.first {
    value = first
    levels += 1
  }
  return levels
}

let swiftValueChecks: [ConformanceCheck] = [
  area("a table that is found in many places is converted once") { lua in
    let shared: LuaTable = try lua.execute("local t = {1} for i = 1, 60 do t = {t, t} end return t")
    let value = try shared.swiftValue()
    try expectEqual(depth(value), 61)
    try expectEqual((value as? [Any])?.count, 2)
    let keyed: LuaTable = try lua.execute("local t = {x = 1} for i = 1, 60 do t = {a = t, b = t, [1] = t} end return t")
    try expectEqual((try keyed.swiftValue() as? [AnyHashable: Any])?.count, 3)
  },
  area("the limit of nesting counts a table wherever it is met first") { lua in
    let source = """
      local deep = {1} for i = 1, 150 do deep = {deep} end
      local over = {deep} for i = 1, 100 do over = {over} end
      return {deep, over}, {over, deep}, {deep, {deep}}
      """
    let (first, last, fine): (LuaTable, LuaTable, LuaTable) = try lua.execute(source)
    try expectLuaError(.conversion) { _ = try first.swiftValue() }
    try expectLuaError(.conversion) { _ = try last.swiftValue() }
    try expectEqual((try fine.swiftValue() as? [Any])?.count, 2)
  },
  area("a circle behind a shared table is found") { lua in
    let table: LuaTable = try lua.execute("local s = {} local t = {s, {s}} s[1] = 1 s[2] = t return t")
    try expectLuaError(.conversion) { _ = try table.swiftValue() }
  },
  area.engine("a deep table throws where the stack is short, and never gives less") { engine in
    for size in [256 << 10, 512 << 10] {
      try onThread(stackSize: size) {
        let lua = try LuaRuntime(engine: engine)
        defer { lua.close() }
        let table: LuaTable = try lua.execute("local t = {1} for i = 1, 150 do t = {t} end return t")
        // Down in steps of a kilobyte, and some way further once there is too little for all levels.
        func descend(_ refusals: Int) throws {
          var refusals = refusals
          do {
            try expectEqual(depth(try table.swiftValue()), 151)
          } catch let error as LuaError where error.kind == .stackOverflow {
            refusals += 1
          }
          guard refusals < 30 else { return }
          try withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            try descend(refusals)
          }
        }
        try descend(0)
        try expectIntact(lua)
      }
    }
  },
  area("items of a dictionary of any keys are found by them") { lua in
    let function: LuaFunction = try lua.eval("print")
    let table = try lua.table()
    let badge = Badge(7)
    let items: [AnyHashable: Any] = [
      true: "bool", 5: "int", 1.5: "double", "text": "string", LuaString(bytes: [255]): "bytes", badge: "object",
      function: "function", table: "table",
    ]
    let object = try lua.wrap(items)
    try lua.globals.set("d", to: object)
    for (code, expected) in [
      ("true", "bool"), ("5", "int"), ("1.5", "double"), ("'text'", "string"), ("'\\255'", "bytes"),
    ] {
      try expectEqual(try lua.eval("d[\(code)]"), expected)
    }
    try expectEqual(try object[lua.wrap(badge)].as(String.self), "object")
    try expectEqual(try object[lua.wrap(Badge(7))].as(String.self), "object")
    try expectEqual(try object[function].as(String.self), "function")
    try expectEqual(try object[table].as(String.self), "table")
    try expect(try lua.eval("d.missing == nil and d[false] == nil and d[{}] == nil"))
    try expectEqual(try object[lua.wrap(Unhashable())], .nil)
    try lua.execute("d.text = 'new' d[6] = 'six' d[true] = nil")
    try expectEqual(try lua.eval("d.text .. d[6] .. tostring(d[true])"), "newsixnil")
    try lua.globals.set("s", to: lua.wrap(["a", 1] as Set<AnyHashable>))
    try expect(try lua.eval("s.a and s[1] and not s.b"))
  },
  area("any value that can be a key reads as one") { lua in
    let read: [AnyHashable: Int] = try lua.eval("{[true] = 1, [2] = 2, [2.5] = 3, x = 4, ['\\255'] = 5}")
    try expectEqual(read, [true: 1, 2: 2, 2.5: 3, "x": 4, LuaString(bytes: [255]): 5])
    let set: Set<AnyHashable> = try lua.eval("{[true] = 1, x = 2}")
    try expectEqual(set, [true, "x"])
    try expectEqual(try lua.table(from: read).as([AnyHashable: Int].self), read)
    try expectEqual(try LuaValue.integer(3).as(AnyHashable.self), 3)
    try expectEqual(try lua.wrap(Badge(3)).asAnyHashable(), AnyHashable(Badge(3)))
    try expectLuaError(.conversion) { _ = try LuaValue.nil.as(AnyHashable.self) }
  },
  area("an error of Foundation's as a key does no harm") { lua in
    // Outside of Apple's systems it cannot be hashed, and a script can have one from any host function that throws.
    for error in [NSError(domain: "d", code: 1), CocoaError(.fileNoSuchFile), URLError(.badURL)] as [any Error] {
      try lua.globals.set("fail", to: lua.function { () throws -> Int in throw error })
      try lua.globals.set("object", to: lua.wrap(error))
      try lua.globals.set("d", to: lua.wrap(["x": 1] as [AnyHashable: Any]))
      try lua.globals.set("s", to: lua.wrap(["x"] as Set<AnyHashable>))
      try lua.execute(
        """
        local _, caught = pcall(fail)
        for _, key in ipairs({caught, object}) do
          assert(not d[key] and not s[key])
          assert(not pcall(function() d[key] = 2 end) and not pcall(function() s[key] = true end))
          assert(not d[key] and not s[key] and #d == 1 and #s == 1)
          t = {[key] = 1}
        end
        """)
      let table: LuaTable = try lua.globals["t"]
      try expectEqual(try table.as([AnyHashable: Int].self).count, 1)
      try expectEqual((try table.swiftValue() as? [AnyHashable: Any])?.count, 1)
      #if !canImport(Darwin)
        try expectLuaError(.conversion) { _ = try table.as([NSError: Int].self) }
        try expectLuaError(.conversion) { _ = try table.as(Set<CocoaError>.self) }
      #endif
    }
  },
  area("an error that is Hashable is found as a key") { lua in
    try lua.globals.set("fail", to: lua.function { () throws -> Int in throw Refusal.late })
    try lua.globals.set("d", to: lua.wrap([Refusal.late: "late"] as [AnyHashable: Any]))
    try expectEqual(try lua.execute("local _, e = pcall(fail) return d[e]"), "late")
  },
]

private enum Refusal: Error, Hashable { case late }

extension LuaUserdata {
  fileprivate func asAnyHashable() throws -> AnyHashable { try LuaValue.userdata(self).as(AnyHashable.self) }
}
