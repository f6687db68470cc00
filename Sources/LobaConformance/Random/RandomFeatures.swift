public import LobaCore

/// What the random tester may do. Each can be switched off while a fault in it is known and open.
public struct RandomFeatures: OptionSet, Sendable, Hashable {
  /// A bit for each feature, in the order of their names.
  public let rawValue: UInt64

  /// The features of these bits.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  private static let names = [
    "closing", "memoryLimits", "allocationFaults", "collector", "finalizers", "callHooks", "countHooks", "coroutines",
    "members", "memberAccess", "items", "itemChanges", "iteration", "conversions", "freshTables", "deinits",
    "errorDeinits", "equality", "descriptions", "codable", "overflow", "errorValues", "imposters", "cycles",
    "mainThread", "evaluation", "metamethods", "scripts", "views", "keys",
    "deadResumes", "collectability", "concatenation", "leaves", "buffers", "inPlace", "limits",
    "hooks", "introspection", "waiting",
  ]

  private init(_ name: String) {
    rawValue = 1 << UInt64(Self.names.firstIndex(of: name)!)
  }

  /// A callback closes the runtime.
  public static let closing = RandomFeatures("closing")
  /// Memory limits come and go.
  public static let memoryLimits = RandomFeatures("memoryLimits")
  /// Allocations are made to fail.
  public static let allocationFaults = RandomFeatures("allocationFaults")
  /// The collector is run, stopped and set.
  public static let collector = RandomFeatures("collector")
  /// `__gc` of tables and of `newproxy`.
  public static let finalizers = RandomFeatures("finalizers")
  /// Debug hooks for calls, returns and lines.
  public static let callHooks = RandomFeatures("callHooks")
  /// Debug hooks that count instructions.
  public static let countHooks = RandomFeatures("countHooks")
  /// Coroutines of scripts and of Swift: made, resumed, closed, and raised errors in.
  public static let coroutines = RandomFeatures("coroutines")
  /// Getters, setters, methods and operators of registered classes.
  public static let members = RandomFeatures("members")
  /// Member filters and access handlers.
  public static let memberAccess = RandomFeatures("memberAccess")
  /// Items of wrapped arrays, dictionaries and sets are read.
  public static let items = RandomFeatures("items")
  /// Items of wrapped arrays, dictionaries and sets are changed.
  public static let itemChanges = RandomFeatures("itemChanges")
  /// `swift.iter` and its relatives.
  public static let iteration = RandomFeatures("iteration")
  /// Types that write and read themselves.
  public static let conversions = RandomFeatures("conversions")
  /// Types that hand on a table that nobody else holds.
  public static let freshTables = RandomFeatures("freshTables")
  /// `deinit` of host objects uses the runtime.
  public static let deinits = RandomFeatures("deinits")
  /// `deinit` of errors uses the runtime.
  public static let errorDeinits = RandomFeatures("errorDeinits")
  /// `==` and hashing use the runtime.
  public static let equality = RandomFeatures("equality")
  /// `description` uses the runtime.
  public static let descriptions = RandomFeatures("descriptions")
  /// `Encodable` values become tables, and tables `Decodable` values.
  public static let codable = RandomFeatures("codable")
  /// Handlers for integers that overflow.
  public static let overflow = RandomFeatures("overflow")
  /// Errors with a value, or with an error behind them.
  public static let errorValues = RandomFeatures("errorValues")
  /// Errors of scripts with the text of one of Lua's own.
  public static let imposters = RandomFeatures("imposters")
  /// Host containers that hold tables of the runtime that holds them.
  public static let cycles = RandomFeatures("cycles")
  /// Coroutines that resume or close the main thread.
  public static let mainThread = RandomFeatures("mainThread")
  /// `swift.eval` and `swift.builtins`.
  public static let evaluation = RandomFeatures("evaluation")
  /// Metamethods of tables.
  public static let metamethods = RandomFeatures("metamethods")
  /// Generated scripts.
  public static let scripts = RandomFeatures("scripts")
  /// Types of keys that read themselves.
  public static let keys = RandomFeatures("keys")
  /// When nobody holds anything, everything must be collected.
  public static let collectability = RandomFeatures("collectability")
  /// Scripts resume coroutines that have ended.
  public static let deadResumes = RandomFeatures("deadResumes")
  /// `__concat` calls.
  public static let concatenation = RandomFeatures("concatenation")
  /// `swift.as_attrgetter` and its relatives.
  public static let views = RandomFeatures("views")

  /// Leaves, which do what they are not to do.
  public static let leaves = RandomFeatures("leaves")
  /// Buffers, and slices that outlive them.
  public static let buffers = RandomFeatures("buffers")
  /// Structures that are userdata themselves, with views and bound methods.
  public static let inPlace = RandomFeatures("inPlace")
  /// Limits of instructions, and interruptions.
  public static let limits = RandomFeatures("limits")
  /// Hooks of Swift's.
  public static let hooks = RandomFeatures("hooks")
  /// Stacks, frames that are kept too long, local variables and upvalues.
  public static let introspection = RandomFeatures("introspection")
  /// Asynchronous functions, in tasks that go on in any order and are cancelled.
  public static let waiting = RandomFeatures("waiting")

  /// What is left out because a fault in it is known and open, or because an engine itself does not stand it.
  public static func knownFaults(of engine: any LuaEngine) -> RandomFeatures {
    var faults: RandomFeatures = []
    if engine.version.major == 5, engine.version.minor == 4 {
      // Up to 5.4.4 a `__concat` that grows Lua's stack (any call can) leaves a pointer into the old one behind, and the
      // next step of the collector reads there. Plain Lua crashes as well:
      //     t = setmetatable({}, {__concat = function() return deep(5000) end})
      //     for i = 1, 2000 do coroutine.wrap(function() local x = t .. 'x' collectgarbage('step', 1) x = t .. x end)() end
      faults.insert(.concatenation)
    }
    // Lua 5.5 does not set some of the variables that it shows.
    if engine.version > (5, 4) { faults.insert(.introspection) }
    return faults
  }

  /// Everything.
  public static let all = RandomFeatures(rawValue: (1 << UInt64(names.count)) - 1)

  /// The features of these names, separated by commas; nil if one is unknown. `all` is all, and a minus takes one away:
  /// `all,-closing`.
  public init?(names text: String) {
    self = []
    for name in text.split(separator: ",") {
      let isLess = name.hasPrefix("-")
      let plain = String(isLess ? name.dropFirst() : name)
      guard plain == "all" || Self.names.contains(plain) else { return nil }
      let features: RandomFeatures = plain == "all" ? .all : RandomFeatures(plain)
      if isLess { subtract(features) } else { formUnion(features) }
    }
  }
}

extension RandomFeatures: CustomStringConvertible {
  /// The names of the features, separated by commas, as ``init(names:)`` reads them; `all` for all.
  public var description: String {
    self == .all
      ? "all"
      : Self.names.enumerated().filter { rawValue & 1 << UInt64($0.offset) != 0 }.map(\.element).joined(separator: ",")
  }
}
