internal import LobaCore

/// Leaves: what holds where compiled code calls them directly holds where it does not.
let leafChecks: [ConformanceCheck] = [
  both("leaves give what functions give, whatever they are called with") { lua in
    let g = lua.globals
    try g.set("pairs_of", to: lua.table())
    let list: LuaTable = try g["pairs_of"]
    func pair(_ name: String, _ leaf: LuaFunction, _ function: LuaFunction) throws {
      try list.set(name, to: lua.table(leaf, function))
    }
    try pair("none", lua.leaf { 7 }, lua.function { 7 })
    try pair("nothing", lua.leaf { () -> Void in }, lua.function { () -> Void in })
    try pair("int", lua.leaf { (a: Int) in a }, lua.function { (a: Int) in a })
    try pair("byte", lua.leaf { (a: UInt8) in a }, lua.function { (a: UInt8) in a })
    try pair("unsigned", lua.leaf { (a: UInt64) in a }, lua.function { (a: UInt64) in a })
    try pair("double", lua.leaf { (a: Double) in a }, lua.function { (a: Double) in a })
    try pair("float", lua.leaf { (a: Float) in a }, lua.function { (a: Float) in a })
    try pair("bool", lua.leaf { (a: Bool) in !a }, lua.function { (a: Bool) in !a })
    try pair(
      "two", lua.leaf { (a: Int, b: Double) in Double(a) * b }, lua.function { (a: Int, b: Double) in Double(a) * b })
    try pair(
      "mixed", lua.leaf { (a: Bool, b: Int, c: Double) in a ? Double(b) : c },
      lua.function { (a: Bool, b: Int, c: Double) in a ? Double(b) : c })
    try pair(
      "four", lua.leaf { (a: Int, b: Int, c: Int, d: Int) in a &+ b &* c &- d },
      lua.function { (a: Int, b: Int, c: Int, d: Int) in a &+ b &* c &- d })
    try pair("void", lua.leaf { (_: Int) -> Void in }, lua.function { (_: Int) -> Void in })
    try pair("large", lua.leaf { (a: Int) in a &* 1_000_000_007 }, lua.function { (a: Int) in a &* 1_000_000_007 })
    try pair("nan", lua.leaf { (a: Double) in a / 0 }, lua.function { (a: Double) in a / 0 })
    let differing: [String] = try lua.execute(
      """
      local unpack = table.unpack or unpack
      local values = {n = 0}
      for _, v in ipairs {0, 1, -1, 2, 255, 256, 1.5, -0.0, 0/0, 1/0, -1/0, 2^31, 2^53, 2^53 + 2, -2^53, 2^62, 2^63, -2^63, 2^64,
        1e300, 3.4e38, 3.5e38, 1e-50, '1', '', 'x', true, false, {}, print} do
        values[values.n + 1], values.n = v, values.n + 1
      end
      values.n = values.n + 1  -- and nil
      local function same(a, b) return a == b and (a ~= 0 or 1 / a == 1 / b) or a ~= a and b ~= b end
      local function text(v) return type(v) == 'table' and 'table' or tostring(v) end
      local differing = {}
      local function compare(name, leaf, f, ...)
        local a, b = {pcall(leaf, ...)}, {pcall(f, ...)}
        local equal = #a == #b and a[1] == b[1] and select('#', pcall(leaf, ...)) == select('#', pcall(f, ...))
        if equal and a[1] then equal = same(a[2], b[2]) elseif equal then equal = tostring(a[2]) == tostring(b[2]) end
        if not equal then
          local given = {}
          for i = 1, select('#', ...) do given[i] = text((select(i, ...))) end
          differing[#differing + 1] =
            name .. '(' .. table.concat(given, ', ') .. '): ' .. tostring(a[2]) .. ' and not ' .. tostring(b[2])
        end
      end
      local function run(name, leaf, f)
        compare(name, leaf, f)
        for i = 1, values.n do
          compare(name, leaf, f, values[i])
          compare(name, leaf, f, values[i], 1, 2, 3, 4)
          compare(name, leaf, f, 1, values[i])
          compare(name, leaf, f, true, 2, values[i])
          compare(name, leaf, f, false, values[i], 0.5, {})
          compare(name, leaf, f, 1, 2, 3, values[i])
        end
      end
      for _ = 1, 3 do for name, pair in pairs(pairs_of) do run(name, pair[1], pair[2]) end end
      return differing
      """)
    try expectEqual(differing, [])
  },
  both("compiled code calls leaves") { lua in
    try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
    try lua.globals.set("half", to: lua.leaf { (a: Double) in a / 2 })
    try lua.globals.set("both", to: lua.leaf { (a: Bool, b: Bool) in a && b })
    let sum: Int = try lua.execute("local s = 0 for i = 1, 10000 do s = add(s, i) end return s")
    try expectEqual(sum, 50_005_000)
    try expectEqual(try lua.execute("local s = 0 for i = 1, 999 do s = s + half(i) end return s"), 249_750.0)
    try expectEqual(
      try lua.execute("local n = 0 for i = 1, 999 do if both(i % 2 == 0, i % 3 == 0) then n = n + 1 end end return n"),
      166)
  },
  both("types that change in a loop take the ordinary way, and come back") { lua in
    try lua.globals.set("double", to: lua.leaf { (a: Int) in a * 2 })
    let result: [LuaValue] = try lua.execute(
      """
      local sum, failed, message = 0, 0
      for i = 1, 3000 do
        local ok, value = pcall(double, i % 1000 == 0 and 'x' or i % 500 == 0 and i + 0.5 or i)
        if ok then sum = sum + value else failed, message = failed + 1, tostring(value) end
      end
      return {sum, failed, message}
      """)
    try expectEqual(result[0], .integer(9_003_000 - 2 * (500 + 1000 + 1500 + 2000 + 2500 + 3000)))
    try expectEqual(result[1], 6)
    try expect(result[2].description.contains("expected Int"), "\(result[2])")
  },
  both("an error of a leaf arrives as itself, wherever it is thrown") { lua in
    struct Refusal: Error, Equatable { let n: Int }
    try lua.globals.set(
      "check",
      to: lua.leaf { (n: Int) in
        if n % 700 == 0 { throw Refusal(n: n) }
        return n
      })
    let caught: [Int] = try lua.execute(
      """
      local caught, sum = {}, 0
      for i = 1, 3000 do
        local ok, e = pcall(check, i)
        if not ok then caught[#caught + 1] = i end
      end
      return caught
      """)
    try expectEqual(caught, [700, 1400, 2100, 2800])
    do {
      try lua.execute("for i = 1, 3000 do check(i) end")
      throw failure("no error")
    } catch let error as Refusal {
      try expectEqual(error, Refusal(n: 700))
    }
    // In a coroutine as well.
    do {
      try lua.execute(
        "local co = coroutine.wrap(function() for i = 1, 3000 do check(i) if i % 100 == 0 then coroutine.yield() end end end) "
          + "while true do co() end")
      throw failure("no error")
    } catch let error as Refusal {
      try expectEqual(error, Refusal(n: 700))
    }
  },
  both("a leaf cannot use its runtime") { lua in
    let table = try lua.table(1, 2, 3, fields: ["x": 1])
    let f: LuaFunction = try lua.eval("function() return 1 end")
    var messages: Set<String> = []
    func attempt(_ body: () throws -> Void) {
      do { try body(); messages.insert("nothing was thrown") } catch {
        messages.insert("\((error as? LuaError)?.message ?? "\(error)")")
      }
    }
    try lua.globals.set(
      "leaf",
      to: lua.leaf { (n: Int) -> Int in
        attempt { try lua.execute("x = 1") }
        attempt { let _: Int = try table["x"] }
        attempt { try table.set("x", to: 2) }
        attempt { let _: Int = try f() }
        attempt { _ = try lua.table() }
        attempt { _ = try lua.function { 1 } }
        attempt { _ = try f.coroutine() }
        attempt { try lua.collectGarbage() }
        attempt { _ = try table.as([Int].self) }
        attempt { try lua.globals.set("y", to: "a string that is new") }
        attempt { _ = try lua.wrap([1]) }
        attempt { _ = try LuaEncoder(lua).encode([1]) }
        _ = table.count
        _ = Array(table.keys)
        _ = table == table
        _ = table.description
        return n + 1
      })
    let sum: Int = try lua.execute("local s = 0 for i = 1, 300 do s = leaf(s) end return s")
    try expectEqual(sum, 300)
    try expectEqual(messages, ["a leaf function cannot use its runtime"])
    try expectEqual(try table["x"] as Int, 1)
  },
  both("a leaf may let go of handles, and close its runtime") { lua in
    var handles: [LuaTable] = try (0..<50).map { _ in try lua.table(1) }
    try lua.globals.set(
      "drop",
      to: lua.leaf { () -> Bool in
        if !handles.isEmpty { handles.removeLast() }
        return handles.isEmpty
      })
    try expect(try lua.execute("local done for i = 1, 200 do done = drop() end return done"))
    try lua.globals.set("close", to: lua.leaf { lua.close() })
    let sum: Int = try lua.execute("close() local s = 0 for i = 1, 200 do s = s + i end return s")
    try expectEqual(sum, 20_100)
    try expect(lua.isClosed)
  },
  both("properties and methods that are leaves are as all others") { lua in
    try lua.register(Leafy.declared("Leafy"))
    try lua.register(Common.declared("Common"))
    let leafy = try lua.wrap(Leafy())
    let common = try lua.wrap(Common())
    let differing: [String] = try lua.execute(
      """
      local leafy, common = ...
      local differing = {}
      local function compare(name, f)
        local a, b = {pcall(f, leafy)}, {pcall(f, common)}
        local x, y = (tostring(a[2]):gsub('Leafy', 'Common')), (tostring(b[2]):gsub('Leafy', 'Common'))
        if a[1] ~= b[1] or #a ~= #b or x ~= y then differing[#differing + 1] = name .. ': ' .. x .. ' and not ' .. y end
      end
      for _ = 1, 100 do
        compare('get', function(o) return o.value end)
        compare('set', function(o) o.value = o.value + 1 return o.value end)
        compare('set to a string', function(o) o.value = 'x' end)
        compare('set to a fraction', function(o) o.value = 1.5 end)
        compare('set to nil', function(o) o.value = nil end)
        compare('flag', function(o) o.flag = not o.flag return o.flag end)
        compare('ratio', function(o) o.ratio = o.ratio * 1.5 return o.ratio end)
        compare('a method', function(o) return o:add(2) end)
        compare('a method without result', function(o) return select('#', o:reset()) end)
        compare('of three', function(o) return o:mix(1, 2.5, true) end)
        compare('a string that looks like a number', function(o) return o:add('2') end)
        compare('too few', function(o) return o:add() end)
        compare('too many', function(o) return o:add(1, 2, 3) end)
        compare('without the object', function(o) return o.add() end)
        compare('with a number for the object', function(o) return o.add(1, 2) end)
        compare('with a table for the object', function(o) return o.add({}, 2) end)
        compare('with a file for the object', function(o) return o.add(io.stdout, 2) end)
        compare('with the other for the object', function(o) return o.add(o == leafy and common or leafy, 2) end)
        compare('ordinary members', function(o) o.name = o.name .. '!' return #o.name end)
        compare('an ordinary method', function(o) return o:greet('you') end)
        compare('constant', function(o) return o.LIMIT end)
        compare('unknown', function(o) return o.nothing end)
        compare('unknown key', function(o) return o[1] end)
        compare('nil as key', function(o) return o[nil] end)
        compare('setting what is unknown', function(o) o.nothing = 1 end)
        compare('setting a method', function(o) o.add = 1 end)
        compare('throwing', function(o) return o:fail(o.value) end)
        compare('large', function(o) return o.large end)
        compare('not a number', function(o) return o.nan ~= o.nan end)
      end
      return differing
      """, leafy, common)
    try expectEqual(differing, [])
  },
  both("leaf methods change values in place") { lua in
    try lua.register(
      LuaClass<Pair>("Pair") {
        $0.leafProperty("a", get: { $0.a }, set: { $0.a = $1 })
        $0.leafProperty("b", get: { $0.b }, set: { $0.b = $1 })
        $0.leafProperty("sum", get: { $0.a + $0.b })
        $0.leafMutatingMethod("swap") { (p: inout Pair) in swap(&p.a, &p.b) }
        $0.leafMutatingMethod("shift") { (p: inout Pair, n: Double) in
          p.a += n; return p.a
        }
        $0.mutatingMethod("calling") { (p: inout Pair, f: LuaFunction) in
          p.a = 100
          let _: Void = try f()
        }
      })
    let pair = try lua.wrap(Pair(a: 1, b: 2))
    let text: String = try lua.execute(
      """
      local p = ...
      for i = 1, 300 do p.a = p.a + 1 p:swap() p:shift(0.5) end
      local ok, e = pcall(function() p:calling(function() p.a = 1 end) end)
      local ok2, e2 = pcall(function() p:calling(function() for i = 1, 300 do local _ = p.sum end p:shift(1) end) end)
      return table.concat({p.a, p.b, p.sum, tostring(ok), tostring(e), tostring(ok2)}, ' ')
      """, pair)
    try expect(text.hasPrefix("100"), text)
    try expect(text.contains("false") && text.contains("is being changed by 'calling'"), text)
    let value: Pair = try lua.eval("...", pair)
    try expectEqual(value.a, 100)
  },
  both("objects of subclasses and released objects take the ordinary way") { lua in
    class Animal { var legs = 4 }
    final class Bird: Animal {}
    try lua.register(LuaClass<Animal>("Animal") { $0.leafProperty("legs", get: { $0.legs }, set: { $0.legs = $1 }) })
    let bird = Bird()
    try expectEqual(
      try lua.execute("local b = ... for i = 1, 300 do b.legs = b.legs + 1 end return b.legs", lua.wrap(bird)), 304)
    try expectEqual(bird.legs, 304)
    try lua.register(LuaClass<Bird>("Bird", inheriting: Animal.self) { $0.leafProperty("wings", get: { _ in 2 }) })
    let other = Bird()
    try expectEqual(
      try lua.execute("local b = ... for i = 1, 300 do b.legs = b.legs + b.wings end return b.legs", lua.wrap(other)),
      604)
  },
  both("objects are let go of while leaves are called") { lua in
    try lua.register(Leafy.declared("Leafy"))
    let counting = LifetimeCounter()
    try lua.globals.set("make", to: lua.function { () -> Leafy in Leafy(counting.makeTracker()) })
    try lua.execute("for i = 1, 5000 do local o = make() o.value = o.value + 1 o:add(1) end")
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counting.alive, 0)
  },
  both("a hook may call leaves between a leaf and what it has to tell") { lua in
    struct Refusal: Error, Equatable { let n: Int }
    try lua.globals.set(
      "check", to: lua.leaf { (n: Int) throws -> Int in if n < 0 { throw Refusal(n: n) } else { return n } })
    let text: String = try lua.execute(
      """
      local seen = {}
      debug.sethook(function() pcall(check, -2) pcall(check, 5) end, '', 1)
      local ok, e = pcall(check, -1)
      debug.sethook()
      return tostring(e)
      """)
    try expect(text.contains("n: -1"), text)
  },
  area.engine("leaves are ordinary functions where scripts could look at the fast lane") { engine in
    for libraries: LuaLibraries in [[.base, .debug, .table], [.base, .jit, .table], [.base], [.base, .ffi, .debug]] {
      let configuration = LuaConfiguration(libraries: libraries)
      guard let lua = try? LuaRuntime(engine: engine, configuration: configuration) else { continue }
      defer { lua.close() }
      try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
      let seen: String = try lua.execute(
        """
        local seen = {}
        if debug then
          for i = 1, 20 do
            local name, value = debug.getupvalue(add, i)
            if name then seen[#seen + 1] = name end
          end
        end
        local s = 0 for i = 1, 300 do s = add(s, i) end
        return s .. ' ' .. #seen
        """)
      let isGiven = libraries.contains(.ffi) && engine.capabilities.contains(.ffi)
      try expect(seen.hasPrefix("45150 "), seen)
      if !isGiven { try expectEqual(seen, "45150 0") }
    }
  },
  area.engine("the ffi library is as it was, before and after the first leaf", requires: [.ffi]) { engine in
    for isFirst in [true, false] {
      let lua = try LuaRuntime.forCheck(engine)
      defer { lua.close() }
      let use = "local ffi = require 'ffi' assert(ffi == require 'ffi' and package.loaded.ffi == ffi)"
      if isFirst { try lua.execute(use + " ffi.cdef 'typedef struct { int x; } leaf_t;' t = ffi.new('leaf_t', 5)") }
      try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
      if !isFirst {
        try expect(try lua.eval("package.loaded.ffi == nil"))
        try lua.execute(use + " ffi.cdef 'typedef struct { int x; } leaf_t;' t = ffi.new('leaf_t', 5)")
      }
      let sum: Int = try lua.execute("local s = 0 for i = 1, 300 do s = add(s, t.x) end return s")
      try expectEqual(sum, 1500)
    }
  },
  // The parser opens the library by itself where it comes to such a number, in the middle of anything.
  area.engine("numbers of C are read without the ffi library's being opened", requires: [.ffi]) { engine in
    let lua = try LuaRuntime.forCheck(engine)
    defer { lua.close() }
    try lua.execute(
      """
      assert(tostring(1LL + 1) == '2LL' and package.loaded.ffi == nil)
      local ffi = require 'ffi'
      ffi.cdef 'typedef struct { int x; } wide_t;'
      t = ffi.new('wide_t', 5)
      """)
    try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
    try expectEqual(try lua.execute("local s = 0 for i = 1, 300 do s = add(s, t.x) end return s") as Int, 1500)
    let limited = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: [.base]))
    defer { limited.close() }
    for extra in stride(from: 0, to: 20_000, by: 500) {
      limited.memoryLimit = limited.memoryUsed + extra
      _ = try? limited.eval("tostring(1LL + \(extra))") as String
    }
    limited.memoryLimit = nil
    try expectEqual(try limited.eval("tostring(1LL + 1)"), "2LL")
  },
  area.engine("the finalizers of the ffi library outlast it", requires: [.ffi]) { engine in
    let lua = try LuaRuntime.forCheck(engine)
    defer { lua.close() }
    try lua.execute(
      """
      local ffi = require 'ffi'
      for i = 1, 20 do _G[i] = ffi.gc(ffi.new('int[1]', i), function() collectgarbage() collectgarbage() end) end
      for name in pairs(ffi) do ffi[name] = nil end
      package.loaded.ffi = nil
      proxies = {}
      for i = 1, 20 do
        proxies[i] = newproxy(true)
        getmetatable(proxies[i]).__gc = function() error('no') end
      end
      """)
  },
  // Where it was, another table could come to be, of a userdata that is no object of Swift.
  area.engine("a leaf of a class that has been replaced keeps what it knows objects by", requires: [.ffi]) { engine in
    let lua = try LuaRuntime.forCheck(engine, LuaConfiguration(libraries: .all))
    defer { lua.close() }
    try lua.register(Leafy.declared("Leafy"))
    try lua.globals.set("leafy", to: lua.wrap(Leafy()))
    try lua.execute(
      """
      known = setmetatable({debug.getmetatable(leafy)}, {__mode = 'v'})
      add = leafy.add
      for i = 1, 300 do add(leafy, 1) end
      leafy = nil
      """)
    try lua.register(Leafy.declared("Leafy"))
    try lua.execute("collectgarbage() collectgarbage() assert(known[1], 'it is gone')")
    try lua.execute("add = nil collectgarbage() collectgarbage() assert(not known[1], 'it stays')")
  },
  area.engine("with a limit of memory leaves are ordinary functions") { engine in
    let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(memoryLimit: 16 << 20))
    defer { lua.close() }
    try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
    try expectEqual(try lua.execute("local s = 0 for i = 1, 300 do s = add(s, i) end return s"), 45_150)
    lua.memoryLimit = nil
    try lua.globals.set("add", to: lua.leaf { (a: Int, b: Int) in a + b })
    try expectEqual(try lua.execute("local s = 0 for i = 1, 300 do s = add(s, i) end return s"), 45_150)
    try lua.register(Leafy.declared("Leafy"))
    try lua.globals.set("leafy", to: lua.wrap(Leafy()))
    try lua.globals.set("buffer", to: LuaBuffer<Double>(count: 10))
    let use = "for i = 1, 300 do leafy.value = add(leafy.value, 1) buffer[1] = buffer[1] + leafy:add(0) end"
    try lua.execute(use)
    lua.memoryLimit = lua.memoryUsed + 300_000
    // Refused in the middle of any of them, the process is to go on.
    let text: String = try lua.execute(
      """
      local refused = 0
      local function fill()
        local t = {}
        for k = 1, 1e6 do
          t[k] = {}
          leafy.value = add(leafy.value, 1)
          buffer[1] = buffer[1] + leafy:add(0)
        end
      end
      for n = 1, 100 do
        if not pcall(fill) then refused = refused + 1 end
        collectgarbage()
      end
      return refused .. ' ' .. tostring(buffer[1] > 0)
      """)
    try expectEqual(text, "100 true")
    lua.memoryLimit = nil
    try lua.execute(use)
  },
]

