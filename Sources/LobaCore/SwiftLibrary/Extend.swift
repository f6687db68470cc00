// swift.extend: classes that are written in Lua and inherit from a registered one. An instance is a table that stands for an
// object of the host's (its field `__object`), so that the host's members work on it.

extension LuaRuntime {
  func addExtend(to library: LuaTable) throws {
    try library.rawSet(
      "extend",
      to: makeFunction { call in
        let runtime = call.runtime
        let base = try Self.argument(call, of: "extend").value()
        guard let extend = try runtime.extendFunction(), let made: LuaTable = try extend(base) else {
          throw LuaError(
            kind: .conversion,
            "swift.extend needs the table of a registered class, or of one that it has made, got \(base.type)")
        }
        try call.returnValue(any: LuaValue.table(made))
      })
  }

  /// The function in Lua behind `swift.extend`, made when it is first needed; nil if a script has taken away what it is made of.
  private func extendFunction() throws -> LuaFunction? {
    if extendReference != 0 { return LuaFunction(self, adopting: try state.copy(of: extendReference)) }
    let describe = try function { (lua: LuaRuntime, base: LuaTable) in try lua.describe(base) }
    guard let extend: LuaFunction = try execute(extendScript, describe, name: "=[Swift]") else { return nil }
    if extendReference == 0 { extendReference = try state.copy(of: extend.reference) }
    return extend
  }

  /// What a class written in Lua has to know of the one that it inherits from: the names of the members that its objects have,
  /// those that are added later, and the operators. Nil if the table is of no class.
  private func describe(_ base: LuaTable) throws -> LuaTable? {
    for entry in classes.all where entry.classTable != 0 {
      guard try table(of: entry.classTable) == base else { continue }
      let description = entry.description
      let declared = try newTable()
      for name in [String](description.getters.keys) + description.setters.keys + description.methods.keys
        + description.constants.keys
      {
        try declared.rawSet(name, to: true)
      }
      let operators = try newTable()
      let metatable = try table(of: entry.tables.metatable)
      for field in description.operators.keys {
        try operators.rawSet(field, to: metatable.rawGet(field, as: LuaValue.self))
      }
      let result = try newTable()
      try result.rawSet("declared", to: declared)
      try result.rawSet("operators", to: operators)
      return result
    }
    return nil
  }
}

private let extendScript = """
  local describe = ...
  local error, getmetatable, pairs, rawget, rawset = error, getmetatable, pairs, rawget, rawset
  local setmetatable, tostring, type, sub = setmetatable, tostring, type, string and string.sub
  if not (error and getmetatable and pairs and rawget and rawset and setmetatable and tostring and type and sub) then
    return nil
  end
  -- What would have the collector do something else with instances, or hide what they are.
  local own = {__index = true, __newindex = true, __gc = true, __mode = true, __metatable = true}

  local callable = {['function'] = true, table = true, userdata = true}

  local function extend(base)
    if type(base) ~= 'table' then return nil end
    local metatable = getmetatable(base)
    local super = type(metatable) == 'table' and rawget(metatable, '__extends')
    local host = super or describe(base)
    if not host then return nil end
    local declared = host.declared
    local class, instances = {}, {}
    for name, operator in pairs(super and super.instances or host.operators) do instances[name] = operator end

    function instances.__index(instance, name)
      local value = class[name]
      if value ~= nil then return value end
      if declared[name] then return rawget(instance, '__object')[name] end
    end

    function instances.__newindex(instance, name, value)
      if declared[name] then
        rawget(instance, '__object')[name] = value
      else
        rawset(instance, name, value)
      end
    end

    if not instances.__tostring then
      function instances.__tostring(instance) return tostring(rawget(instance, '__object')) end
    end

    local function adopt(object) return setmetatable({__object = object}, instances) end

    function class.from(object)
      if type(object) ~= 'userdata' then error('from needs an object of the host\\'s, got ' .. type(object), 2) end
      return adopt(object)
    end

    local construct = super and super.construct or base.new

    local function make(...)
      if not construct then error('objects of this class can only be made by the host: use from(object)', 3) end
      local instance = adopt(construct(...))
      local init = class.init
      if init then
        if not callable[type(init)] then error("'init' of a class has to be a function, got " .. type(init), 3) end
        init(instance, ...)
      end
      return instance
    end

    -- Not in tail calls, which Lua 5.1 counts as levels.
    local function new(...)
      local instance = make(...)
      return instance
    end
    class.new = new

    return setmetatable(class, {
      __extends = {declared = declared, instances = instances, construct = construct},
      __index = base,
      __call = function(_, ...)
        if class.new ~= new then return class.new(...) end
        local instance = make(...)
        return instance
      end,
      __newindex = function(_, name, value)
        rawset(class, name, value)
        if type(name) == 'string' and sub(name, 1, 2) == '__' and not own[name] then instances[name] = value end
      end,
    })
  end
  return extend
  """
