extension LuaRuntime {
  /// Has scripts ask the host, where it has said so, for what they ask the system for elsewhere.
  func openServices() throws {
    let sandbox = configuration.sandbox
    if let print = sandbox?.print ?? configuration.print { try openPrint(print) }
    if configuration.warn != nil { try openWarnings() }
    let seed = sandbox?.randomSeed ?? configuration.randomSeed
    if sandbox != nil || seed != nil { try openRandom(seed: seed) }
    try openClock()
    if let files = configuration.files { try openFiles(files) }
    if let variables = configuration.environmentVariables { try openEnvironmentVariables(variables) }
  }

  private func openClock() throws {
    let clock = configuration.clock
    let time = configuration.sandbox?.time ?? clock?.now.map { now in { LuaClock.seconds(of: now()) } }
    let processorTime = configuration.sandbox?.clock ?? clock?.processorTime
    guard time != nil || processorTime != nil else { return }
    let host = try table()
    if let time { try host.rawSet("time", to: function { () -> Int in time() }) }
    if let processorTime { try host.rawSet("clock", to: function { () -> Double in processorTime() }) }
    try execute(clockScript, host, name: "=clock")
  }

  private func openEnvironmentVariables(_ variables: LuaEnvironmentVariables) throws {
    let find = try function { (name: LuaString) throws -> String? in try name.text.flatMap { try variables.find($0) } }
    try execute(environmentScript, find, name: "=environment")
  }
}

private let environmentScript = """
  local find = ...
  local type = type
  if not os then return end
  function os.getenv(name)
    if type and type(name) == 'number' then name = name .. '' end
    return find(name)
  end
  """

private let clockScript = """
  local host = ...
  if not os then return end
  if host.clock then os.clock = host.clock end
  if not host.time then return end
  local now, time, date = host.time, os.time, os.date
  function os.time(fields)
    if fields == nil then return now() end
    return time(fields)
  end
  function os.date(format, at)
    if at == nil then at = now() end
    return date(format or '%c', at)
  end
  """
