/// Who decides about scripts' access to members and items of host objects.
///
/// Access that is refused by throwing: the error reaches whoever called the script as itself.
public enum LuaMemberAccess: Sendable {
  /// Everything that is declared is allowed.
  case open
  /// Asked for every access by name or key; gives the name to use instead (or the same), and refuses by throwing. Names
  /// that are not strings come as they are. A call of the object itself is asked about as `__call`, whatever name is given
  /// back. Operators, length and iteration have no name: they are not asked about.
  case filter(@Sendable (_ object: Any, _ name: LuaValue, _ isWriting: Bool) throws -> LuaValue)
  /// Replaces reading and writing of members altogether.
  case handlers(
    get: @Sendable (_ object: Any, _ name: LuaValue) throws -> Any?,
    set: @Sendable (_ object: Any, _ name: LuaValue, _ value: LuaValue) throws -> Void)
}
