internal import LobaCore

private let area = Area("lists")

private struct Enough: Error, Equatable {}

/// Tables as lists: inserting, removing, sorting.
let listChecks: [ConformanceCheck] = [
  area("insert and remove do what table.insert and table.remove do") { lua in
    let ours = try lua.table(), theirs = try lua.table()
    let insert: LuaFunction = try lua.eval("table.insert")
    let remove: LuaFunction = try lua.eval("table.remove")
    var generator = SeededGenerator(seed: 7)
    for step in 1...600 {
      let count = ours.count
      if count == 0 || Int.random(in: 0..<5, using: &generator) < 3 {
        let index = Int.random(in: 1...count + 1, using: &generator)
        let value: LuaValue = step % 3 == 0 ? .string(LuaString("text \(step)")) : .integer(step)
        try ours.insert(value, at: index)
        try insert(theirs, index, value)
      } else {
        let index = Int.random(in: 1...count, using: &generator)
        let removed: LuaValue = try ours.remove(at: index)
        try expectEqual(removed, try remove(theirs, index) as LuaValue)
      }
      try expectEqual(ours.count, theirs.count)
    }
    try expectEqual(try ours.as([LuaValue].self), try theirs.as([LuaValue].self))
    while let last: LuaValue = try ours.pop() { try expectEqual(last, try remove(theirs) as LuaValue) }
    try expect(ours.isEmpty && theirs.isEmpty)
    try expect(ours.pop() == nil)
  },
  area("insert and remove leave fields and metamethods alone, and are typed") { lua in
    let list: LuaTable = try lua.eval("setmetatable({'b', 'd', x = 1}, {__index = error, __newindex = error})")
    try list.insert("a", at: 1)
    try list.insert("e", at: 4)
    try list.insert("c", at: 3)
    try expectEqual(list.as(), ["a", "b", "c", "d", "e"])
    let c: String = try list.remove(at: 3)
    try expectEqual(c, "c")
    try list.remove(at: 1)
    let e: String? = try list.pop()
    try expectEqual(e, "e")
    try list.pop()
    try expectEqual(list.dump(), #"{"b", x = 1}"#)
    try list.insert([1, 2], at: 1)
    try list.insert(lua.eval("print") as LuaFunction, at: 2)
    try expectEqual(try list.remove(at: 1) as [Int], [1, 2])
  },
  area("insert and remove refuse what they cannot do, and leave the list as it was") { lua in
    struct Unknown {}
    let list: LuaTable = try lua.eval("{1, 'two', 3}")
    let other = try LuaRuntime.forCheck(lua.engine)
    defer { other.close() }
    for index in [0, 5, -1, Int.max, Int.min] {
      try expectContains(try expectLuaError(.runtime) { try list.insert(1, at: index) }.message, "\(index)", "3")
    }
    for index in [0, 4, -1, Int.max, Int.min] {
      try expectContains(try expectLuaError(.runtime) { try list.remove(at: index) }.message, "\(index)", "3")
    }
    try expectContains(try expectLuaError(.runtime) { try list.insert(nil as Int?, at: 1) }.message, "nil", "hole")
    try expectLuaError(.conversion) { try list.insert(Unknown(), at: 1) }
    try expectLuaError(.foreignValue) { try list.insert(other.table(), at: 1) }
    try expectContains(try expectLuaError(.conversion) { _ = try list.remove(at: 2) as Int }.message, "2", "Int")
    try expectContains(try expectLuaError(.conversion) { _ = try list.pop() as String? }.message, "3", "String")
    try expectLuaError(.runtime) { try lua.table().remove(at: 1) }
    try expectEqual(list.dump(), #"{1, "two", 3}"#)
  },
  area("sort sorts numbers, strings, and what has __lt") { lua in
    let numbers: LuaTable = try lua.eval("{3, -1, 2.5, 10, 0, 1e300, -1e300, 2}")
    try numbers.sort()
    try expectEqual(numbers.as(), [-1e300, -1, 0, 2, 2.5, 3, 10, 1e300])
    let strings: LuaTable = try lua.eval("{'b', '', 'a', 'ab', 'B', '\\255', 'a\\0'}")
    try strings.sort()
    try expectEqual(try strings.as([LuaString].self).map(\.bytes), [[], [66], [97], [97, 0], [97, 98], [98], [255]])
    let objects: LuaTable = try lua.execute(
      """
      local mt = {__lt = function(a, b) return a.n < b.n end}
      local t = {}
      for i = 1, 50 do t[i] = setmetatable({n = i * 37 % 50}, mt) end
      return t
      """)
    try objects.sort()
    try expectEqual(try objects.as([LuaTable].self).map { try $0["n"] as Int }, Array(0..<50))
    for empty in ["{}", "{x = 1}", "{'one'}"] {
      let table: LuaTable = try lua.eval(empty)
      let before = table.dump()
      try table.sort()
      try expectEqual(table.dump(), before)
    }
  },
  area("sort by a closure is typed, and keeps equals in their order") { lua in
    let numbers = try lua.table(3, 1, 2)
    try numbers.sort { (a: Int, b: Int) in a > b }
    try expectEqual(numbers.as(), [3, 2, 1])
    let names: LuaTable = try lua.eval(
      "{{name = 'b', n = 1}, {name = 'a', n = 2}, {name = 'b', n = 3}, {name = 'a', n = 4}}")
    try names.sort { (a: LuaTable, b: LuaTable) in try (a.name as String) < (b.name as String) }
    try expectEqual(try names.as([LuaTable].self).map { try $0["n"] as Int }, [2, 4, 1, 3])
    let mixed: LuaTable = try lua.eval("{true, 'x', 1, x = 'field'}")
    try mixed.sort { $0.description < $1.description }
    try expectEqual(mixed.dump(), #"{1, true, "x", x = "field"}"#)
    let less: LuaFunction = try lua.eval("function(a, b) return a > b end")
    try numbers.sort { (a: LuaValue, b: LuaValue) in try less(a, b) }
    try expectEqual(numbers.as(), [3, 2, 1])
    try numbers.sort { (_: Int, _: Int) in true }
    var generator = SeededGenerator(seed: 3)
    let many = try lua.table(from: (1...500).map { $0 * 7919 % 501 })
    try many.sort { (_: Int, _: Int) in Bool.random(using: &generator) }
    try expectEqual(try many.as([Int].self).sorted(), Array(1...500))
    try many.sort()
    try expectEqual(many.as(), Array(1...500))
  },
  area("a sort that fails leaves the list as it was") { lua in
    let list: LuaTable = try lua.eval("{3, 'x', {}, 1}")
    let before = try list.as([LuaValue].self)
    try expectContains(try expectLuaError(.runtime) { try list.sort() }.message, "compare")
    try expectContains(
      try expectLuaError(.conversion) { try list.sort { (a: Int, b: Int) in a < b } }.message, "element 2")
    try expectError(Enough()) { try list.sort { (_: LuaValue, _: LuaValue) in throw Enough() } }
    try expectEqual(try list.as([LuaValue].self), before)
    let raising: LuaTable = try lua.execute(
      "local mt = {__lt = function() error('incomparable') end} return {setmetatable({}, mt), setmetatable({}, mt)}")
    try expectContains(try expectLuaError(.runtime) { try raising.sort() }.message, "incomparable")
    // Which border is the length of a list with a hole is for the engine to say.
    let holed: LuaTable = try lua.eval("{1, nil, 3, 4}")
    if holed.count == 4 { try expectLuaError(.runtime) { try holed.sort() } }
  },
  area("what happens to a list while it is sorted does no harm") { lua in
    let list = try lua.table(from: Array((1...100).reversed()))
    try list.sort { (a: Int, b: Int) in
      try list.removeAll()
      return a < b
    }
    try list.removeAll()
    try list.append(3, 1, 2)
    try list.sort { (a: Int, b: Int) in
      try list.append(a)
      return a < b
    }
    try expectEqual(Array(try list.as([Int].self).prefix(3)), [1, 2, 3])
    try lua.globals.set("list", to: list)
    let changing: LuaTable = try lua.execute(
      """
      local mt = {}
      mt.__lt = function(a, b) list[#list + 1] = a; list[1] = b; return a.n < b.n end
      for i = 1, 20 do list[i] = setmetatable({n = -i}, mt) end
      for i = #list, 21, -1 do list[i] = nil end
      return list
      """)
    try changing.sort()
    try expect(changing.count >= 20)
  },
  area("closing the runtime while a list is sorted is an error, as all of it is afterwards") { lua in
    let list = try lua.table(3, 1, 2)
    try expectLuaError(.closed) {
      try list.sort { (a: Int, b: Int) in
        lua.close()
        return a < b
      }
    }
    let bodies: [() throws -> Void] = [
      { try list.insert(1, at: 1) }, { try list.remove(at: 1) }, { try list.pop() }, { try list.append(1) },
      { try list.sort() }, { try list.sort { (a: Int, b: Int) in a < b } }, { _ = try list.containsKey(1) },
      { _ = try list[1, default: 1] }, { try list.set(path: "a", "b", to: 1) },
      { _ = try list[path: "a", "b"] as Int? },
      { _ = try list.fields.count as Int }, { try list.call(method: "x") }, { try list(1) }, { try list.removeAll() },
    ]
    for body in bodies { try expectLuaError(.closed, body) }
    try expectEqual(list.dump(), "{}")
  },
  area("lists that are so by their length only are refused, and not gone through") { lua in
    let vast: LuaTable = try lua.execute("local t = {} for i = 0, 29 do t[2 ^ i] = i end return t")
    let count = vast.count
    guard count > 1 << 20 else { return }  // where the border is, is for the engine to say
    try expectContains(try expectLuaError(.runtime) { try vast.insert(1, at: 1) }.message, "sparse")
    try expectContains(try expectLuaError(.runtime) { try vast.remove(at: 1) }.message, "sparse")
    try expectLuaError(.conversion) { try vast.sort() }
    try expectEqual(vast.keys.count, 30)
    try vast.insert("end", at: count + 1)
    let end: String? = try vast.pop()
    try expectEqual(end, "end")
    try expectEqual(vast.keys.count, 30)
  },
]
