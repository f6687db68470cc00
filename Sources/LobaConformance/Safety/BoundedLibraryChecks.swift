internal import LobaCore

// Bounded library functions do what the library's own do: scripts of random calls, run in two runtimes, give the same texts.

/// What both scripts begin with: `...` are the seed and the number of calls; `record` is told what came of each.
private let prelude = """
  local seed, count = ...
  local unpack = table.unpack or unpack
  local lines = {}
  local function random(n) seed = seed * 16807 % 2147483647 return seed % n + 1 end
  local function pick(t) return t[random(#t)] end
  local function text(v)
    v = tostring(v):gsub('%w*: [%w#]+', 'address')
    return #v > 300 and v:sub(1, 300) .. #v or v
  end
  local function texts(...)
    local t = {}
    for i = 1, select('#', ...) do t[i] = text((select(i, ...))) end
    return table.concat(t, ' | ')
  end
  local function record(...) lines[#lines + 1] = texts(...) end
  local function try(f, ...)
    local t = {...}
    local n = select('#', ...)
    record(texts(...), '->', texts(pcall(f, unpack(t, 1, n))))
  end

  """

private let patternScript =
  prelude + """
    local few = {'a', 'b', 'a', 'c'}
    local characters = {'a', 'b', 'x', '1', ' ', '.', '-', '%', '(', ')', '[', ']', '^', '$', '_', '\\0', '\\255', 'A', '\\n'}
    local classes = {}
    for c in ('adlsuwpcxzgADLSUWPCXZG.%-]q'):gmatch('.') do classes[#classes + 1] = '%' .. c end
    local function subject()
      local t, from = {}, random(3) > 1 and few or characters
      for i = 1, random(30) == 1 and random(300) or random(20) - 1 do t[i] = pick(from) end
      return table.concat(t) .. (random(10) == 1 and '(a(b)c)' or '')
    end
    local function set()
      local s = '[' .. (random(4) == 1 and '^' or '') .. (random(8) == 1 and ']' or '')
      for _ = 1, random(4) do s = s .. pick{pick(characters), pick(classes), 'a-c', '0-9', 'a-', '-', 'z-a', '%a-z'} end
      return s .. (random(15) > 1 and ']' or '')
    end
    local items = {
      function() return pick(few) end, function() return pick(few) end, function() return '.' end,
      function() return pick(classes) end, set, function() return '()' end,
      function() return '%b' .. pick{'()', 'ab', 'aa', 'a', '', '[]'} end,
      function() return '%f' .. pick{set(), '[%w]', '[^%w]', 'a', '[%z]'} end,
      function() return '%' .. random(4) end, function() return pick{'^', '$', '%0', '%'} end,
      function() return pick(characters) end,
    }
    local function pattern()
      local p, open = random(5) == 1 and '^' or '', 0
      for _ = 1, random(6) do
        if random(6) == 1 then p, open = p .. '(', open + 1 end
        p = p .. pick(items)()
        if random(2) == 1 then p = p .. pick{'*', '+', '-', '?'} end
        if open > 0 and random(3) == 1 then p, open = p .. ')', open - 1 end
      end
      if random(12) > 1 then p = p .. (')'):rep(open) end
      return (p .. (random(8) == 1 and '$' or '')):rep(random(60) == 1 and random(60) or 1)
    end
    local function replacement()
      local kind = random(10)
      if kind < 6 then
        local s = ''
        for _ = 1, random(4) - 1 do s = s .. pick{'x', '%0', '%1', '%2', '%%', '%', '%a', 'abc', '\\0', '%9'} end
        return s
      end
      return ({
        function(...) return texts(...) end, function(a) return #text(a) % 2 == 0 and 1.5 end,
        {a = 'A', b = 1, ab = false, [''] = 'E', [1] = 'one'}, 42, pick{true, function() return {} end},
      })[kind - 5]
    end
    local function index() return random(2) == 1 and pick{1, 2, 0, -1, -3, 5, 100, -100, 2 ^ 40, '2', 30} or nil end
    for _ = 1, count do
      local s, p, kind = subject(), pattern(), random(7)
      -- How long it takes grows with each repetition that can end anywhere, in the library's own matcher too.
      local _, repetitions = p:gsub('[*+?-]', '')
      if repetitions > 3 then s = s:sub(1, repetitions > 6 and 5 or 20) end
      if kind <= 2 then try(string.find, s, p, index(), random(10) == 1)
      elseif kind <= 4 then try(string.match, s, p, index())
      elseif kind == 5 then
        try(function(init)
          local t = {}
          for a, b in string.gmatch(s, p, init) do
            t[#t + 1] = texts(a, b)
            if #t > 40 then break end
          end
          return s, p, table.concat(t, ';')
        end, random(3) == 1 and index() or nil)
      else try(string.gsub, s, p, replacement(), random(4) == 1 and pick{0, 1, 2, -1, 3, 100, '2'} or nil) end
    end
    return table.concat(lines, '\\n')
    """

