#if Macros
  /// What the macros' code calls.
  public enum LuaMade {
    /// An object that an initializer may refuse to make.
    public static func object<T>(_ object: T?, _ name: String) throws -> T {
      guard let object else {
        throw LuaError(kind: .runtime, message: "a \(name) cannot be made of these values")
      }
      return object
    }
  }
#endif
