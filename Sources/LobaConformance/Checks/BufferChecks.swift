internal import LobaCore

// Memory that Swift and Lua have in common.

private let area = Area("buffers")

/// Fails unless a buffer of these numbers arrives in Lua as they are, and Lua can write them.
private func expectHeld<Element: LuaBufferElement & Numeric>(_ lua: LuaRuntime, _ elements: [Element]) throws {
  let source = try LuaBuffer(elements), copy = try LuaBuffer<Element>(count: elements.count)
  let copied: LuaFunction = try lua.eval("function(to, from) for i = 1, #from do to[i] = from[i] end return from end")
  let back: LuaBuffer<Element> = try copied(copy, source)
  try expectEqual(Array(copy), elements)
  try expectEqual(back, source)
  let values: [Element] = try lua.eval(
    "(function(b) local t = {} for i = 1, #b do t[i] = b[i] end return t end)(...)", copy)
  try expectEqual(values, elements)
}

/// Fails unless writing each value raises an error that names the type, and leaves the element.
private func expectRefused<Element: LuaBufferElement & Numeric>(
  _ lua: LuaRuntime, _ type: Element.Type, _ codes: [String]
) throws {
  let buffer = try LuaBuffer<Element>([1, 2, 3])
  for code in codes + ["'x'", "'1'", "nil", "true", "{}", "print"] {
    let error = try expectLuaError(.runtime) { try lua.execute("local b = ... b[2] = \(code)", buffer) }
    try expectContains(error.message, "element 2", "LuaBuffer<\(type)>", "expected \(type), got")
    try expectEqual(buffer[1], 2)
  }
}

