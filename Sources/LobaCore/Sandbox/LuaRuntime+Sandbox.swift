extension LuaRuntime {
  /// Makes a sandbox of the globals, whose libraries have just been opened.
  func openSandbox() throws {
    try execute(sandboxScript, configuration.warn != nil, name: "=sandbox")
  }
}
