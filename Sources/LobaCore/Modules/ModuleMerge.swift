/// Takes a module that has been loaded again into the table that everybody has.
///
/// First it is found out what is to be done, then done, so that what cannot be found out changes nothing. No metamethod is
/// asked, and nothing that a script could have replaced.
struct ModuleMerge {
  private let lua: LuaRuntime
  private var changes: [(table: LuaTable, key: LuaValue, value: LuaValue)] = []
  /// The table that stays, by the one that came for it.
  private var merged: [LuaTable: LuaTable] = [:]
  private var functions: [LuaFunction] = []

  init(of new: LuaTable, into old: LuaTable) throws {
    lua = old.runtime
    guard new != old else { return }
    merged[new] = old
    var pending = [(old, new)]
    while let (old, new) = pending.popLast() {
      for (key, value) in new {
        let before = try old.rawGet(key, as: LuaValue.self)
        if case .function(let function) = value { functions.append(function) }
        if case .table(let before) = before, case .table(let value) = value {
          guard before != value, merged[value] == nil else { continue }
          merged[value] = before
          pending.append((before, value))
        } else if before == .nil || value.type == .function {
          changes.append((old, key, value))
        }
      }
    }
  }

  /// Does it. The new functions get the old tables where they refer to the new ones.
  func apply() throws {
    let tables = try lua.table()
    for (new, old) in merged { try tables.rawSet(new, to: old) }
    try lua.state.redirectUpvalues(of: lua.table(from: functions).reference, by: tables.reference)
    for (table, key, value) in changes {
      var value = value
      if case .table(let new) = value, let old = merged[new] { value = .table(old) }
      try table.rawSet(key, to: value)
    }
  }
}