private let libraryScript =
  prelude + """
    local log
    local function observed(t)
      return setmetatable({}, {
        __index = function(_, k) log = log .. 'get ' .. k return t[k] end,
        __newindex = function(_, k, v) log = log .. 'set ' .. k t[k] = v end,
        __len = function() log = log .. '#' return #t end,
      })
    end
    local function array(n, most)
      local t = {}
      for i = 1, n do t[i] = most and random(most) or pick{random(1000), 'k' .. random(9)} end
      return t
    end
    local function position() return pick{1, 2, 3, 0, 5, 7, 12, '2', 'x', 1.5, -1, -5} end
    local function format()
      local f, t = '', {}
      for i = 1, pick{1, 2, 3, 70} do
        f = f .. pick{'%d', '%5d', '%s', '%-7s', '%.2f', '%q', '%x', '%c', '%%', '%g', '%10.3s'} .. pick{'', ',', ' text '}
        t[i] = pick{1, 2, 65, 'x', '3', 1.5, 100, 'text'}
      end
      if random(20) == 1 then f = f .. pick{'%y', '%', '%123d', '%.'} end
      if random(4) == 1 then
        t[random(#t)] = pick{{}, false, print, setmetatable({}, {__tostring = function() return 'object' end})}
      end
      if random(9) == 1 then t[#t] = nil end
      return f, unpack(t)
    end
    local orders = {
      function(a, b) return a > b end, function(a, b) return a % 3 < b % 3 end, function(a, b) return a <= b end,
      function() return true end, function() return random(2) == 1 end, false, 7, rawequal,
    }
    local calls = {
      function(t, p) return table.concat, p, pick{',', '', '--', 7, false}, random(3) == 1 and pick{1, 2, 0, -2} or nil, random(3) == 1 and pick{0, 3, 9, '2'} or nil end,
      function(t, p) return table.insert, p, position(), 'new' end,
      function(t, p) return table.insert, p, 'new' end,
      function(t, p) return table.remove, p, position() end,
      function(t, p) return table.remove, p end,
      function(t, p)
        if not table.move then return type, 1 end
        return table.move, p, pick{1, 2, -3}, pick{0, 2, 5, 700}, pick{1, 2, 3, 400, -2}, random(2) == 1 and {} or nil
      end,
      function() return string.rep, pick{'', 'a', 'ab', 12}, pick{0, 1, 2, -1, '3', 600, 1.5}, pick{',', '', false} or nil end,
      function() return string.format, format() end,
      function()
        local body = pick{'', '--x\\n', ('-- comment\\n'):rep(300)}
          .. pick{'return 1, 2, ...', 'x = = 1', 'return [[\\n]], 7', '', '\\27Lua', '#!x\\nreturn 1'}
        if random(2) == 1 then return loadstring or load, body, pick{'=n', '@f.lua', 'chunk'} end
        local at, step = 1, random(500)
        return load, function()
          local s = body:sub(at, at + step - 1)
          at = at + step
          return s ~= '' and s or nil
        end
      end,
      function() return tostring, pick{1, 'x', {}, setmetatable({}, {__tostring = function() return 'T' end})} end,
      function() return os.date, pick{'!%Y', '!%H', '!*t', '', 'x'}, pick{0, 86400, 1e9} end,
    }
    for _ = 1, count do
      log = ''
      local t = array(random(12) - 1)
      if random(9) == 1 then t[random(9)] = pick{{}, false} end
      if random(4) > 1 then
        try(pick(calls)(t, random(4) == 1 and observed(t) or t))
      else
        local n = pick{3, 10, 30, 200}
        t = array(n, pick{3, 1000})
        if random(12) == 1 then t[random(n)] = pick{'x', {}, false} end
        local order = random(3) > 1 and pick(orders)
        try(table.sort, random(5) == 1 and observed(t) or t, order or nil)
      end
      record(unpack(t))
      record(log)
    end
    return table.concat(lines, '\\n')
    """

