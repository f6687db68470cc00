internal import Foundation
internal import LobaCore

// That memory which several have in common is there as long as anybody has it, whatever a script does.

private let area = Area("buffers")

let bufferSafetyChecks: [ConformanceCheck] = [
  area.engine("a buffer outlives its runtimes, and is used by several") { engine in
    let buffer = try LuaBuffer<Int>([1, 2, 3])
    for _ in 1...3 {
      let first = try LuaRuntime.forCheck(engine), second = try LuaRuntime.forCheck(engine)
      try first.globals.set("b", to: buffer)
      try second.globals.set("b", to: buffer)
      try first.execute("b[1] = b[1] + 1")
      try second.execute("b[1] = b[1] * 10 s = b:slice(2)")
      let slice: LuaBuffer<Int> = try second.eval("s")
      first.close()
      try second.execute("s[1] = b[1]")
      second.close()
      try expectEqual(slice[0], buffer[0])
      try expectEqual(slice[0], buffer[1])
      try expectEqual(Array(slice.dropFirst()), [3])
    }
    try expectEqual(Array(buffer), [2110, 2110, 3])
  },
  area("a buffer that Swift has let go of is there for Lua") { lua in
    try lua.globals.set("b", to: LuaBuffer<Float>([1, 2.5]))
    try lua.collectGarbage()
    try lua.execute("for i = 1, 100 do local garbage = b:slice(1) end b[1] = b[2] * 2")
    try expectEqual(Array(try lua.globals["b"] as LuaBuffer<Float>), [5, 2.5])
  },
  area("a runtime that is closed takes no buffer and gives none") { lua in
    let buffer = try LuaBuffer<Int>([1])
    let value: LuaValue = try lua.eval("...", buffer)
    lua.close()
    try expectLuaError(.closed) { try lua.globals.set("b", to: buffer) }
    do { _ = try value.as(LuaBuffer<Int>.self) } catch is LuaError { return }
    try expect(false, "a closed runtime has given a buffer")
  },
  area("finalizers use buffers while the runtime closes") { lua in
    let buffer = try LuaBuffer<Int>(count: 4)
    try lua.execute(
      """
      local b = ...
      local function gc() b[1] = b[1] + 1; b:fill(5, 2, 2); b[3] = #b; b[4] = select(2, pcall(b.slice, b)) and 1 or 0 end
      if newproxy then getmetatable(newproxy(true)).__gc = gc else setmetatable({}, {__gc = gc}) end
      if newproxy then keep = newproxy(true); getmetatable(keep).__gc = gc else keep = setmetatable({}, {__gc = gc}) end
      """, buffer)
    lua.close()
    try expect(buffer[0] <= 2)  // what is finalized before them finds them released, in whatever order
  },
  area("a buffer that a script has released by hand has no elements") { lua in
    let buffer = try LuaBuffer<Int>([1, 2, 3])
    try lua.execute(
      """
      local b = ...
      local m, slice, iter, fill, copy = debug.getmetatable(b), b.slice, b.iter, b.fill, b.copy
      local part = b:slice(2)
      for i = 1, 3 do m.__gc(b) end
      assert(#b == 0 and b[1] == nil and not pcall(function() b[1] = 2 end) and tostring(b):find('released'))
      assert(type(b.fill) == 'function')
      for _, f in ipairs{slice, iter, fill, copy} do assert(not pcall(f, b, 1)) end
      assert(not pcall(copy, part, b))
      assert(part[1] == 2 and #part == 2)
      m.__gc(part)
      assert(#part == 0)
      """, buffer)
    try expectEqual(Array(buffer), [1, 2, 3])
    try expectEqual(try lua.eval("(...)[2]", buffer) as Int, 2)
  },
  area("the functions of buffers can be called with anything") { lua in
    try lua.globals.set("object", to: lua.wrap([1, 2]))
    try lua.execute(
      """
      local b, f = ...
      local m = debug.getmetatable(b)
      local functions = {b.fill, b.copy, b.slice, b.iter, (b:iter())}
      for name, f in pairs(m) do if type(f) == 'function' and name ~= '__gc' then functions[#functions + 1] = f end end
      local values = {b, 1, -1, 0, 2^53, 1.5, 'x', '1', true, false, {}, print, f, object, io.stdout, coroutine.create(function() end)}
      if newproxy then values[#values + 1] = newproxy(true) end
      for _, f in ipairs(functions) do
        pcall(f)
        for _, v in pairs(values) do
          pcall(f, v)
          for _, w in pairs(values) do
            pcall(f, v, w)
            pcall(f, v, w, v)
            pcall(f, v, w, 1, w, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v)
          end
        end
      end
      for _, v in pairs(values) do if v ~= b then pcall(m.__gc, v) end end
      pcall(m.__gc)
      assert(#b == 3 and tostring(object) ~= nil)
      """, LuaBuffer<Int32>([1, 2, 3]), lua.function { 1 })
  },
  area("the upvalues of buffers' functions cannot be exchanged") { lua in
    try lua.execute(
      """
      local b = ...
      local m = debug.getmetatable(b)
      local functions = {m.__len, b.iter, b.slice}
      -- Those of LuaJIT are Lua functions, where scripts have the ffi library anyway.
      if not jit then functions[4], functions[5] = m.__index, m.__newindex end
      for _, f in ipairs(functions) do
        for n = 1, 3 do
          for _, v in ipairs{1, 's', {}, print} do pcall(debug.setupvalue, f, n, v) end
          pcall(debug.setupvalue, f, n, nil)
          assert(debug.getupvalue(f, n) == nil, 'an upvalue of Loba shows')
        end
      end
      assert(b[1] == 1 and #b:slice(2) == 2 and b.x == nil)
      """, LuaBuffer<Int>([1, 2, 3]))
  },
  area("metatables that a script exchanges make nothing a buffer that is none") { lua in
    try lua.execute(
      """
      local b, object = ...
      local m = debug.getmetatable(b)
      local file = io.tmpfile()
      local other = debug.getmetatable(object)
      for _, v in ipairs{object, file, newproxy and newproxy(true) or object} do
        local own = debug.getmetatable(v)
        debug.setmetatable(v, m)
        assert(v[1] == nil and #v == 0 and not pcall(function() v[1] = 1 end) and not pcall(v.fill, v, 1))
        debug.setmetatable(v, own)
      end
      debug.setmetatable(b, other)
      pcall(function() return b.x, b[1], #b end)
      pcall(function() b.x = 1 end)
      debug.setmetatable(b, nil)
      b = nil
      """, LuaBuffer<Int>([1]), lua.wrap([1]))
    try lua.collectGarbage()
  },
  area("what is released without a finalizer is released when the runtime closes") { lua in
    // AddressSanitizer tells.
    for _ in 0..<10 {
      try lua.execute(
        """
        local b = ...
        local m = debug.getmetatable(b)
        local part = b:slice(1)
        debug.setmetatable(part, nil)
        m.__gc = nil
        """, LuaBuffer<Int>([1]))
    }
    try lua.collectGarbage()
  },
  area("many slices leave no memory behind") { lua in
    let buffer = try LuaBuffer<UInt8>(count: 1000)
    let make: LuaFunction = try lua.eval("function(b) for i = 1, 1000 do b:slice(i)[1] = i % 256 end end")
    func makeAndCollect() throws {
      try make(buffer)
      // A cycle finalizes them, and the next one frees them.
      for _ in 0..<2 { try lua.collectGarbage() }
    }
    for _ in 0..<3 { try makeAndCollect() }
    let before = lua.memoryUsed
    try expectFlatMemory(rounds: 50) { _ in try makeAndCollect() }
    try expect(lua.memoryUsed < before + (64 << 10), "\(before) bytes have become \(lua.memoryUsed)")
  },
]

