/// What a runtime knows of asynchronous functions.
struct AsyncRegistry {
  /// How many calls from Lua into Swift are under way in the coroutine that is being driven by who can wait; nil if none is.
  var depth: Int32?
  /// The function in Lua that makes asynchronous functions, once made.
  var make: Reference = 0
}

extension LuaRuntime {
  /// Makes an asynchronous function of one that gives a pending call.
  func makeAsyncFunction(_ start: @escaping (HostCall) throws -> PendingCall) throws -> LuaFunction {
    try makeAsync(HostFunction { try $0.returnPending(start) })
  }

  /// Makes an asynchronous function of a host function that gives a pending call.
  func makeAsync(_ start: HostFunction) throws -> LuaFunction {
    let make = LuaFunction(self, adopting: try state.copy(of: openAsync()))
    return try make(makeFunction(start))
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
    guard isWaitable else {
      throw LuaError(
        kind: .coroutine,
        runtime.asyncRegistry.depth == nil
          ? "an asynchronous function was called where nothing can wait: the script has to be run by callAsync"
          : "an asynchronous function cannot wait here: a function of Swift's that cannot wait has called the script")
    }
    try returnValue(object: start(self))
  }
}

private let asyncScript = """
  local host = ...
  local finish, waits, create = host.finish, host.waits, host.create
  local coroutine, error, rawequal = coroutine, error, rawequal
  if not (error and rawequal and coroutine and coroutine.yield and (pcall and xpcall and type or not create)) then
    return nil
  end
  local close, make, resume, running, status, yield =
    coroutine.close, coroutine.create, coroutine.resume, coroutine.running, coroutine.status, coroutine.yield
  local level = create and 3 or 2  -- of who calls what `wrap` gives; Lua 5.1 counts tail calls
  local mark = {}

  local function resumed(co, ok, ...)
    if ok and rawequal((...), mark) then
      yield(...)
      return resumed(co, resume(co))
    end
    return ok, ...
  end

  function coroutine.resume(co, ...)
    return resumed(co, resume(co, ...))
  end

  local function continued(co, ok, ...)
    if not ok then
      local problem = ...
      if close then local _, last = close(co) problem = last end
      error(problem, level)
    end
    if rawequal((...), mark) then
      yield(...)
      return continued(co, resume(co))
    end
    return ...
  end

  function coroutine.wrap(f)
    local co = make(f)
    return function(...)
      return continued(co, resume(co, ...))
    end
  end

  if create then
    local pcall, xpcall, type, setmetatable = pcall, xpcall, type, setmetatable
    local outer = setmetatable({}, {__mode = 'k'})

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

    function _G.pcall(f, ...)
      if type(f) ~= 'function' or not waits() then return pcall(f, ...) end
      local co = begin(f)
      return protected(co, resume(co, ...))
    end

    local function handled(handler, ok, ...)
      if ok then return ok, ... end
      local _, value = pcall(handler, ...)
      return false, value
    end

    function _G.xpcall(f, handler)
      if type(f) ~= 'function' or type(handler) ~= 'function' or not waits() then return xpcall(f, handler) end
      local co = begin(f)
      return handled(handler, protected(co, resume(co)))
    end

    function coroutine.running()
      local co = running()
      return outer[co] or co
    end
  end

  return function(start)
    return function(...)
      local call = start(...)
      yield(mark, call)
      return finish(call)
    end
  end
  """