private let numeralScript =
  prelude + """
    local spaces = (' '):rep(100)
    local function numeral()
      return pick{random(300) - 20, random(255), 1.5, random(100) .. '', spaces .. random(200), spaces .. '0x1p4' .. spaces,
        ('0'):rep(70) .. random(200), spaces .. '1e2', spaces .. '99.5', spaces .. 'x', spaces .. '1\\0', 'x', true, {}, 2 ^ 53}
    end
    -- Of long numerals these give the number, which from 5.3 on the library does not.
    local function short()
      local n
      repeat n = numeral() until math.type == nil or type(n) ~= 'string' or #n < 60
      return n
    end
    local function many(make)
      local t = {}
      for i = 1, random(5) do t[i] = make() end
      return unpack(t)
    end
    local formats = {'b', 'B', 'h', '<i4', '>I2', 'j', 'n', 'd', 'f', 's1', 'z', 'c200', 'x', 'Xj', ' ', '!4', 'i20', 'T', 'y'}
    local function format()
      local f = ''
      for _ = 1, random(4) do f = f .. pick(formats) end
      return f
    end
    local calls = {
      function() try(string.char, many(numeral)) end,
      function() try(math.max, many(short)) try(math.min, many(short)) end,
      function() if utf8 then try(utf8.char, many(numeral)) end end,
      function() if string.pack then try(string.pack, pick{format(), format(), numeral()}, many(numeral)) end end,
      function()
        if bit32 then try(pick{bit32.band, bit32.bor, bit32.bxor, bit32.btest}, many(numeral)) end
      end,
      function()
        if not table.maxn then return end
        local t = {}
        for i = 1, random(6) do t[pick{i, -i, i + 0.5, random(1000), 'x' .. i}] = true end
        try(table.maxn, pick{t, t, numeral()})
      end,
    }
    for _ = 1, count do pick(calls)() record('-') end
    return table.concat(lines, '\\n')
    """

/// Runs a script with the library's own functions and with those that count.
private func compare(_ script: String, on engine: any LuaEngine, count: Int) throws {
  let runtimes = try [false, true].map { isBounded in
    var configuration = LuaConfiguration.standard
    configuration.boundsLibraries = isBounded
    return try LuaRuntime(engine: engine, configuration: configuration)
  }
  defer { for lua in runtimes { lua.close() } }
  for seed in 1...3 {
    let results = try zip(runtimes, [LuaLimits.none, LuaLimits(instructions: .max / 2)]).map {
      lua, limits -> [LuaString] in
      let text: LuaString = try lua.withLimits(limits) { try lua.execute(script, seed, count / 3, name: "=script") }
      return text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
        LuaString(bytes: Array($0))
      }
    }
    for (own, bounded) in zip(results[0], results[1]) where own != bounded {
      throw ConformanceFailure(message: "expected \(own), got \(bounded)", file: #fileID, line: #line)
    }
    try expectEqual(results[0].count, results[1].count)
    try expect(results[0].count >= count / 3)
  }
}

let boundedLibraryChecks: [ConformanceCheck] = [
  ConformanceCheck("bounded", "patterns match as the library's own") { engine in
    try compare(patternScript, on: engine, count: isFullSweep ? 30_000 : 3_000)
  },
  ConformanceCheck("bounded", "other functions do what the library's own do") { engine in
    try compare(libraryScript, on: engine, count: isFullSweep ? 30_000 : 1_500)
  },
  ConformanceCheck("bounded", "functions of numbers do what the library's own do") { engine in
    try compare(numeralScript, on: engine, count: isFullSweep ? 30_000 : 1_500)
  },
  ConformanceCheck("bounded", "steps are counted over many short calls, also where errors are caught") { engine in
    let lua = try boundedRuntime(engine)
    defer { lua.close() }
    for script in [
      "while true do ('key = value'):match('(%w+) = (%w+)') end",
      "pcall(string.find, ('a'):rep(3000), ('.-'):rep(4) .. 'b')",
    ] {
      let error = try expectLuaError(.limit) {
        try lua.withLimits(LuaLimits(instructions: 100_000)) { try lua.execute(script) }
      }
      try expect(error.limit == .instructions)
    }
    try expectEqual(lua.eval("('key = value'):match('(%w+) = (%w+)')"), "key")
  },
  ConformanceCheck("bounded", "what a runtime without files may load stays what it is, whatever others have") {
    engine in
    var configuration = LuaConfiguration(libraries: LuaLibraries.all.subtracting([.io, .package]))
    configuration.boundsLibraries = true
    for libraries in [LuaLibraries.all, configuration.libraries, .all] {
      configuration.libraries = libraries
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      defer { lua.close() }
      for size in [0, 3000] {
        let isLoaded: Bool = try lua.execute(
          """
          local dump = string.dump((loadstring or load)('local x = "' .. ('x'):rep(...) .. '" return 1'))
          local pieces = {dump}
          return (loadstring or load)(dump) ~= nil or load(function() return table.remove(pieces, 1) end) ~= nil
          """, size)
        try expectEqual(isLoaded, libraries.contains(.io))
      }
    }
  },
  ConformanceCheck("bounded", "scripts cannot change what the functions trust") { engine in
    let lua = try boundedRuntime(engine)
    defer { lua.close() }
    try lua.execute(
      """
      local functions = {string.gmatch('a', 'a'), tostring, load, loadstring, print}
      for _, library in pairs{string, table, os, {math.max, math.min}, utf8 or {}, bit32 or {}} do for _, f in pairs(library) do functions[#functions + 1] = f end end
      for _, f in pairs(functions) do
        for n = 1, 4 do
          if type(f) == 'function' and debug.setupvalue(f, n, 7) then error('an upvalue has been set') end
        end
      end
      """)
    try expectUsable(lua)
  },
]
