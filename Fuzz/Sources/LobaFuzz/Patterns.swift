import Loba

/// The functions for patterns that count their steps do what the engine's own do.
func fuzzPatterns(_ engine: any LuaEngine, _ input: inout FuzzInput) throws {
  var configuration = LuaConfiguration()
  configuration.limits = LuaLimits.none
  let bounded = try LuaRuntime(engine: engine, configuration: configuration)
  defer { bounded.close() }
  let own = try LuaRuntime(engine: engine)
  defer { own.close() }
  let kind = Int(input.byte() % 5)
  let index = Int(Int8(bitPattern: input.byte()))
  let pattern = LuaString(bytes: input.bytes(Int(input.byte() % 64)))
  let replacement = LuaString(bytes: input.bytes(Int(input.byte() % 16)))
  let subject = LuaString(bytes: input.remaining())
  func run(_ lua: LuaRuntime) throws -> LuaString {
    let f: LuaFunction = try lua.execute(script)
    return try f(kind, index, subject, pattern, replacement)
  }
  let found: LuaString
  do {
    found = try bounded.withLimits(LuaLimits(instructions: 200_000)) { try run(bounded) }
  } catch let error as LuaError where error.kind == .limit {
    return  // The engine's own would not end at all.
  }
  let expected = try run(own)
  try expect(found == expected, "expected \(expected), got \(found): \(subject), \(pattern)")
}

private let script = """
  local function texts(...)
    local t = {}
    for i = 1, select('#', ...) do t[i] = tostring((select(i, ...))) end
    return table.concat(t, ' | ')
  end
  return function(kind, index, s, p, r)
    if kind == 0 then return texts(pcall(string.find, s, p, index)) end
    if kind == 1 then return texts(pcall(string.match, s, p, index)) end
    if kind == 2 then return texts(pcall(string.gsub, s, p, r, index >= 0 and index or nil)) end
    if kind == 3 then return texts(pcall(string.gsub, s, p, function(...) return (texts(...)) end)) end
    local all = {}
    local ok, e = pcall(function()
      for a, b in string.gmatch(s, p) do
        all[#all + 1] = texts(a, b)
        if #all > 200 then break end
      end
    end)
    return texts(ok, e, table.concat(all, ';'))
  end
  """
