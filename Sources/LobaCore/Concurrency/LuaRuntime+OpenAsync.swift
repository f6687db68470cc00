/// What a runtime knows of asynchronous functions.
struct AsyncRegistry {
  /// How many calls from Lua into Swift are under way in the coroutine that is being driven by who can wait; nil if none is.
  var depth: Int32?
  /// The function in Lua that makes asynchronous functions, once made.
  var make: Reference = 0
}

extension LuaRuntime {
  /// Makes an asynchronous function of one that gives a pending call.
  func makeAsyncFunction(
    _ type: Any.Type, _ start: @escaping (HostCall) throws -> PendingCall
  ) throws -> LuaFunction {
    let start = try makeFunction(HostFunction({ try $0.returnPending(start) }, type: type))
    let function = try makeAsync(start)
    try note(function, standsFor: start)
    return function
  }

  /// Makes an asynchronous function of a host function that gives a pending call.
  func makeAsync(_ start: HostFunction) throws -> LuaFunction { try makeAsync(makeFunction(start)) }

  private func makeAsync(_ start: LuaFunction) throws -> LuaFunction {
    let make = LuaFunction(self, adopting: try state.copy(of: openAsync()))
    return try make(start)
  }

  /// Prepares the runtime for asynchronous functions, the first time that there is one.
  ///
  /// The waiting is done in Lua code, so that no C function stands between the function and who drives the coroutine: the
  /// function yields a pending call, after a mark that nothing else is equal to. What resumes other coroutines passes that
  /// on to whoever has resumed it, up to the one that can wait. Where a yield cannot cross `pcall`, one in a coroutine that
  /// may wait runs its function in a coroutine of its own.
  private func openAsync() throws -> Reference {
    if asyncRegistry.make != 0 { return asyncRegistry.make }
    let host = try table()
    try host.rawSet("finish", to: makeFunction { try ($0.read(0) as PendingCall).finish($0) })
    try host.rawSet("refuse", to: makeFunction { throw $0.unwaitable })
    try host.rawSet("globals", to: globals)
    try host.rawSet("waits", to: makeFunction { try $0.returnValue($0.isWaitable) })
    if !engine.capabilities.contains(.yieldAcrossPcall) {
      try host.rawSet("create", to: function { (body: LuaFunction) in try body.coroutine() })
    }
    guard let make: LuaFunction = try execute(asyncScript, host, name: "=[Swift]") else {
      throw LuaError(
        kind: .engine,
        message: "asynchronous functions need the basic functions and the coroutine library in the globals")
    }
    asyncRegistry.make = try state.copy(of: make.reference)
    return asyncRegistry.make
  }
}

extension HostCall {
  /// Whether the coroutine that makes the call is driven by who can wait, without another call of Swift's in between.
  fileprivate var isWaitable: Bool {
    guard let depth = runtime.asyncRegistry.depth else { return false }
    return state.depth == depth + 1
  }

  /// Gives a pending call to the Lua code around an asynchronous function.
  ///
  /// - Throws: ``LuaError`` of kind `coroutine` where nothing can wait.
  func returnPending(_ start: (HostCall) throws -> PendingCall) throws {
    guard isWaitable else { throw unwaitable }
    try returnValue(object: start(self))
  }

  /// Why nothing can wait.
  fileprivate var unwaitable: LuaError {
    LuaError(
      kind: .coroutine,
      runtime.asyncRegistry.depth == nil
        ? "an asynchronous function was called where nothing can wait: the script has to be run by callAsync"
        : "an asynchronous function cannot wait here: a function \(isWaitable ? "written in C" : "of Swift's that cannot wait") "
          + "has called the script")
  }
}

private let asyncScript = """
  local host = ...
  local finish, waits, refuse, create, globals = host.finish, host.waits, host.refuse, host.create, host.globals
  local coroutine, error, rawequal, type = coroutine, error, rawequal, type
  local pcall, xpcall, setmetatable = pcall, xpcall, setmetatable
  if not (error and rawequal and type and pcall and xpcall and setmetatable and coroutine and coroutine.yield) then
    return nil
  end
  local close, make, resume, running, status, yield =
    coroutine.close, coroutine.create, coroutine.resume, coroutine.running, coroutine.status, coroutine.yield
  local isyieldable = coroutine.isyieldable
  local level = create and 3 or 2  -- of who calls what `wrap` gives; Lua 5.1 counts tail calls
  local mark = {}

  local function check(value, wanted, expected, name)
    if type(value) ~= wanted then error("bad argument #1 to '" .. name .. "' (" .. expected .. " expected)", 3) end
  end

  local function resumed(co, ok, ...)
    if ok and rawequal((...), mark) then
      yield(...)
      return resumed(co, resume(co))
    end
    return ok, ...
  end

  function coroutine.resume(co, ...)
    check(co, 'thread', 'coroutine', 'resume')
    return resumed(co, resume(co, ...))
  end

  local function continued(co, ok, ...)
    if not ok then
      local problem = ...
      if close and status(co) == 'dead' then
        local isClosed, last = close(co)
        if not isClosed then problem = last end
      end
      error(problem, problem ~= 'not enough memory' and level or 0)
    end
    if rawequal((...), mark) then
      yield(...)
      return continued(co, resume(co))
    end
    return ...
  end

  function coroutine.wrap(f)
    check(f, 'function', 'function', 'wrap')
    local co = make(f)
    return function(...)
      return continued(co, resume(co, ...))
    end
  end

  if create then
    -- Both weak: a coroutine would keep what it has called, which keeps its own key.
    local outer = setmetatable({}, {__mode = 'kv'})

    local function protected(co, ok, ...)
      if ok and status(co) == 'suspended' then
        return protected(co, resume(co, yield(...)))
      end
      return ok, ...
    end

    local function begin(f)
      local co = create(f)
      local here = running()
      outer[co] = outer[here] or here
      return co
    end

    function globals.pcall(f, ...)
      if type(f) ~= 'function' or not waits() then return pcall(f, ...) end
      local ok, co = pcall(begin, f)
      if not ok then return false, co end
      return protected(co, resume(co, ...))
    end

    local function handled(handler, ok, ...)
      if ok then return ok, ... end
      local _, value = pcall(handler, ...)
      return false, value
    end

    function globals.xpcall(f, handler)
      if type(f) ~= 'function' or type(handler) ~= 'function' or not waits() then return xpcall(f, handler) end
      local ok, co = pcall(begin, f)
      if not ok then return handled(handler, false, co) end
      return handled(handler, protected(co, resume(co)))
    end

    function coroutine.running()
      local co = running()
      return outer[co] or co
    end
  end

  return function(start)
    return function(...)
      if isyieldable and not isyieldable() then refuse() end
      local call = start(...)
      yield(mark, call)
      return finish(call)
    end
  end
  """
