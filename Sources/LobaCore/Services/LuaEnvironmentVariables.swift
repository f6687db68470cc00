/// What `os.getenv` finds.
///
/// ```swift
/// var configuration = LuaConfiguration.sandbox
/// configuration.environmentVariables = .variables(["LANG": "pt_BR.UTF-8"])
/// ```
public struct LuaEnvironmentVariables: Sendable {
  let find: @Sendable (_ name: String) throws -> String?

  /// Makes variables of a closure, which gives the value of a name, or nil. What it throws is the script's error.
  public init(_ find: @escaping @Sendable (_ name: String) throws -> String?) {
    self.find = find
  }

  /// Those of the process, but for such as are empty. In a sandbox, too, a script then sees all of them.
  public static let process = LuaEnvironmentVariables { environmentVariable($0) }

  /// None.
  public static let none = LuaEnvironmentVariables { _ in nil }

  /// These.
  public static func variables(_ values: [String: String]) -> LuaEnvironmentVariables {
    LuaEnvironmentVariables { values[$0] }
  }
}
