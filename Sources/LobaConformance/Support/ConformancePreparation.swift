internal import LobaCore

/// Lua that sets the collector, whatever the version calls its parameters: with a pause of 100 a cycle begins where the last
/// has ended; with none, some versions run a whole one wherever they look.
func hurryCollector(pause: Int = 0, stepMultiplier: Int) -> String {
  """
  if pcall(collectgarbage, 'param', 'pause', \(pause)) then
    collectgarbage('param', 'stepmul', \(stepMultiplier))
    collectgarbage('param', 'stepsize', \(pause))
  elseif warn then
    collectgarbage('incremental', \(max(1, pause)), 1000, 20)
  else
    collectgarbage('setpause', \(pause))
    collectgarbage('setstepmul', \(stepMultiplier))
  end

  """
}

/// What is done to the runtimes of a check before it uses them: the behaviour must be the same.
public struct ConformancePreparation: Sendable, Hashable, CustomStringConvertible {
  /// What is done, as it follows a check's name: `with a hook for calls`.
  public let name: String
  private let source: String
  fileprivate let boundsLibraries: Bool

  private init(_ name: String, _ source: String, boundsLibraries: Bool = false) {
    self.name = name
    self.source = source
    self.boundsLibraries = boundsLibraries
  }

  /// The name.
  public var description: String { name }

  /// Every function that is called is followed by a host call, which makes another.
  public static let callHook = ConformancePreparation("with a hook for calls", "watch(function() tick(inner) end, 'c')")

  /// The same every few instructions.
  public static let countHook = ConformancePreparation(
    "with a hook that counts", "watch(function() tick(inner) end, '', 3)")

  /// The collector is as busy as it can be.
  public static let busyCollector = ConformancePreparation(
    "with the collector at its busiest",
    """
    if not pcall(collectgarbage, 'generational') then
      \(hurryCollector(pause: 100, stepMultiplier: 1000))
    end
    """)

  /// All garbage is collected whenever a C function is called, host functions among them; the first 2,000 times.
  public static let collectingCalls = ConformancePreparation(
    "with all garbage collected at every call of C",
    """
    local getinfo, collect, left = debug.getinfo, collectgarbage, 2000
    watch(function()
      if left > 0 and getinfo(2, 'S').what == 'C' then
        left = left - 1
        collect()
      end
    end, 'c')
    """)

  /// Functions of the standard libraries count their steps.
  public static let boundedLibraries = ConformancePreparation(
    "with bounded libraries", "", boundsLibraries: true)

  /// Every preparation there is.
  public static let all: [ConformancePreparation] = [
    callHook, countHook, busyCollector, collectingCalls, boundedLibraries,
  ]

  /// Those that set a hook.
  static let hooks: [ConformancePreparation] = [callHook, countHook, collectingCalls]

  /// `watch` sets a hook for this thread and, where each has its own, for every coroutine that a script makes.
  private static let prelude = """
    local tick, inner, set = ...
    local sethook, create, wrap, type = debug.sethook, coroutine.create, coroutine.wrap, type
    local function watch(hook, mask, count)
      set(sethook, hook, mask, count)
      coroutine.create = function(f)
        local co = create(f)
        sethook(co, hook, mask, count)
        return co
      end
      coroutine.wrap = function(f)
        if type(f) ~= 'function' then return wrap(f) end
        return wrap(function(...)
          sethook(hook, mask, count)
          return f(...)
        end)
      end
    end

    """

  @TaskLocal static var current: ConformancePreparation?

  func run(_ body: () throws -> Void) rethrows { try Self.$current.withValue(self, operation: body) }

  /// Prepares a runtime, if it has the libraries for that.
  fileprivate func prepare(_ lua: LuaRuntime) throws {
    guard LuaLibraries([.debug, .coroutine]).isSubset(of: lua.configuration.libraries) else { return }
    let tick = try lua.function { (f: LuaFunction) -> Int in try f(20) }
    let inner = try lua.function { (n: Int) in n + 1 }
    // A hook that a host function sets: it is under way when the first ticks come.
    let set = try lua.function { (sethook: LuaFunction, hook: LuaFunction, mask: String, count: Int?) -> Void in
      try sethook(hook, mask, count ?? 0)
    }
    try lua.execute(Self.prelude + source, tick, inner, set, name: "=preparation")
  }
}

extension LuaRuntime {
  /// A runtime for a check, prepared as the run asks for.
  static func forCheck(_ engine: any LuaEngine, _ configuration: LuaConfiguration = .standard) throws -> LuaRuntime {
    var configuration = configuration
    if ConformancePreparation.current?.boundsLibraries == true { configuration.boundsLibraries = true }
    let lua = try LuaRuntime(engine: engine, configuration: configuration)
    do {
      try ConformancePreparation.current?.prepare(lua)
    } catch {
      lua.close()
      throw error
    }
    return lua
  }
}
