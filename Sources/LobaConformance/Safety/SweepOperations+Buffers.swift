internal import LobaCore

let bufferOperations: [Sweep.Operation] = [
  .direct("buffer, given to Lua for the first time, and again") { lua in
    let buffer = try LuaBuffer<Int16>([1, 2, 3])
    try lua.globals.set("buffer", to: buffer)
    try lua.globals.set("again", to: buffer)
    try expectEqual(try lua.eval("rawequal(buffer, again) and buffer[3]") as Int, 3)
  },
  Sweep.Operation("buffer, given again and read") { lua, _ in
    let buffer = try LuaBuffer<Double>([1, 2, 3])
    let f: LuaFunction = try lua.eval("function(b) b[1] = b[1] + 1 return b end")
    return {
      buffer[0] = 1
      let back: LuaBuffer<Double> = try f(buffer)
      try expectEqual(back, buffer)
      try expectEqual(buffer[0], 2)
    }
  },
  Sweep.Operation("buffer, sliced, filled and copied in Lua") { lua, _ in
    let buffer = try LuaBuffer<UInt8>(count: 10)
    let f: LuaFunction = try lua.eval(
      """
      function(b)
        local s = b:slice(3, -3)
        s:fill(7)
        s:slice(1, 2):copy{1, 2}
        local sum = 0
        for i, x in b:iter() do sum = sum + x end
        return sum, tostring(s) .. tostring(b), s
      end
      """)
    return {
      let (sum, text, slice): (Int, String, LuaBuffer<UInt8>) = try f(buffer)
      try expectEqual(sum, 31)
      try expectEqual(text, "LuaBuffer<UInt8>(6)LuaBuffer<UInt8>(10)")
      try expectEqual(slice.count, 6)
    }
  },
  Sweep.Operation("buffer, what it refuses") { lua, _ in
    let buffer = try LuaBuffer<UInt8>(count: 10)
    let f: LuaFunction = try lua.eval("function(b, i, x) b[i] = x end")
    return {
      try expectThrown(.runtime, "element 1 of LuaBuffer<UInt8>") { try f(buffer, 1, 256) }
      try expectThrown(.runtime, "no element at number 11") { try f(buffer, 11, 1) }
    }
  },
]
