internal import LobaCore

private let area = Area("iteration")

private struct Enough: Error, Equatable {}

/// A list, and names with strings that nothing else holds.
private func mixed(_ lua: LuaRuntime, _ count: Int) throws -> LuaTable {
  try lua.execute(
    """
    local t, n = {}, ...
    for i = 1, n do t[i] = 'value ' .. i; t['name of entry ' .. i] = i end
    return t
    """, count)
}

/// What was added may be visited or not, and the visit may fail; it ends.
private func visit(_ table: LuaTable, _ body: @escaping (LuaValue) throws -> Void) throws -> Int {
  var visited = 0
  do {
    try table.forEachEntry { (key: LuaValue, _: LuaValue) in
      visited += 1
      try body(key)
    }
  } catch let error as LuaError {
    try expectEqual(error.kind, .runtime)
  }
  return visited
}

/// A value that adds an entry to the table that it is read from.
private struct Growing: LuaConstructible {
  static func construct(from reader: LuaReader) throws -> Growing {
    try reader.runtime.execute("grow()")
    return Growing()
  }
}

/// Visiting tables without a snapshot, and with one.
let iterationChecks: [ConformanceCheck] = [
  area("forEachEntry visits every entry once, typed") { lua in
    for count in [0, 1, 7, 63, 64, 65, 1_000] {
      let list: LuaTable = try lua.execute("local t = {} for i = 1, ... do t[i] = i / 2 end return t", count)
      var halves: [Int: Double] = [:]
      try list.forEachEntry { (key: Int, value: Double) in try expect(halves.updateValue(value, forKey: key) == nil) }
      try expectEqual(halves, Dictionary(uniqueKeysWithValues: (0..<count).map { ($0 + 1, Double($0 + 1) / 2) }))
      let names: LuaTable = try lua.execute("local t = {} for i = 1, ... do t['n' .. i] = i end return t", count)
      var sum = 0
      try names.forEachEntry { (key: String, value: Int) in
        try expectEqual(key, "n\(value)")
        sum += value
      }
      try expectEqual(sum, count * (count + 1) / 2)
    }
  },
  area("forEachEntry visits in Lua's order, as any type that can be read") { lua in
    let t: LuaTable = try lua.eval("{1, 'x', true, {5}, print, a = 2.5, [0.5] = false, [print] = 'f'}")
    var keys: [LuaValue] = []
    try t.forEachEntry { (key: LuaValue, _: LuaValue) in keys.append(key) }
    try expectEqual(keys, t.keys)
    let tables: LuaTable = try lua.eval("{{1}, {2}, {3}}")
    var sum = 0
    try tables.forEachEntry { (_: Int, table: LuaTable) in sum += try table[1] }
    try tables.forEachEntry { (_: Int, list: [Int]) in sum += list[0] }
    try expectEqual(sum, 12)
    let optional: LuaTable = try lua.eval("{swift.none, 2}")
    var none = 0
    try optional.forEachEntry { (_: Int, value: Int?) in if value == nil { none += 1 } }
    try expectEqual(none, 1)
  },
  area("forEachEntry ends where its body says so, or throws") { lua in
    let t = try mixed(lua, 200)
    for end in [1, 2, 63, 64, 65, 300] {
      var visited = 0
      try t.forEachEntry { (_: LuaValue, _: LuaValue) in
        visited += 1
        return visited == end ? .stop : .next
      }
      try expectEqual(visited, end)
      visited = 0
      try expectError(Enough()) {
        try t.forEachEntry { (_: LuaValue, _: LuaValue) in
          visited += 1
          if visited == end { throw Enough() }
        }
      }
      try expectEqual(visited, end)
    }
    let raised = try expectLuaError(.runtime) {
      try t.forEachEntry { (_: LuaValue, _: LuaValue) in try lua.execute("error('from within')") }
    }
    try expectContains(raised.message, "from within")
  },
  area("forEachEntry says which entry is not of the types") { lua in
    let t: LuaTable = try lua.eval("{[7] = 'text'}")
    let value = try expectLuaError(.conversion) { try t.forEachEntry { (_: Int, _: Int) in } }
    try expectContains(value.message, "key 7", "Int", "text")
    let key = try expectLuaError(.conversion) { try t.forEachEntry { (_: String, _: String) in } }
    try expectContains(key.message, "a key", "String", "7")
    let bytes: LuaTable = try lua.eval("{['\\255'] = 1}")
    let text = try expectLuaError(.conversion) { try bytes.forEachEntry { (_: String, _: Int) in } }
    try expectContains(text.message, "a key", "byte 0")
  },
  area("forEachEntry asks no metamethod") { lua in
    let t: LuaTable = try lua.eval("setmetatable({1, 2}, {__index = error, __pairs = error, __len = error})")
    var sum = 0
    try t.forEachEntry { (_: Int, value: Int) in sum += value }
    try expectEqual(sum, 3)
  },
  area("what is visited is there, whatever is collected or removed meanwhile") { lua in
    let t = try mixed(lua, 150)
    var visited = 0
    try t.forEachEntry { (key: LuaValue, value: LuaValue) in
      if visited % 20 == 0 {
        try t.removeAll()
        try lua.execute("for i = 1, 100 do local s = ('x'):rep(i) .. i end")
        try lua.collectGarbage()
      }
      switch (key, value) {
      case (.integer(let i), .string(let text)): try expectEqual(text.text, "value \(i)")
      case (.string(let text), .integer(let i)): try expectEqual(text.text, "name of entry \(i)")
      default: throw ConformanceFailure(message: "\(key) = \(value)", file: #fileID, line: #line)
      }
      visited += 1
    }
    try expect((1...300).contains(visited))
    try expect(t.isEmpty)
  },
  area("forEachEntry: entries may be set and removed") { lua in
    let t = try mixed(lua, 500)
    var visited = 0
    try t.forEachEntry { (key: LuaValue, _: LuaValue) in
      visited += 1
      if visited % 2 == 0 { try t.removeValue(forKey: key) } else { try t.set(key, to: true) }
    }
    try expectEqual(visited, 1_000)
    try expectEqual(t.values, Array(repeating: true, count: 500))
  },
  area("forEachEntry ends, or throws, if its body adds entries") { lua in
    let list: LuaTable = try lua.execute("local t = {} for i = 1, 1000 do t[i] = i end return t")
    try expect(try visit(list) { _ in try list.append(1) } <= 1_200)
    let names = try mixed(lua, 500)
    var fresh = 0
    let visited = try visit(names) { key in
      fresh += 1
      try names.removeValue(forKey: key)
      try names.set("a fresh name \(fresh)", to: fresh)
    }
    try expect(visited <= 1_200, "\(visited)")
    let small: LuaTable = try lua.eval("{1}")
    try expect(try visit(small) { _ in try small.append(1) } <= 3)
    try expectUsable(lua)
    try lua.execute("g = {} for i = 1, 100 do g[i] = i end function grow() g[#g + 1] = 0 end")
    let growing: LuaTable = try lua.globals["g"]
    do { _ = try growing.as([Int: Growing].self) } catch let error as LuaError { try expectEqual(error.kind, .runtime) }
    try expect(growing.count < 400)
  },
  area("forEachEntry may be nested, also over the same table, and called from Lua and in coroutines") { lua in
    let t = try mixed(lua, 40)
    var pairs = 0
    try t.forEachEntry { (_: LuaValue, _: LuaValue) in
      try t.forEachEntry { (_: LuaValue, _: LuaValue) in pairs += 1 }
    }
    try expectEqual(pairs, 80 * 80)
    let each = try lua.function { (table: LuaTable, f: LuaFunction) in
      try table.forEachEntry { (key: LuaValue, value: LuaValue) in try f(key, value) }
    }
    let source = "local each, t = ... local n = 0 each(t, function(k, v) assert(t[k] == v) n = n + 1 end) return n"
    try expectEqual(try lua.execute(source, each, t) as Int, 80)
    let coroutine = try (lua.compile(source) as LuaFunction).coroutine(each, t)
    let count: Int? = try coroutine.next()
    try expectEqual(count, 80)
  },
  area("forEachEntry nested without end throws") { lua in
    let t: LuaTable = try lua.eval("{1}")
    var depth = 0
    func nest() throws {
      depth += 1
      try t.forEachEntry { (_: Int, _: Int) in try nest() }
    }
    do {
      try nest()
      throw ConformanceFailure(message: "nothing was thrown", file: #fileID, line: #line)
    } catch let error as LuaError {
      try expect([.stackOverflow, .runtime, .handler].contains(error.kind), "\(error)")
    }
    try expect(depth > 20, "\(depth)")
  },
  area("forEachEntry: the body may let go of the table, and close the runtime") { lua in
    var t: LuaTable? = try mixed(lua, 100)
    var visited = 0
    try t?.forEachEntry { (_: LuaValue, _: LuaValue) in
      visited += 1
      t = nil
      if visited == 1 { try lua.collectGarbage() }
      if visited == 50 { lua.close() }
    }
    try expectEqual(visited, 200)
    try expect(lua.isClosed)
  },
  area("forEachEntry of a closed runtime throws") { lua in
    let t = try lua.table(1)
    lua.close()
    try expectLuaError(.closed) { try t.forEachEntry { (_: Int, _: Int) in } }
  },
  area("forEachEntry keeps other threads out") { lua in
    let t = try lua.table(1)
    var kind: LuaError.Kind?
    try t.forEachEntry { (_: Int, _: Int) in
      onAnotherThread {
        do { try lua.execute("x = 1") } catch { kind = (error as? LuaError)?.kind }
      }
    }
    try expectEqual(kind, .wrongThread)
    try expect(try (lua.globals["x"] as LuaValue).isNil)
  },
  area("a loop goes over a snapshot, of any size and of all types") { lua in
    let t: LuaTable = try lua.eval(
      "{1, 2.5, 'x', true, {}, print, coroutine.create(function() end), swift.none, io.stdout, n = -1}")
    var entries: [(LuaValue, LuaValue)] = []
    for (key, value) in t {
      entries.append((key, value))
      try t.removeAll()
      try t.set(entries.count + 100, to: 1)
      try lua.collectGarbage()
    }
    try expectEqual(entries.count, 10)
    for (key, value) in entries.map({ $0 }) where key != 8 { try expect(!value.isNil, "\(key)") }
    try expectEqual(entries.filter { $0.1.type == .table || $0.1.type == .thread }.count, 2)
    for count in [100, 70_000] {
      let names: LuaTable = try lua.execute("local t = {} for i = 1, ... do t['n' .. i] = i / 2 end return t", count)
      var sum = 0.0
      var found = 0
      for (key, value) in names {
        guard case .string = key else { throw ConformanceFailure(message: "\(key)", file: #fileID, line: #line) }
        sum += try value.as(Double.self)
        found += 1
      }
      try expectEqual(found, count)
      try expectEqual(sum, Double(count) * Double(count + 1) / 4)
      try expectEqual(names.keys.count, count)
    }
  },
  area("text of every length is read as it is, and what is none is refused") { lua in
    let echo: LuaFunction = try lua.eval("function(s) return s end")
    for length in Array(0...70) + [4_095, 4_096, 4_097] {
      let ascii = [UInt8](repeating: 0x41, count: length)
      try expectEqual(try echo(LuaString(bytes: ascii)) as String, String(repeating: "A", count: length))
      for place in Set([0, 1, 3, 7, 8, 14, 15, length / 2, length - 2, length - 1]) where 0..<length ~= place {
        var bytes = ascii
        bytes[place] = 0xE9
        try expectLuaError(.conversion) { _ = try echo(LuaString(bytes: bytes)) as String }
        guard place + 1 < length else { continue }
        bytes.replaceSubrange(place...place + 1, with: [0xC3, 0xA9])
        let text: String = try echo(LuaString(bytes: bytes))
        try expect(text.utf8.elementsEqual(bytes))
      }
    }
  },
]
