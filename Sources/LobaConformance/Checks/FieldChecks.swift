internal import LobaCore

private let area = Area("fields")

/// Fields as dynamic members, whatever their names and however deep.
let fieldChecks: [ConformanceCheck] = [
  area("fields win over members of Sequence, which stay where no field is asked for") { lua in
    let item: LuaTable = try lua.eval(
      "{first = 'f', map = 1, filter = 2, min = 3.5, max = 4, contains = true, sorted = 'yes', reversed = 'no', lazy = 5, "
        + "prefix = {8}, underestimatedCount = 9, forEach = 'each', reduce = {x = {y = 'deep'}}}")
    let first: String = try item.first
    try expectEqual(first, "f")
    try expectEqual(item.map, 1)
    try expectEqual(item.filter, 2)
    try expectEqual(item.min, 3.5)
    try expectEqual(try item.max as Int?, 4)
    try expect(item.contains)
    try expectEqual(item.sorted, "yes")
    try expectEqual(item.reversed, "no")
    try expectEqual(try item.lazy as Int, 5)
    try expectEqual(item.prefix, [8])
    try expectEqual(item.forEach, "each")
    try expectEqual(try item.reduce as [String: [String: String]], ["x": ["y": "deep"]])
    let reduce: LuaTable = try item.reduce
    try expectEqual(try reduce.x.y, "deep")
    // Fields that are not there are nil, not members.
    try expectEqual(try item.dropFirst as Int?, nil)
    let error = try expectLuaError(.conversion) { _ = try item.suffix as Int }
    try expectContains(error.message, "suffix", "Int")
    // And the members.
    try expectEqual(item.map { $0.key }.count, 13)
    try expectEqual(item.filter { $0.value == 1 }.map(\.key), ["map"])
    try expectEqual(item.first { $0.key == "max" }?.value, 4)
    try expect(item.contains { $0.value == 5 })
    try expectEqual(item.reduce(0) { count, _ in count + 1 }, 13)
    try expectEqual(Array(item).count, 13)
    try expectEqual(Dictionary(uniqueKeysWithValues: item.lazy.map { ($0.key, $0.value) })["first"], "f")
    var count = 0
    for (key, value) in item where !key.isNil && !value.isNil { count += 1 }
    try expectEqual(count, 13)
    try expectEqual(zip(item, 1...).map(\.1), Array(1...13))
  },
  area("functions of tables are called, though Sequence or the table has a method of the name") { lua in
    let math: LuaTable = try lua.globals["math"]
    try expectEqual(try math.max(1, 7, 3) as Int, 7)
    try expectEqual(try math.min(4, 2) as Int, 2)
    let library: LuaTable = try lua.globals["table"]
    let list = try lua.table(3, 1)
    try library.insert(list, 2)
    try library.insert(list, 1, 9)
    try library.sort(list)
    try expectEqual(list.as(), [1, 2, 3, 9])
    try expectEqual(try library.remove(list, 1) as Int, 1)
    let vector: LuaTable = try lua.eval("{length = 5, append = 'a', pop = 1, sort = true, dump = 'd', pairs = {1}}")
    let length: Int = try vector.length
    try expectEqual(length, 5)
    try expectEqual(vector.length(), 0)
    try expectEqual(try vector.append as String, "a")
    try expectEqual(try vector.pop as Int, 1)
    try expect(vector.sort)
    try expectEqual(try vector.dump as String, "d")
    try expectEqual(vector.pairs().count, 6)
  },
  area("the view of fields has nothing but fields") { lua in
    let item: LuaTable = try lua.eval(
      "{count = 7, keys = 'k', values = 'v', description = 'text', isEmpty = 'no', set = 1, runtime = 2, metatable = 3, "
        + "fields = 4, owner = 5, hashValue = 6, inner = {type = 'config', isNil = 'never', count = 8}}")
    try expectEqual(item.count, 0)
    try expectEqual(item.fields.count, 7)
    try expectEqual(item.fields.keys, "k")
    try expectEqual(item.fields.values, "v")
    try expectEqual(item.fields.description, "text")
    try expectEqual(item.fields.isEmpty, "no")
    try expectEqual(item.fields.set, 1)
    try expectEqual(item.fields.runtime, 2)
    try expectEqual(try item.fields.metatable as Int, 3)
    try expectEqual(item.fields.fields, 4)
    try expectEqual(item.fields.owner, 5)
    try expectEqual(item.fields.hashValue, 6)
    try expectEqual(try item.inner.fields.type as String, "config")
    try expectEqual(try item.fields.inner.fields.isNil as String, "never")
    try expectEqual(try item.inner.count as Int, 8)
    try expectEqual(try item.fields.nothing as Int?, nil)
    let error = try expectLuaError(.conversion) { _ = try item.fields.keys as Int }
    try expectContains(error.message, "keys", "Int")
    try expectContains(try expectLuaError(.runtime) { try item.fields.missing(1) }.message, "'missing'")
    let angry: LuaTable = try lua.eval("setmetatable({}, {__index = function(_, k) error('no ' .. k) end})")
    try expectContains(try expectLuaError(.runtime) { _ = try angry.fields.count as Int }.message, "no count")
    try expectContains(try expectLuaError(.runtime) { _ = try LuaValue.integer(1).fields.x as Int }.message, "index")
  },
  area("fields at any depth are read as types") { lua in
    try lua.execute("config = {window = {width = 640, title = 'main', sizes = {1, 2}}}")
    let width: Int = try lua.globals.config.window.width
    let title: String = try lua.globals.config.window.title
    let sizes: [Int] = try lua.globals.config.window.sizes
    let missing: Int? = try lua.globals.config.window.height
    let value: LuaValue = try lua.globals.config.window.width
    let untyped = try lua.globals.config.window.title
    try expect(width == 640 && title == "main" && sizes == [1, 2] && missing == nil)
    try expect(value == 640 && untyped == "main")
    let error = try expectLuaError(.conversion) { _ = try lua.globals.config.window.title as Int }
    try expectContains(error.message, "title", "Int", "main")
    try expectContains(
      try expectLuaError(.runtime) { _ = try lua.globals.config.nothing.width as Int }.message, "index a nil", "width")
    let box = try lua.wrap(1)
    try expectLuaError(.runtime) { _ = try LuaValue.userdata(box).field as Int }
  },
  area("a path is read as far as it is there") { lua in
    let config: LuaTable = try lua.eval("{window = {width = 640, size = {x = 'one'}}, flag = false}")
    try expectEqual(config[path: "window", "width"], 640)
    try expectEqual(config[path: "window", "size", "x"], "one")
    try expectEqual(try config[path: "nothing", "at", "all"] as Int?, nil)
    try expectEqual(try config[path: "window", "height"] as Int?, nil)
    try expectEqual(try (config[path: "window"] as LuaTable).keys.count, 2)
    try expectContains(
      try expectLuaError(.conversion) { _ = try config[path: "window", "size", "x"] as Int }.message, "window.size.x")
    try expectContains(
      try expectLuaError(.runtime) { _ = try config[path: "flag", "x"] as Int? }.message, "index a boolean", "x")
  },
  area("a path is set, and tables on its way are made; if not, nothing is") { lua in
    struct Unknown {}
    let config: LuaTable = try lua.eval("{window = {width = 640}, flag = false}")
    try config.set(path: "window", "width", to: 3)
    try config.set(path: "window", "size", "x", to: "one")
    try config.set(path: "top", to: true)
    try expectEqual(config.dump(), #"{flag = false, top = true, window = {size = {x = "one"}, width = 3}}"#)
    let other = try LuaRuntime.forCheck(lua.engine)
    defer { other.close() }
    try expectLuaError(.conversion) { try config.set(path: "a", "b", to: Unknown()) }
    try expectLuaError(.foreignValue) { try config.set(path: "a", "b", "c", to: other.table()) }
    let error = try expectLuaError(.runtime) { try config.set(path: "flag", "x", "y", to: 1) }
    try expectContains(error.message, "'x'", "boolean", "'flag'")
    try expectEqual(try config.a as LuaValue, nil)
    try config.set(path: "window", "size", to: nil as Int?)
    try config.set(path: "top", to: LuaValue.nil)
    try expectEqual(config.dump(), "{flag = false, window = {width = 3}}")
    let guarded: LuaTable = try lua.eval("setmetatable({}, {__newindex = function(_, k) error('no ' .. k) end})")
    try expectContains(try expectLuaError(.runtime) { try guarded.set(path: "a", "b", to: 1) }.message, "no a")
  },
  area("a default stands for what is nil, and for nothing else") { lua in
    struct Asked: Error, Equatable {}
    func asked() throws -> Int { throw Asked() }
    let t: LuaTable = try lua.eval("setmetatable({x = 1, f = false, none = swift.none}, {__index = {inherited = 2}})")
    try expectEqual(t["x", default: asked()], 1)
    try expectEqual(t["inherited", default: asked()], 2)
    try expectEqual(t["y", default: 3], 3)
    try expectEqual(t["none", default: 3], 3)
    try expectEqual(t[1, default: "one"], "one")
    try expectEqual(t["f", default: true], false)
    try expectError(Asked()) { _ = try t["y", default: asked()] }
    try expectContains(try expectLuaError(.conversion) { _ = try t["x", default: "text"] }.message, "x", "String")
    try expectEqual(t[Double.nan, default: 4], 4)
    let angry: LuaTable = try lua.eval("setmetatable({}, {__index = function() error('angry') end})")
    try expectLuaError(.runtime) { _ = try angry["y", default: 3] }
  },
  area("containsKey tells what there is a value for") { lua in
    let t: LuaTable = try lua.eval(
      "setmetatable({x = 1, f = false, none = swift.none, [2.5] = {}}, {__index = {inherited = 2}})")
    for key in ["x", "f", "none", "inherited"] { try expect(t.containsKey(key), key) }
    try expect(t.containsKey(2.5))
    try expect(!t.containsKey("y"))
    try expect(!t.containsKey(1))
    try expect(!t.containsKey(LuaValue.nil))
    try expect(!t.containsKey(Double.nan))
    try expect(!t.containsKey(t))
    let other = try LuaRuntime.forCheck(lua.engine)
    defer { other.close() }
    try expectLuaError(.foreignValue) { _ = try t.containsKey(other.table()) }
    let angry: LuaTable = try lua.eval("setmetatable({}, {__index = function() error('angry') end})")
    try expectLuaError(.runtime) { _ = try angry.containsKey("y") }
  },
]
