/// Writes a Lua program, by a grammar, of what all engines agree on: the input chooses.
///
/// Its operations are applied to what they are for, since messages differ; numbers stay small, since some engines have
/// integers; tables are lists or have keys that the program knows, since the order of others differs.
struct ProgramWriter {
  private var input: FuzzInput
  private var depth = 0
  private var count = 0
  /// The variables in sight.
  private var names = ["a", "b"]
  /// Those of them that a loop counts with: they stay numbers.
  private var counters: Set<String> = []
  private var isInFunction = false
  private var isInLoop = false

  init(_ input: FuzzInput) {
    self.input = input
  }

  static func program(_ input: FuzzInput) -> String {
    var writer = ProgramWriter(input)
    return prelude + writer.block() + "\nreturn concat(out, ',')"
  }

  private mutating func pick(_ count: Int) -> Int { Int(input.byte()) % count }
  private mutating func variable() -> String { names[pick(names.count)] }

  /// One that can be given another value: the first two can.
  private mutating func target() -> String {
    let name = variable()
    return counters.contains(name) ? names[0] : name
  }

  private mutating func newCounter() -> String {
    let name = newName()
    counters.insert(name)
    return name
  }

  private mutating func newName() -> String {
    count += 1
    return "v\(count)"
  }

  /// A body with variables of its own.
  private mutating func nested(_ given: [String] = [], _ body: (inout ProgramWriter) -> String) -> String {
    let before = names
    names += given
    depth += 1
    defer { (names, depth) = (before, depth - 1) }
    return body(&self)
  }

  private mutating func block(_ given: [String] = []) -> String {
    nested(given) { writer in
      (0...writer.pick(4)).map { _ in writer.statement() }.joined(separator: "\n")
    }
  }

  private mutating func function(_ parameters: [String], variadic: Bool = false) -> String {
    let (inFunction, inLoop) = (isInFunction, isInLoop)
    (isInFunction, isInLoop) = (true, false)
    defer { (isInFunction, isInLoop) = (inFunction, inLoop) }
    let body = nested(parameters) { writer in
      let given = variadic ? "local extra = select('#', ...) + num((...))\n" : ""
      return "tick()\n" + given + writer.block(variadic ? ["extra"] : []) + "\nreturn " + writer.expression()
    }
    return "function(\((parameters + (variadic ? ["..."] : [])).joined(separator: ", ")))\n\(body)\nend"
  }

  private mutating func loop(_ head: String, _ tail: String, _ given: [String] = []) -> String {
    let before = isInLoop
    isInLoop = true
    defer { isInLoop = before }
    return "\(head)\ntick()\n\(block(given))\n\(tail)"
  }

  private mutating func statement() -> String {
    switch pick(depth < 4 ? 18 : 6) {
    case 0, 1:
      let (value, name) = (expression(), newName())
      names.append(name)
      return "local \(name) = \(value)"
    case 2: return "\(target()) = \(expression())"
    case 3: return "\(target()), \(target()) = \(expression()), \(expression())"
    case 4: return "show(\(expression()))"
    case 5: return "do local t = list(\(variable())) t[#t + 1] = num(\(expression())) show(#t) end"
    case 6:
      let (first, second) = (expression(), comparison())
      return "if truth(\(first)) then\n\(block())\nelseif \(second) then\n\(block())\nelse\n\(block())\nend"
    case 7:
      let name = newCounter()
      return loop("for \(name) = \(pick(9) - 4), \(pick(12) - 2), \(pick(3) + 1) do", "end", [name])
    case 8:
      let (i, v) = (newName(), newName())
      return loop("for \(i), \(v) in ipairs(list(\(variable()))) do", "end", [i, v])
    case 9:
      let name = newCounter()
      let head = "while \(name) < \(pick(6)) do \(name) = \(name) + 1"
      return "do local \(name) = 0\n" + loop(head, "end", [name]) + "\nend"
    case 10:
      let name = newCounter()
      return "do local \(name) = 0\n"
        + loop("repeat \(name) = \(name) + 1", "until \(name) > \(pick(5)) or truth(\(variable()))") + "\nend"
    case 11:
      let name = newName()
      let body = function([newName(), newName()], variadic: pick(3) == 0)
      names.append(name)
      return "local \(name) = \(body)"
    case 12:
      let caught = newName()
      return "do local ok, \(caught) = pcall(\(function([newName()])), \(expression())) show(ok) show(\(caught)) end"
    case 13: return "if truth(\(expression())) then error(text(\(expression())), 0) end"
    case 14: return coroutine()
    case 15: return "table.sort(list(\(variable())), function(x, y) return num(x) < num(y) end)"
    case 16: return isInLoop ? "if \(comparison()) then break end" : "show(\(comparison()))"
    default: return isInFunction ? "if \(comparison()) then return \(expression()) end" : "show(\(expression()))"
    }
  }

