extension LuaRuntime {
  /// Has `print` give its lines to the host.
  func openPrint(_ print: @escaping @Sendable (_ line: String) throws -> Void) throws {
    try execute(
      printScript, function { (line: LuaString) throws -> Void in try print(line.description) }, name: "=print")
  }
}

/// A line is put together in Lua: what it takes counts as the script's memory and time.
private let printScript = """
  local line = ...
  local select, tostring, concat = select, tostring, table and table.concat
  if not select then return end
  function _G.print(...)
    local count, parts = select('#', ...), {...}
    for i = 1, count do parts[i] = tostring(parts[i]) end
    if concat then return line(concat(parts, '\\t', 1, count)) end
    local text = parts[1] or ''
    for i = 2, count do text = text .. '\\t' .. parts[i] end
    line(text)
  end
  """
