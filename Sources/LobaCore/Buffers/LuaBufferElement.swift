/// A type of numbers that a ``LuaBuffer`` can have: `Double`, `Float`, and the integers of 8 to 64 bits with and without a
/// sign. No other type can conform.
public protocol LuaBufferElement: BitwiseCopyable, LuaConvertible, Sendable {
  /// What the elements are for Lua.
  static var bufferElementKind: LuaBufferElementKind { get }
}

extension Double: LuaBufferElement {
  /// Elements take any number; an integer of Lua's must be one that a `Double` holds exactly.
  public static var bufferElementKind: LuaBufferElementKind { .double }
}

extension Float: LuaBufferElement {
  /// Elements take an integral number that a `Float` holds exactly, and of a fraction the nearest.
  public static var bufferElementKind: LuaBufferElementKind { .float }
}

extension Int: LuaBufferElement {
  /// Elements take integral numbers from `Int.min` to `Int.max`.
  public static var bufferElementKind: LuaBufferElementKind { .int }
}

extension Int8: LuaBufferElement {
  /// Elements take integral numbers from `Int8.min` to `Int8.max`.
  public static var bufferElementKind: LuaBufferElementKind { .int8 }
}

extension Int16: LuaBufferElement {
  /// Elements take integral numbers from `Int16.min` to `Int16.max`.
  public static var bufferElementKind: LuaBufferElementKind { .int16 }
}

extension Int32: LuaBufferElement {
  /// Elements take integral numbers from `Int32.min` to `Int32.max`.
  public static var bufferElementKind: LuaBufferElementKind { .int32 }
}

extension Int64: LuaBufferElement {
  /// Elements take integral numbers from `Int64.min` to `Int64.max`.
  public static var bufferElementKind: LuaBufferElementKind { .int64 }
}

extension UInt: LuaBufferElement {
  /// Elements take integral numbers from `UInt.min` to `UInt.max`.
  public static var bufferElementKind: LuaBufferElementKind { .uint }
}

extension UInt8: LuaBufferElement {
  /// Elements take integral numbers from `UInt8.min` to `UInt8.max`.
  public static var bufferElementKind: LuaBufferElementKind { .uint8 }
}

extension UInt16: LuaBufferElement {
  /// Elements take integral numbers from `UInt16.min` to `UInt16.max`.
  public static var bufferElementKind: LuaBufferElementKind { .uint16 }
}

extension UInt32: LuaBufferElement {
  /// Elements take integral numbers from `UInt32.min` to `UInt32.max`.
  public static var bufferElementKind: LuaBufferElementKind { .uint32 }
}

extension UInt64: LuaBufferElement {
  /// Elements take integral numbers from `UInt64.min` to `UInt64.max`.
  public static var bufferElementKind: LuaBufferElementKind { .uint64 }
}
