/// An entry of a table: a key, and its value.
public typealias LuaEntry = (key: LuaValue, value: LuaValue)

/// What a ``LuaTable`` has where no field is asked for: iteration, and its methods that a field's name may be, too.
///
/// `for … in table` takes a `Sequence`, and a type that is one has some forty members by it: `first`, `map`, `max`, `min`,
/// `contains`. Swift asks `@dynamicMemberLookup` only where no member is found, so those would hide the fields of these
/// names; declaring them again, as unavailable too, hides fields all the same. There is one exception: where all members
/// that are found come by a conformance under a condition, or from an extension under one, dynamic members are candidates
/// beside them, and types decide. So this class is generic, with a condition that a ``LuaTable`` always fulfils:
///
/// ```swift
/// let first: String = try item.first                // the field
/// let largest: Int = try math.max(1, 2)             // the function in the table
/// let keys = item.map { $0.key }                    // Sequence's
/// let length: Int = try vector.length               // the field; and vector.length() the method
/// ```
///
/// Where a type does not decide (`let x = try item.first`), the member is taken.
public class LuaEntries<Entry>: LuaHandle {}

/// Iteration over a snapshot of the entries, raw: the table may be changed meanwhile.
extension LuaEntries: Sequence where Entry == LuaEntry {
  /// A key, and its value.
  public typealias Element = LuaEntry
  /// The entries of a snapshot, one after the other.
  public typealias Iterator = LuaTable.Iterator

  /// Takes a snapshot of the entries, in Lua's order.
  public func makeIterator() -> LuaTable.Iterator { LuaTable.Iterator(LuaTable.Snapshot(of: self)) }
}

extension LuaEntries<LuaEntry> {
  /// The table itself: there is no other subclass.
  var table: LuaTable { unsafeDowncast(self, to: LuaTable.self) }
}