let bufferChecks: [ConformanceCheck] = [
  // LuaJIT has its other values among the NaNs.
  area("whatever NaN there is in memory is a number") { lua in
    let doubles = try LuaBuffer(repeating: Double(bitPattern: .max), count: 2)
    let floats = try LuaBuffer(repeating: Float(bitPattern: .max), count: 2)
    doubles[1] = Double(bitPattern: 0xFFFE_8000_0000_0001)
    try lua.globals.set("buffers", to: lua.table(doubles, floats))
    let wrong: Int = try lua.execute(
      """
      local wrong = 0
      for _, b in ipairs(buffers) do
        for i = 1, 400 do if type(b[i % 2 + 1]) ~= 'number' then wrong = wrong + 1 end end
      end
      return wrong
      """)
    try expectEqual(wrong, 0)
  },
  area("what Lua writes is what Swift reads, and the other way round") { lua in
    let buffer = try LuaBuffer<Double>(count: 100)
    try lua.globals.set("b", to: buffer)
    try lua.execute("for i = 1, #b do b[i] = i / 2 end")
    try expectEqual(Array(buffer), (1...100).map { Double($0) / 2 })
    buffer[41] = -7.25
    try expectEqual(try lua.eval("b[42]") as Double, -7.25)
    buffer.withUnsafeMutableBufferPointer { $0[0] = 3 }
    try expectEqual(try lua.eval("b[1]") as Int, 3)
  },
  area("every type of elements holds its numbers") { lua in
    try expectHeld(lua, [Int8.min, -1, 0, 1, .max])
    try expectHeld(lua, [UInt8.min, 1, .max])
    try expectHeld(lua, [Int16.min, -1, 0, 1, .max])
    try expectHeld(lua, [UInt16.min, 1, .max])
    try expectHeld(lua, [Int32.min, -1, 0, 1, .max])
    try expectHeld(lua, [UInt32.min, 1, .max])
    try expectHeld(lua, [-(1 << 53), -1, 0, 1, 1 << 53, Int64.min] as [Int64])
    try expectHeld(lua, [0, 1, 1 << 53, 1 << 62] as [UInt64])
    try expectHeld(lua, [-(1 << 53), -1, 0, 1, 1 << 53, Int.min] as [Int])
    try expectHeld(lua, [0, 1, 1 << 53, 1 << 62] as [UInt])
    try expectHeld(lua, [0, 0.5, -1.25, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity] as [Float])
    try expectHeld(lua, [0, 0.1, -1.25, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.infinity] as [Double])
  },
  area("integers of 64 bits are held where the engine has them", requires: .integers) { lua in
    try expectHeld(lua, [Int64.max, .max - 1, (1 << 53) + 1])
    try expectHeld(lua, [Int.max, .max - 1, (1 << 53) + 1])
    try expectHeld(lua, [UInt64(Int64.max), (1 << 53) + 1])
    try expectEqual(try lua.eval("math.type((...)[1])", LuaBuffer<UInt8>(count: 1)) as String, "integer")
    try expectEqual(try lua.eval("math.type((...)[1])", LuaBuffer<Double>([3])) as String, "float")
    let large = try LuaBuffer<UInt64>([UInt64.max])
    let error = try expectLuaError(.runtime) { try lua.execute("local b = ... return b[1]", large) }
    try expectContains(error.message, "18446744073709551615", "64 bits")
  },
  area("an integer that a number cannot hold raises an error when it is read", excludes: .integers) { lua in
    for (buffer, text) in [
      (try LuaBuffer<Int64>([(1 << 53) + 1]), "9007199254740993"),
      (try LuaBuffer<Int64>([Int64.max]), "9223372036854775807"),
      (try LuaBuffer<Int64>([.min + 1]), "-9223372036854775807"),
    ] {
      let error = try expectLuaError(.runtime) { try lua.execute("local b = ... return b[1]", buffer) }
      try expectContains(error.message, text, "doubles", lua.engine.name)
    }
    let error = try expectLuaError(.runtime) {
      try lua.execute("for i, x in (...):iter() do end", LuaBuffer<UInt64>([UInt64.max]))
    }
    try expectContains(error.message, "18446744073709551615")
    try expectHeld(lua, [1 << 63, 1 << 54] as [UInt64])
    try expectHeld(lua, [1 << 63, 1 << 54] as [UInt])
  },
  area("a value that an element cannot hold is refused") { lua in
    try expectRefused(lua, UInt8.self, ["256", "-1", "1.5", "1e300", "math.huge", "0/0", "2^63", "-2^63"])
    try expectRefused(lua, Int8.self, ["128", "-129", "0.5", "2^64"])
    try expectRefused(lua, UInt16.self, ["65536", "-1"])
    try expectRefused(lua, Int16.self, ["32768", "-32769"])
    try expectRefused(lua, UInt32.self, ["4294967296", "-1", "2^63"])
    try expectRefused(lua, Int32.self, ["2147483648", "-2147483649"])
    try expectRefused(lua, Int64.self, ["2^63", "-2^64", "1.5", "0/0", "-math.huge"])
    try expectRefused(lua, Int.self, ["2^63", "-2^64"])
    try expectRefused(lua, UInt64.self, ["2^64", "-1", "1.5", "0/0", "math.huge"])
    try expectRefused(lua, UInt.self, ["2^64", "-1"])
    try expectRefused(lua, Float.self, ["1e300", "1e-60", "16777217", "16777217.0", "2^100 + 2^60"])
    try expectRefused(lua, Double.self, [])
    let numbers = try LuaBuffer<Float>(count: 3)
    try lua.execute("local b = ... b[1], b[2], b[3] = 0.1, 1/0, 0/0", numbers)
    try expectEqual(numbers[0], 0.1)
    try expectEqual(numbers[1], .infinity)
    try expect(numbers[2].isNaN)
    let large = try LuaBuffer<UInt64>(count: 1)
    try lua.execute("local b = ... b[1] = 2^63", large)
    try expectEqual(large[0], 1 << 63)
  },
  area("a loop that is run often sees what any other does") { lua in
    let run: LuaFunction = try lua.eval(
      """
      function(b, ...)
        local values, wrong, n = {...}, {256.5, -1e30, 1e30, 0/0, 1/0}, #b
        for round = 1, 300 do
          for i, x in ipairs(values) do
            b[i] = x
            assert(b[i] == x)
          end
        end
        local refused, nils = 0, 0
        for round = 1, 100 do
          for _, x in ipairs(wrong) do if not pcall(function() b[1] = x end) then refused = refused + 1 end end
          for i = n - 2, n + 3 do if b[i] == nil then nils = nils + 1 end end
          if b[0] ~= nil or b[1.5] ~= nil or pcall(function() b[n + 1] = 1 end) then error('out of range') end
        end
        assert(nils == 300 and b[1] == values[1])
        return refused
      end
      """)
    func expectSeen<Element: LuaBufferElement & Numeric>(_ values: [Element]) throws {
      let buffer = try LuaBuffer<Element>(count: values.count)
      try expectEqual(try run(buffer, LuaValues(values.map { try lua.value($0) })) as Int, 500)
      try expectEqual(Array(buffer), values)
    }
    try expectSeen([Int8.min, -1, .max])
    try expectSeen([0, 1, UInt8.max])
    try expectSeen([Int16.min, -1, .max])
    try expectSeen([0, 1, UInt16.max])
    try expectSeen([Int32.min, -1, .max])
    try expectSeen([0, 1 << 31, UInt32.max])
    try expectSeen([-(1 << 53), -1, 1 << 53] as [Int])
    try expectSeen([0, 1, 1 << 53] as [UInt64])
    // A float takes some of those.
    let numbers = try LuaBuffer<Float>(count: 3)
    let refused: LuaFunction = try lua.eval(
      """
      function(b)
        local refused = 0
        for round = 1, 300 do
          for i, x in ipairs{0.5, 2^24 - 1, -2^-126} do b[i] = x assert(b[i] == x) end
          for _, x in ipairs{1e300, 2^24 + 1, 2^-160} do if not pcall(function() b[1] = x end) then refused = refused + 1 end end
        end
        return refused
      end
      """)
    try expectEqual(try refused(numbers) as Int, 900)
    try expectEqual(Array(numbers), [0.5, 16_777_215, -0x1p-126])
    let sum: Int = try lua.eval(
      "(function(b) local s = 0 for i = 1, #b do b[i] = i end for i = 1, #b do s = s + b[i] end return s end)(...)",
      LuaBuffer<Double>(count: 1000))
    try expectEqual(sum, 500_500)
  },
  area("code that is compiled notices that a buffer has been released, or is another") { lua in
    try lua.execute(
      """
      local a, b, c = ...
      local function sum(b)
        local s = 0
        for i = 1, 200 do s = s + (b[i] or 1000) end
        return s
      end
      for round = 1, 100 do assert(sum(a) == 200 and sum(b) == 400 and sum(c) == 200 * 1000 - 100 * 997) end
      debug.getmetatable(a).__gc(a)
      assert(sum(a) == 200000 and sum(b) == 400)
      assert(not pcall(function() for i = 1, 200 do a[1] = 1 end end))
      """, LuaBuffer<Double>(repeating: 1, count: 200), LuaBuffer<Int16>(repeating: 2, count: 200),
      LuaBuffer<Float>(repeating: 3, count: 100))
  },
  area("an integer that is no Double is refused by an element that is one", requires: .integers) { lua in
    let buffer = try LuaBuffer<Double>(count: 1)
    for code in ["(1 << 53) + 1", "math.maxinteger"] {
      let error = try expectLuaError(.runtime) { try lua.execute("local b = ... b[1] = \(code)", buffer) }
      try expectContains(error.message, "expected Double")
    }
    try lua.execute("local b = ... b[1] = math.mininteger", buffer)
    try expectEqual(buffer[0], -0x1p63)
  },
  area("what is no index is nil, and cannot be written") { lua in
    let buffer = try LuaBuffer<Int32>([1, 2, 3])
    try lua.globals.set("b", to: buffer)
    for index in ["0", "4", "-1", "1.5", "2^53", "2^63", "2^64", "1e300", "-1e300", "0/0", "true", "{}", "'x'", "'1'"] {
      try expectEqual(try lua.eval("b[\(index)]") as LuaValue, .nil, index)
      let error = try expectLuaError(.runtime) { try lua.execute("b[\(index)] = 1") }
      try expectContains(error.message, "LuaBuffer<Int32>(3)")
    }
    let error = try expectLuaError(.runtime) { try lua.compile("b[4] = 1", name: "=writer")() }
    try expectContains(error.message, "writer:1:", "LuaBuffer<Int32>(3) has no element at number 4")
    try expectContains(try expectLuaError(.runtime) { try lua.execute("b.size = 1") }.message, "'size'")
    try expectLuaError(.runtime) { try lua.execute("b[nil] = 1") }
    try lua.execute("b[1.0] = 7; assert(b[3.0] == 3 and b[1] == 7)")
    try expectEqual(Array(buffer), [7, 2, 3])
  },
  area("length and text") { lua in
    try lua.execute(
      """
      local b, none = ...
      assert(#b == 100 and tostring(b) == 'LuaBuffer<Double>(100)' and type(b) == 'userdata')
      assert(#none == 0 and none[1] == nil and tostring(none) == 'LuaBuffer<UInt>(0)')
      assert(getmetatable(b) == false and not pcall(setmetatable, b, {}))
      """, LuaBuffer<Double>(count: 100), LuaBuffer<UInt>(count: 0))
    try expectEqual("\(try LuaBuffer<Double>(count: 100))", "LuaBuffer<Double>(100)")
  },
  area("a loop goes through all elements") { lua in
    try lua.execute(
      """
      local b, none = ...
      local function all(next, buffer, start)
        local t = {}
        for i, x in next, buffer, start do t[#t + 1] = i .. '=' .. x end
        return table.concat(t, ' ')
      end
      assert(all(b:iter()) == '1=5 2=6 3=7' and all(none:iter()) == '')
      if \(lua.engine.capabilities.contains(.pairsAndLengthMetamethods)) then
        assert(all(pairs(b)) == '1=5 2=6 3=7' and all(ipairs(b)) == '1=5 2=6 3=7')
        assert(all(pairs(none)) == '' and all(ipairs(none)) == '')
      end
      """, LuaBuffer<UInt8>([5, 6, 7]), LuaBuffer<UInt8>(count: 0))
  },
  area("a part can be filled") { lua in
    let buffer = try LuaBuffer<Int16>(count: 6)
    func filled(_ arguments: String) throws -> [Int16] {
      try lua.execute("local b = ... b:fill(0) b:fill(\(arguments))", buffer)
      return Array(buffer)
    }
    try expectEqual(filled("7"), [7, 7, 7, 7, 7, 7])
    try expectEqual(filled("7, 3"), [0, 0, 7, 7, 7, 7])
    try expectEqual(filled("7, 2, 3"), [0, 7, 7, 0, 0, 0])
    try expectEqual(filled("-7, -2"), [0, 0, 0, 0, -7, -7])
    try expectEqual(filled("7, 3, -3"), [0, 0, 7, 7, 0, 0])
    try expectEqual(filled("7, 0, 1"), [7, 0, 0, 0, 0, 0])
    try expectEqual(filled("7, -100, 100"), [7, 7, 7, 7, 7, 7])
    for nothing in ["7, 4, 3", "7, 7", "7, 1, 0", "7, 1, -7", "7, math.huge", "7, 1, -math.huge", "40000, 2, 1"] {
      try expectEqual(filled(nothing), [0, 0, 0, 0, 0, 0], nothing)
    }
    for wrong in ["40000", "'x'", "", "7, 1.5", "7, 0/0", "7, 'x'", "7, 1, {}"] {
      try expectLuaError(.runtime) { _ = try filled(wrong) }
    }
    let large = try LuaBuffer<Double>(count: 5001)
    try lua.execute("local b = ... b:fill(0.5, 2, -2)", large)
    try expectEqual(large.reduce(0, +), 2499.5)
    try expectEqual([large[0], large[1], large[4999], large[5000]], [0, 0.5, 0.5, 0])
  },
  area("a slice shares the memory") { lua in
    let buffer = try LuaBuffer<Int>(1...10)
    try lua.globals.set("b", to: buffer)
    let slice: LuaBuffer<Int> = try lua.eval("b:slice(3, 5)")
    try expectEqual(Array(slice), [3, 4, 5])
    slice[0] = 33
    try expectEqual(buffer[2], 33)
    try lua.execute("s = b:slice(-4) s[1] = 77 assert(#s == 4 and b[7] == 77 and s ~= b)")
    try expectEqual(buffer[6], 77)
    try lua.execute(
      """
      local inner = s:slice(2, -2)
      assert(#inner == 2 and inner[1] == 8 and inner[2] == 9 and inner[0] == nil and inner[3] == nil)
      assert(not pcall(function() inner[3] = 0 end))
      for _, none in ipairs{b:slice(11), b:slice(3, 2), b:slice(1, 0), b:slice(1, -11)} do
        assert(#none == 0 and none[1] == nil)
      end
      assert(#b:slice() == 10 and #b:slice(0) == 10 and #b:slice(-20, 20) == 10 and #b:slice(1, math.huge) == 10)
      assert(not pcall(b.slice, b, 1.5) and not pcall(b.slice, b, 'x') and not pcall(b.slice, 1))
      """)
    let part = try buffer.slice(1..<4)
    try expectEqual(Array(part), [2, 33, 4])
    try expect(part != buffer)
    try expectEqual(part, try lua.eval("...", part))
    try expectEqual(Array(try part.slice(3..<3)), [])
  },
  area("a slice that Swift has seen is the same value when it comes back") { lua in
    let same: LuaFunction = try lua.eval("function(a) return rawequal(a, s) end")
    try lua.execute("s = ...", LuaBuffer<UInt8>(count: 9).slice(2..<5))
    let slice: LuaBuffer<UInt8> = try lua.eval("s")
    try expectEqual(try same(slice), true)
    try lua.execute("s = s:slice(1, 2)")
    try expectEqual(try same(lua.eval("s") as LuaBuffer<UInt8>), true)
    try expectEqual(try same(slice), false)
  },
  area("a slice outlives what it is a part of") { lua in
    try lua.execute("s = (...):slice(2, 3) ; t = s:slice(2)", LuaBuffer<Int32>([1, 2, 3, 4]))
    try lua.collectGarbage()
    try expectEqual(try lua.eval("s[1] + s[2]") as Int, 5)
    let slice: LuaBuffer<Int32> = try lua.eval("t")
    try lua.execute("s, t = nil")
    try lua.collectGarbage()
    try expectEqual(Array(slice), [3])
  },
  area("elements are copied from buffers and lists") { lua in
    let buffer = try LuaBuffer<Int16>(count: 5)
    func copied(_ arguments: String) throws -> [Int16] {
      try lua.execute(
        "local b, bytes, numbers = ... b:fill(0) b:copy(\(arguments))", buffer, LuaBuffer<UInt8>([200, 100]),
        LuaBuffer<Double>([1, -2, 3.5]))
      return Array(buffer)
    }
    try expectEqual(copied("{1, 2, 3}"), [1, 2, 3, 0, 0])
    try expectEqual(copied("{1, 2}, 4"), [0, 0, 0, 1, 2])
    try expectEqual(copied("bytes, 2"), [0, 200, 100, 0, 0])
    try expectEqual(copied("numbers:slice(1, 2)"), [1, -2, 0, 0, 0])
    try expectEqual(copied("{}, 5"), [0, 0, 0, 0, 0])
    let error = try expectLuaError(.runtime) { _ = try copied("numbers") }
    try expectContains(error.message, "element 3 of LuaBuffer<Int16>", "3.5")
    try expectEqual(Array(buffer), [1, -2, 0, 0, 0])
    try expectContains(try expectLuaError(.runtime) { _ = try copied("{1, 'x'}") }.message, "element 2")
    for wrong in ["{1, 2, 3, 4, 5, 6}", "{1, 2}, 5", "bytes, 0", "bytes, 6", "bytes, 1.5", "1", "", "'x'", "{1}, {}"] {
      try expectLuaError(.runtime) { _ = try copied(wrong) }
    }
    try lua.execute("local b = ... b:copy{1, 2, 3, 4, 5} b:copy(b:slice(1, 3), 2)", buffer)
    try expectEqual(Array(buffer), [1, 1, 2, 3, 5])
    try lua.execute("local b = ... b:copy(b:slice(2, 5))", buffer)
    try expectEqual(Array(buffer), [1, 2, 3, 5, 5])
  },
  area("the same buffer is the same value") { lua in
    let buffer = try LuaBuffer<UInt8>(count: 3)
    try lua.globals.set("b", to: buffer)
    try expectEqual(try lua.eval("rawequal(b, ...)", buffer) as Bool, true)
    try expectEqual(try lua.eval("b == ...", LuaBuffer<UInt8>(count: 3)) as Bool, false)
    let back: LuaBuffer<UInt8> = try lua.globals["b"]
    try expectEqual(back, buffer)
    try expectEqual(try lua.eval("rawequal(b, ...)", back) as Bool, true)
    try expectEqual(Set([buffer, back, try LuaBuffer<UInt8>(count: 3)]).count, 2)
    try lua.execute("b = nil")
    try lua.collectGarbage()
    try expectEqual(try lua.eval("#(...)", buffer) as Int, 3)
  },
  area("a buffer is read as what it is") { lua in
    let buffer = try LuaBuffer<UInt8>([7])
    let value: LuaValue = try lua.eval("...", buffer)
    guard case .userdata(let userdata) = value else { return try expect(false, "got \(value)") }
    try expectEqual(userdata[1] as LuaValue, 7)
    try expectEqual(try value.as(LuaBuffer<UInt8>.self), buffer)
    try expectEqual(try value.as(Any.self) as? LuaBuffer<UInt8>, buffer)
    try expectEqual(try value.as(AnyHashable.self), AnyHashable(buffer))
    try expectEqual(try lua.eval("{...}", buffer) as [LuaBuffer<UInt8>], [buffer])
    try expectEqual(try lua.eval("{a = ...}", buffer) as [String: LuaBuffer<UInt8>?], ["a": buffer])
    try expectEqual(try lua.eval("nil") as LuaBuffer<UInt8>?, nil)
    let f = try lua.function { (b: LuaBuffer<UInt8>, any: Any) in b[0] = any is LuaBuffer<UInt8> ? 9 : 0 }
    try f(buffer, buffer)
    try expectEqual(buffer[0], 9)
    for type in [LuaBuffer<Int8>.self, LuaBuffer<Int>.self] as [any LuaConstructible.Type] {
      func read<T: LuaConstructible>(_ type: T.Type) throws { let _: T = try lua.eval("...", buffer) }
      let error = try expectLuaError(.conversion) { try read(type) }
      try expectContains(error.message, "expected \(type), got a LuaBuffer<UInt8>")
    }
    try expectContains(
      try expectLuaError(.conversion) { try f(1, 1) }.message, "#1: expected LuaBuffer<UInt8>, got number 1")
    try expectContains(
      try expectLuaError(.conversion) { let _: Int = try lua.eval("...", buffer) }.message, "LuaBuffer<UInt8>")
    try expectLuaError(.conversion) { let _: LuaBuffer<UInt8> = try lua.eval("print") }
    try expectLuaError(.conversion) { let _: LuaBuffer<UInt8> = try lua.eval("...", lua.wrap([1])) }
    try expectLuaError(.conversion) { _ = try LuaValue.integer(1).as(LuaBuffer<UInt8>.self) }
  },
  area("a buffer is a collection in Swift") { _ in
    let buffer = try LuaBuffer<Int>([3, 1, 2])
    var same = buffer
    same.sort()
    try expectEqual(Array(buffer), [1, 2, 3])
    same[1...].reverse()
    try expectEqual(Array(buffer), [1, 3, 2])
    try expectEqual(buffer.map { $0 * 2 }, [2, 6, 4])
    try expectEqual(Array(buffer.reversed()), [2, 3, 1])
    try expectEqual(buffer.withUnsafeBufferPointer { $0.count }, 3)
    try expectEqual(buffer.firstIndex(of: 2), 2)
    same.swapAt(0, 2)
    try expectEqual(buffer.first, 2)
    try expectEqual(Array(try LuaBuffer(repeating: Float(1.5), count: 2)), [1.5, 1.5])
    try expectEqual(Array(try LuaBuffer(stride(from: 0.0, to: 1, by: 0.25))), [0, 0.25, 0.5, 0.75])
    try expectEqual(try LuaBuffer<UInt8>([]).isEmpty, true)
  },
  area("a size that cannot be throws") { _ in
    func expectRefused<Element: LuaBufferElement>(_ type: Element.Type, _ counts: [Int]) throws {
      for count in counts {
        let error = try expectLuaError(.memory) { _ = try LuaBuffer<Element>(count: count) }
        try expectContains(error.message, "LuaBuffer<\(type)>", "\(count)")
      }
    }
    try expectRefused(UInt8.self, [.max, .max - 16, .max - 100, -1, .min])
    try expectRefused(Double.self, [.max, .max / 8, .max / 8 - 8, 1 << 61, 1 << 60, -1, .min])
    try expectLuaError(.memory) { _ = try LuaBuffer(repeating: Int16(1), count: .max) }
  },
]