let bufferThreadChecks: [ConformanceCheck] = [
  ConformanceCheck("threads", "runtimes on several threads share a buffer") { engine in
    // Each has elements of its own: two that write the same one would be a race, as in C.
    let threads = 4, count = 1000
    nonisolated(unsafe) let shared = try LuaBuffer<Int>(count: threads * count)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for _ in 0..<rounds(50) {
        guard let lua = try? LuaRuntime(engine: engine) else { return }
        _ = try? lua.execute(
          "local b, first, last = ... local s = b:slice(first, last) for i = 1, #s do s[i] = s[i] + i; b:slice(i) end",
          shared, thread * count + 1, (thread + 1) * count)
      }
    }
    let sum = rounds(50) * threads * count * (count + 1) / 2
    try expectEqual(shared.reduce(0, +), sum)
  },
  ConformanceCheck("threads", "the last of a buffer is let go of by any thread") { engine in
    for _ in 0..<rounds(200) {
      nonisolated(unsafe) var buffer: LuaBuffer<Int>? = try LuaBuffer<Int>(count: 100)
      let lua = try LuaRuntime(engine: engine)
      try lua.execute("b = (...):slice(2, 3)", buffer!)
      nonisolated(unsafe) let slice: LuaBuffer<Int> = try lua.eval("b")
      onAnotherThread {
        _ = slice[1]
        buffer = nil
      }
      lua.close()
      try expectEqual(slice.count, 2)
    }
  },
]
