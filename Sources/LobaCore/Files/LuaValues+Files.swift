// Arguments and results of the functions for files.

extension LuaValues {
  /// The string that an argument is, or the text of a number.
  func bytes(_ index: Int, of function: String, in lua: LuaRuntime) throws -> LuaString {
    let value = index < count ? self[index] : .nil
    switch value {
    case .string(let string): return string
    case .integer(let integer): return LuaString(try lua.text(of: .integer(Int64(integer))))
    case .number(let number): return LuaString(try lua.text(of: .number(number)))
    default:
      let given = index < count ? "\(value.type)" : "no value"
      throw LuaError(kind: .runtime, "bad argument #\(index + 1) to '\(function)' (string expected, got \(given))")
    }
  }

  /// What a body gives, or nil, what is wrong with the file, and its number.
  static func trying(_ path: LuaString?, _ body: () throws -> LuaValues) throws -> LuaValues {
    do { return try body() } catch let error as LuaFileError {
      let message = path.map { "\($0): \(error.message)" } ?? error.message
      return [nil, .string(LuaString(message)), .integer(error.code)]
    }
  }
}

extension LuaString {
  /// The path that it is.
  var filePath: String {
    get throws {
      guard let text else { throw LuaFileError.notFound }
      return text
    }
  }
}
