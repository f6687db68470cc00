/// A type whose values can be given to Lua.
///
/// It says what a value becomes there; as ``LuaConstructible`` it also says what is read as one. A structure, for
/// example, as a table with fields, both ways:
///
/// ```swift
/// struct Point { var x, y: Double }
///
/// extension Point: LuaRepresentable, LuaConstructible {
///   func write(to writer: inout LuaWriter) throws {
///     try writer.write(writer.runtime.table(fields: ["x": x, "y": y]))
///   }
///
///   static func construct(from reader: LuaReader) throws -> Point {
///     guard reader.type == .table else { throw reader.mismatch(expected: "Point") }
///     let table: LuaTable = try reader.read()
///     return try Point(x: table["x"], y: table["y"])
///   }
/// }
///
/// try lua.globals.set("mirror", to: lua.function { (p: Point) in Point(x: -p.x, y: p.y) })
/// let p: Point = try lua.eval("mirror({x = 1, y = 2})")  // Point(x: -1, y: 2)
/// try lua.execute("mirror('x')")       // throws: … bad argument #1 to 'mirror': expected Point, got string "x"
/// try lua.execute("mirror({x = 1})")   // throws: the value of key y: expected Double, got nil
/// ```
///
/// The same goes for the types that are made of it: `[Point]`, `[String: Point]`, `Point?`. A value is a copy in Lua.
/// What scripts are to change in place, or to find methods in, is described by a ``LuaClass`` instead.
///
/// A type that is `Codable` needs but to declare it: see ``LuaEncodable``. So does one with raw values: `enum Heading: String,
/// LuaConvertible`.
///
/// Numbers, strings, booleans, bytes, dates, URLs, optionals, ranges, arrays, dictionaries, sets and Loba's own types do it
/// already. `Any` does not, on purpose: a value of static type `Any` is looked at when it is written, and throws if nothing
/// is known about it.
public protocol LuaRepresentable {
  /// Writes the value, by one call of one of the writer's methods.
  ///
  /// What is written, a table for example, may be let go of at once: the writer keeps it. Several calls write several
  /// arguments or results, and none writes none; where one value is wanted, such as a key or an element, both are
  /// refused.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if this value cannot be represented. Any error reaches whoever gives
  ///   the value to Lua, one of kind `conversion` with the place of the value in a list or a table.
  func write(to writer: inout LuaWriter) throws
}

/// A type that Lua values can be read as.
///
/// It refuses what it cannot be made of with ``LuaReader/mismatch(expected:)``. A version, for example, as a text, both ways:
///
/// ```swift
/// struct Version { var major, minor: Int }
///
/// extension Version: LuaConstructible, LuaRepresentable {
///   static func construct(from reader: LuaReader) throws -> Version {
///     guard reader.type == .string, case let parts = try (reader.read() as String).split(separator: "."),
///       parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1])
///     else { throw reader.mismatch(expected: "a version") }
///     return Version(major: major, minor: minor)
///   }
///
///   func write(to writer: inout LuaWriter) throws { try writer.write(text: "\(major).\(minor)") }
/// }
///
/// let known: [Version] = try lua.eval("{'5.1', 'new'}")
/// // throws: result 1: element 2: expected a version, got string "new"
/// ```
///
/// ``LuaRepresentable`` has an example of a structure. A type that is not known before is read as ``LuaValue``.
public protocol LuaConstructible {
  /// Reads a value, which may be any: nil for an argument or a field that is missing.
  ///
  /// A host object that holds a value of this type is not read by this method: it is that value.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if it is not of this type; ``LuaReader/mismatch(expected:)`` makes one.
  ///   Any error reaches whoever reads the value, one of kind `conversion` with the place of the value in a list or a
  ///   table.
  static func construct(from reader: LuaReader) throws -> Self
}

/// A type that goes both ways.
public typealias LuaConvertible = LuaRepresentable & LuaConstructible
