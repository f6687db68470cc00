import Loba

extension Case {
  private static func loop<Element>(_ lua: LuaRuntime, _ source: String, over buffer: LuaBuffer<Element>) throws -> Body
  {
    let loop: LuaFunction = try lua.eval(source)
    return { times in
      let result: Int = try loop(buffer, times)
      return Int64(result)
    }
  }

  static let buffers = [
    Case("buffer_get", units: arrayCount) { lua in
      try loop(
        lua, "function(b, n) local s = 0 for _ = 1, n do for i = 1, 100000 do s = s + b[i] end end return s end",
        over: LuaBuffer((0..<arrayCount).map { Double($0 % 8) }))
    },
    Case("buffer_set", units: arrayCount) { lua in
      try loop(
        lua, "function(b, n) for k = 1, n do for i = 1, 100000 do b[i] = k end end return b[100000] end",
        over: LuaBuffer<Double>(count: arrayCount))
    },
    Case("buffer_bytes", units: arrayCount) { lua in
      try loop(
        lua, "function(b, n) for k = 1, n do for i = 1, 100000 do b[i] = 255 - b[i] end end return b[100000] end",
        over: LuaBuffer<UInt8>(count: arrayCount))
    },
  ]
}
