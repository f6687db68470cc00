extension LuaRuntime {
  func sourceBytes(_ code: String) -> [UInt8] { Array(code.utf8) }

  func encode(_ text: String) throws -> [UInt8] { Array(text.utf8) }

  func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String? { String(validating: bytes, as: UTF8.self) }
}