private let area = Area("leaves")

private func failure(_ message: String) -> ConformanceFailure {
  ConformanceFailure(message: message, file: #fileID, line: #line)
}

/// A check of runtimes with the fast lane and without.
private func both(_ sentence: String, _ body: @escaping @Sendable (LuaRuntime) throws -> Void) -> ConformanceCheck {
  area.engine(sentence) { engine in
    for usesFastLane in [true, false] {
      var configuration = LuaConfiguration.standard
      configuration.usesFastLane = usesFastLane
      let lua = try LuaRuntime.forCheck(engine, configuration)
      defer { lua.close() }
      do { try body(lua) } catch { throw failure("with usesFastLane = \(usesFastLane): \(error)") }
      guard !lua.isClosed else { continue }
      try lua.collectGarbage()
      try expectUsable(lua)
    }
  }
}

private struct Pair {
  var a: Double, b: Double
}

private struct Refused: Error, CustomStringConvertible {
  let description: String
}

/// The same members as leaves and as ordinary ones.
private class Members {
  var value = 0
  var flag = false
  var ratio = 1.0
  var name = "n"
  let token: AnyObject?

  init(_ token: AnyObject? = nil) {
    self.token = token
  }

  func fail(_ n: Int) throws -> Int { throw Refused(description: "refused \(n)") }
}

private final class Leafy: Members {
  static func declared(_ name: String) -> LuaClass<Leafy> {
    LuaClass(name) {
      $0.leafProperty("value", get: { $0.value }, set: { $0.value = $1 })
      $0.leafProperty("flag", get: { $0.flag }, set: { $0.flag = $1 })
      $0.leafProperty("ratio", get: { $0.ratio }, set: { $0.ratio = $1 })
      $0.leafProperty("large", get: { _ in Int.max })
      $0.leafProperty("nan", get: { _ in Double.nan })
      $0.leafMethod("add") { (o, n: Int) in o.value + n }
      $0.leafMethod("reset") { o in o.value = 0 }
      $0.leafMethod("mix") { (o, a: Int, b: Double, c: Bool) in c ? Double(a) + b : 0 }
      $0.leafMethod("fail") { (o, n: Int) in try o.fail(n) }
      $0.property("name", get: { $0.name }, set: { $0.name = $1 })
      $0.method("greet") { (o, you: String) in "\(o.name) \(you)" }
      $0.constant("LIMIT", 5)
    }
  }
}

private final class Common: Members {
  static func declared(_ name: String) -> LuaClass<Common> {
    LuaClass(name) {
      $0.property("value", get: { $0.value }, set: { $0.value = $1 })
      $0.property("flag", get: { $0.flag }, set: { $0.flag = $1 })
      $0.property("ratio", get: { $0.ratio }, set: { $0.ratio = $1 })
      $0.property("large", get: { _ in Int.max })
      $0.property("nan", get: { _ in Double.nan })
      $0.method("add") { (o, n: Int) in o.value + n }
      $0.method("reset") { o in o.value = 0 }
      $0.method("mix") { (o, a: Int, b: Double, c: Bool) in c ? Double(a) + b : 0 }
      $0.method("fail") { (o, n: Int) in try o.fail(n) }
      $0.property("name", get: { $0.name }, set: { $0.name = $1 })
      $0.method("greet") { (o, you: String) in "\(o.name) \(you)" }
      $0.constant("LIMIT", 5)
    }
  }
}
