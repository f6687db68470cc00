public import struct Foundation.URL

/// What a module is made of: what `require` loads the first time that a script asks for it.
public struct LuaModule {
  /// Finds the function that `require` calls, with the module's name.
  let loader: (_ lua: LuaRuntime, _ name: String) throws -> LuaFunction

  /// Lua source, whose result is the module.
  ///
  /// - Parameter name: The chunk's name, in Lua's conventions. Default: the module's, as a file's.
  public static func source(_ source: String, name: String? = nil) -> LuaModule {
    LuaModule { lua, module in try lua.compile(source, name: name ?? "@" + module) }
  }

  /// A script that many runtimes load.
  public static func script(_ script: LuaScript) -> LuaModule {
    LuaModule { lua, _ in try lua.compile(script) }
  }

  /// A file with Lua source, which is read when it is loaded.
  public static func file(_ url: URL) -> LuaModule {
    LuaModule { lua, _ in try lua.compile(contentsOf: url) }
  }

  /// A module that Swift makes: a table of functions, a host object, any value.
  ///
  /// - Parameter make: Called with the runtime that asks, so that it need not be captured. If it gives nothing, the module
  ///   is `true`, as one of Lua's is that returns nothing.
  public static func host(_ make: @escaping (_ lua: LuaRuntime) throws -> Any?) -> LuaModule {
    LuaModule { lua, _ in
      try lua.function { [unowned lua] in
        let value = try make(lua)
        return value is Void ? LuaValue.nil : try lua.value(value)
      }
    }
  }
}
