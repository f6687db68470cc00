#if Macros
  @_exported public import LobaCore

  /// Lets scripts have a type: its members become those of a ``LuaClass``.
  ///
  /// ```swift
  /// @LuaObject final class Account {
  ///   var balance = 0
  ///   init(start: Int) { balance = start }
  ///   func deposit(_ amount: Int) throws { … }
  ///   @LuaMember("owner") var ownersName: String
  ///   @LuaIgnored var cache: Cache
  ///   private var secret = 1
  /// }
  ///
  /// try lua.register(Account.self)
  /// try lua.execute("local a = Account(10) a:deposit(5) print(a.balance)")
  /// ```
  ///
  /// Scripts get what is declared in the type itself and is not private: properties, methods under their names without labels,
  /// also those that throw or wait, the initializer, functions of the type, constants (`static let`), the cases of an enumeration,
  /// and operators. Parameters with a default may be left out. Stored properties of number types and `Bool` are leaves,
  /// which LuaJIT calls directly. What has a type that Lua knows nothing of is an object without members.
  ///
  /// - Parameters:
  ///   - name: What scripts call it. Default: the type's name.
  ///   - superclass: Its superclass, if that is a `@LuaObject` too: `@LuaObject(inheriting: Animal.self)`.
  @attached(member, names: named(register(in:)))
  @attached(extension, conformances: LuaObject)
  public macro LuaObject(_ name: String? = nil, inheriting superclass: Any.Type? = nil) =
    #externalMacro(module: "LobaMacrosPlugin", type: "LuaObjectMacro")

  /// What scripts call a member of a ``LuaObject(_:inheriting:)``; of an initializer, the function of the class that it is.
  ///
  /// - Parameter writesThrough: Whether changes of parts of the property's value reach the object: see
  ///   ``LuaClass/property(_:_:writesThrough:)``.
  @attached(peer)
  public macro LuaMember(_ name: String? = nil, writesThrough: Bool = false) =
    #externalMacro(module: "LobaMacrosPlugin", type: "MarkerMacro")

  /// A member of a ``LuaObject(_:inheriting:)`` that scripts do not get.
  @attached(peer)
  public macro LuaIgnored() = #externalMacro(module: "LobaMacrosPlugin", type: "MarkerMacro")

  /// Makes a type that implements a protocol by a Lua table.
  ///
  /// ```swift
  /// @LuaInterface protocol Plugin {
  ///   var name: String { get throws }
  ///   func update(dt: Double) throws -> Bool
  /// }
  ///
  /// let plugin: any Plugin = try LuaPlugin(lua.require("plugin"))   // throws if it has no function update
  /// ```
  ///
  /// The type has the protocol's name with `Lua` before it. A function of the protocol calls the function of this name in the table;
  /// one that is `async` waits for it. Everything has to throw, since scripts may.
  ///
  /// - Parameter passesSelf: Whether the functions get the table as their first argument, as `function plugin:update(dt)`
  ///   takes it.
  @attached(peer, names: prefixed(Lua))
  public macro LuaInterface(passesSelf: Bool = false) =
    #externalMacro(module: "LobaMacrosPlugin", type: "LuaInterfaceMacro")

  /// A script that is written in Swift's source: its syntax is checked when that is compiled, and what goes wrong when it runs has the
  /// place in the Swift source.
  ///
  /// ```swift
  /// let script = #lua("""
  ///   local n = ...
  ///   return n * 2
  ///   """)
  /// let four: Int = try lua.execute(script, 2)
  /// ```
  ///
  /// It is checked by the libraries of the engines that the build enables: it is right if one of them takes it. Where none is installed, it
  /// is not checked.
  @freestanding(expression)
  public macro lua(_ source: String) -> LuaScript = #externalMacro(module: "LobaMacrosPlugin", type: "LuaScriptMacro")
#endif
