extension LuaRuntime {
  /// Gives the host a warning. The runtime cannot be used meanwhile.
  func warn(_ text: String) {
    guard let warn = configuration.warn else { return }
    let wasWarning = isWarning
    isWarning = true
    defer { isWarning = wasWarning }
    state.inLeaf { warn(text) }
  }

  /// Gives scripts a `warn`, where the engine has none of its own.
  func openWarnings() throws {
    guard !engine.capabilities.contains(.finalizerWarnings) else { return }
    let warn = try function { (lua: LuaRuntime, text: LuaString, isAlone: Bool) -> Void in
      // A message to what warns, of which there are two that mean something.
      if !isAlone || text.bytes.first != UInt8(ascii: "@") { lua.warn(text.description) }
    }
    try execute(warnScript, warn, name: "=warn")
  }
}

/// A warning is put together in Lua: what it takes counts as the script's memory and time.
private let warnScript = """
  local warn = ...
  local select, type, error, concat = select, type, error, table and table.concat
  if not select then return end
  local isOn = true
  function _G.warn(...)
    local count, pieces = select('#', ...), {...}
    for i = 1, count > 0 and count or 1 do
      local kind = count == 0 and 'no value' or type(pieces[i])
      if kind ~= 'string' and kind ~= 'number' then
        error("bad argument #" .. i .. " to 'warn' (string expected, got " .. kind .. ")", 2)
      end
    end
    local text = ''
    if concat then text = concat(pieces, '', 1, count) else for i = 1, count do text = text .. pieces[i] end end
    local isAlone = count == 1
    if isAlone and text == '@on' then
      isOn = true
    elseif isAlone and text == '@off' then
      isOn = false
    elseif isOn then
      warn(text, isAlone)
    end
  end
  """
