/// A userdata: a Swift object given to Lua, an open file, an object of a C module, or LuaJIT's `cdata`.
public final class LuaUserdata: LuaHandle {
  /// An entry, as Lua's `value[key]` gives it, honouring `__index`.
  ///
  /// - Throws: What indexing raises.
  public subscript<K>(_ key: K) -> LuaValue {
    get throws { try runtime.index(self, key) }
  }
}

extension LuaUserdata {
  /// The box of the Swift value that the userdata holds, if it is one of Loba's.
  var hostBox: AnyHostBox? {
    try? runtime.withSlot(of: reference) { slot in
      try LuaReader(slot: slot, state: state).anyHostBox
    }
  }
}
