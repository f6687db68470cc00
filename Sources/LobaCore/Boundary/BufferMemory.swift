internal import CLobaEngine

/// The memory of a buffer, as C keeps it: retained by whoever has it, whether in Swift or in a Lua state.
typealias BufferMemory = UnsafeMutablePointer<loba_buffer>

/// What the elements of buffers are: a number that C and Swift agree on.
public struct LuaBufferElementKind: Sendable, Hashable {
  let element: loba_element

  static let int8 = LuaBufferElementKind(element: LOBA_ELEMENT_Int8)
  static let uint8 = LuaBufferElementKind(element: LOBA_ELEMENT_UInt8)
  static let int16 = LuaBufferElementKind(element: LOBA_ELEMENT_Int16)
  static let uint16 = LuaBufferElementKind(element: LOBA_ELEMENT_UInt16)
  static let int32 = LuaBufferElementKind(element: LOBA_ELEMENT_Int32)
  static let uint32 = LuaBufferElementKind(element: LOBA_ELEMENT_UInt32)
  static let int64 = LuaBufferElementKind(element: LOBA_ELEMENT_Int64)
  static let uint64 = LuaBufferElementKind(element: LOBA_ELEMENT_UInt64)
  static let int = LuaBufferElementKind(element: LOBA_ELEMENT_Int)
  static let uint = LuaBufferElementKind(element: LOBA_ELEMENT_UInt)
  static let float = LuaBufferElementKind(element: LOBA_ELEMENT_Float)
  static let double = LuaBufferElementKind(element: LOBA_ELEMENT_Double)

  /// The name of the type in Swift.
  var name: String { String(cString: loba_element_name(element)) }

  /// Memory for so many zeros; nil if there is none.
  func allocate(_ count: Int) -> BufferMemory? { count < 0 ? nil : loba_buffer_new(element, count) }
}

extension UnsafeMutablePointer<loba_buffer> {
  var kind: LuaBufferElementKind { LuaBufferElementKind(element: pointee.element) }
  var elements: UnsafeMutableRawPointer { pointee.data }
  var elementCount: Int { pointee.count }

  /// A part that shares the memory; nil if there is none for what says so.
  func slice(_ start: Int, _ count: Int) -> BufferMemory? { loba_buffer_slice(self, start, count) }

  func release() { loba_buffer_release(self) }
}

extension LuaState {
  /// The userdata that stands for a buffer: the same one as long as it lives.
  func reference(to memory: BufferMemory) throws -> Reference {
    var reference: Reference = 0
    try check(op.pointee.buffer_new(pointer, memory, &reference))
    return reference
  }

  /// The memory of the buffer that a slot stands for, retained for the caller; nil for any other value.
  func bufferMemory(of slot: UnsafePointer<Slot>) -> BufferMemory? {
    slot.pointee.kind == .userdata ? op.pointee.buffer_of(pointer, slot) : nil
  }
}
