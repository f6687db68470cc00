/// A type whose values can be given to Lua.
///
/// ```swift
/// extension Point: LuaRepresentable {
///   func write(to writer: inout LuaWriter) throws {
///     try writer.write(writer.runtime.table(fields: ["x": x, "y": y]))
///   }
/// }
/// ```
///
/// Numbers, strings, booleans, bytes, optionals, arrays, dictionaries, sets and Loba's own types do it already. `Any` does not,
/// on purpose: a value of static type `Any` is looked at when it is written, and throws if nothing is known about it.
public protocol LuaRepresentable {
  /// Writes exactly one value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if this value cannot be represented.
  func write(to writer: inout LuaWriter) throws
}

/// A type that Lua values can be read as.
///
/// ```swift
/// extension Point: LuaConstructible {
///   static func construct(from reader: LuaReader) throws -> Point {
///     let table = try reader.read(as: LuaTable.self)
///     return try Point(x: table["x"], y: table["y"])
///   }
/// }
/// ```
public protocol LuaConstructible {
  /// Reads a value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it is not of this type; ``LuaReader/mismatch(expected:)`` makes one.
  static func construct(from reader: LuaReader) throws -> Self
}

/// A type that goes both ways.
public typealias LuaConvertible = LuaRepresentable & LuaConstructible