  private mutating func coroutine() -> String {
    let (name, value) = (newName(), newName())
    let body = function([value])
    return """
      do local \(name) = coroutine.wrap(function(x) for i = 1, \(pick(4) + 1) do tick() x = coroutine.yield(num(x) + i) end \
      return (\(body))(x) end)
      for i = 1, 3 do local ok, x = pcall(\(name), i) show(ok) if ok then show(x) end end end
      """
  }

  private mutating func comparison() -> String {
    let (a, b) = (expression(), expression())
    switch pick(6) {
    case 0: return "num(\(a)) < num(\(b))"
    case 1: return "num(\(a)) <= num(\(b))"
    case 2: return "text(\(a)) < text(\(b))"
    case 3: return "text(\(a)) == text(\(b))"
    case 4: return "num(\(a)) ~= num(\(b))"
    default: return "not truth(\(a))"
    }
  }

  private mutating func expression() -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth < 8 else { return variable() }
    switch pick(26) {
    case 0: return "\(pick(100))"
    case 1: return "-\(pick(50)).5"
    case 2: return "'\(["", "a", "lua", "x y", "0", "12"][pick(6)])'"
    case 3: return ["nil", "true", "false"][pick(3)]
    case 4, 5, 6: return variable()
    case 7: return "num(\(expression())) + num(\(expression()))"
    case 8: return "num(\(expression())) - num(\(expression()))"
    case 9: return "num(\(expression())) * num(\(expression()))"
    case 10: return "num(\(expression())) / \(pick(8) + 1)"
    case 11: return "num(\(expression())) % \(pick(8) + 1)"
    case 12: return "-num(\(expression()))"
    case 13: return "text(\(expression())) .. text(\(expression()))"
    case 14: return "(truth(\(expression())) and \(expression()))"
    case 15: return "(\(expression()) or \(expression()))"
    case 16: return "{\(expression()), \(expression()), k = \(expression())}"
    case 17: return "field(\(expression()), \(pick(3) + 1))"
    case 18: return "field(\(expression()), 'k')"
    case 19: return "call(\(variable()), \(expression()), \(expression()))"
    case 20: return "text(\(expression())):sub(\(pick(7) - 3), \(pick(7) - 3))"
    case 21: return "text(\(expression())):\(["upper", "lower", "reverse", "len"][pick(4)])()"
    case 22: return "(text(\(expression())):gsub('\(["%d", "%a+", "(.)(.)", "^x", "a-b", "[a-f]"][pick(6)])', '%0%0'))"
    case 23: return "(text(\(expression())):find('\(["%d+", "a", "(l)(u)", ".-a", "$"][pick(5)])'))"
    case 24: return "object(\(expression())) + \(pick(9))"
    default: return depth < 5 ? function([newName()]) : variable()
    }
  }

  // So few steps that no engine comes to the end of its C stack, each of which has another, and lists so short that sorting
  // them is done before the time is over.
  private static let prelude = """
    local out, steps, concat = {}, 0, table.concat
    local function tick() steps = steps + 1 if steps > 300 then error('budget', 0) end end
    local function number(x)
      if x ~= x or x > 1e6 or x < -1e6 then return 13 end
      return x == 0 and 0 or x
    end
    local function num(x)
      if type(x) == 'number' then return number(x) end
      return type(x) == 'string' and #x or type(x) == 'table' and 2 or 3
    end
    local function text(x)
      -- All digits: LuaJIT rounds what lies between two texts the other way.
      if type(x) == 'number' then return ('%.17g'):format(math.floor(number(x) * 1024) / 1024) end
      return type(x) == 'string' and x:sub(1, 40) or type(x)
    end
    local function truth(x) return x and x ~= 0 and x ~= '' end
    local function show(x) if #out < 500 then out[#out + 1] = x == nil and 'nil' or type(x) == 'boolean' and tostring(x) or text(x) end end
    local function list(x) return type(x) == 'table' and rawget(x, 1) ~= nil and rawget(x, 2) ~= nil and #x < 40 and x or {3, 1, 2} end
    local function field(x, k) if type(x) == 'table' then return x[k] end end
    local function call(f, ...) tick() if type(f) == 'function' then return f(...) end return (...) end
    local class = {__add = function(a, b) tick() return num(a.n) + b end, __index = function(_, k) return k end}
    local function object(x) return setmetatable({n = x}, class) end
    local a, b = ...

    """
}
