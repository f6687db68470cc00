// Buffers on their way to Lua and back.

extension LuaBuffer: LuaConvertible {
  /// Becomes a userdata that shares the memory: in one runtime always the same.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(owned: writer.state.reference(to: memory)) }

  /// Reads a buffer of elements of just this type; it shares the memory, and is equal to the one that was passed to Lua.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, a buffer of other elements included.
  public static func construct(from reader: LuaReader) throws -> LuaBuffer {
    guard let memory = reader.state.bufferMemory(of: reader.slot) else {
      throw reader.mismatch(expected: "\(Self.self)")
    }
    guard memory.kind == Element.bufferElementKind else {
      memory.release()
      throw reader.mismatch(expected: "\(Self.self)")
    }
    return LuaBuffer(adopting: memory)
  }
}

extension LuaReader {
  /// The buffer that the value is, of whatever elements; nil for any other value.
  var anyBuffer: (any Hashable)? {
    func buffer<Element: LuaBufferElement>(_ type: Element.Type, _ memory: BufferMemory) -> any Hashable {
      LuaBuffer<Element>(adopting: memory)
    }
    return state.bufferMemory(of: slot).map { buffer(elementType(of: $0.kind), $0) }
  }

  /// The name of the type of the buffer that the value is; nil for any other value.
  var bufferName: String? {
    state.bufferMemory(of: slot).map { memory in
      defer { memory.release() }
      return "LuaBuffer<\(memory.kind.name)>"
    }
  }
}

private func elementType(of kind: LuaBufferElementKind) -> any LuaBufferElement.Type {
  let types: [any LuaBufferElement.Type] = [
    Double.self, Float.self, Int.self, Int8.self, Int16.self, Int32.self, Int64.self, UInt.self, UInt8.self,
    UInt16.self,
    UInt32.self, UInt64.self,
  ]
  return types.first { $0.bufferElementKind == kind }!
}
