// What scripts do with files that are open.

extension LuaRuntime {
  static var fileClass: LuaClass<ScriptFile> {
    LuaClass("file") {
      $0.method("read") { (file, lua: LuaRuntime, formats: LuaValues) in try lua.read(file, formats) }
      $0.method("write") { (file, lua: LuaRuntime, values: LuaValues) in try lua.write(values, to: file) }
      $0.method("lines") { (file, lua: LuaRuntime, formats: LuaValues) in
        _ = try file.open()
        return try lua.lines(of: file, formats, closing: false)
      }
      $0.method("close") { (file, lua: LuaRuntime) in try lua.close(file) }
      $0.method("flush") { (file, lua: LuaRuntime) throws -> LuaValue in
        _ = try file.open()
        return try lua.value(of: file)
      }
      $0.method("seek") { (file, whence: String?, offset: Int?) throws -> LuaValues in
        let whence = whence ?? "cur"
        guard ["set", "cur", "end"].contains(whence) else {
          throw LuaError(kind: .runtime, "bad argument #1 to 'seek' (invalid option '\(whence)')")
        }
        return try LuaValues.trying(nil) { [.integer(try file.seek(whence, offset ?? 0))] }
      }
      $0.method("setvbuf") { (file, mode: String) throws -> Bool in
        _ = try file.open()
        guard ["no", "full", "line"].contains(mode) else {
          throw LuaError(kind: .runtime, "bad argument #1 to 'setvbuf' (invalid option '\(mode)')")
        }
        return true
      }
      $0.metamethod(.index) { (_: LuaValue, _: LuaValue) -> LuaValue in nil }
      $0.metamethod(.close) { (file: ScriptFile, _: LuaValue) -> Void in _ = try? file.close() }
      $0.metamethod(.tostring) { (file: ScriptFile) -> String in
        file.isOpen ? "file (0x\(String(UInt(bitPattern: ObjectIdentifier(file)), radix: 16)))" : "file (closed)"
      }
    }
  }
}

extension LuaRuntime {
  /// How many bytes more Lua may hold.
  var room: Int { memoryLimit.map { max(0, $0 - memoryUsed) } ?? .max }

  func value(of file: ScriptFile) throws -> LuaValue { .userdata(try wrap(file)) }

  func close(_ file: ScriptFile) throws -> LuaValues {
    _ = try file.open()
    return try LuaValues.trying(nil) {
      try file.close()
      return [true]
    }
  }

  func write(_ values: LuaValues, to file: ScriptFile) throws -> LuaValues {
    _ = try file.open()
    return try LuaValues.trying(nil) {
      for index in values.indices { try file.write(values.bytes(index, of: "write", in: self).bytes) }
      return [try value(of: file)]
    }
  }

  /// The values of formats, up to the first that there is not.
  func read(_ file: ScriptFile, _ formats: LuaValues) throws -> LuaValues {
    _ = try file.open()
    return try LuaValues.trying(nil) {
      try file.checkReading()
      var results = LuaValues()
      var room = self.room
      for (index, format) in (formats.isEmpty ? ["l"] : formats).enumerated() {
        let value = try read(file, format, index, room: room)
        results.append(value)
        guard !value.isNil else { break }
        if case .string(let string) = value { room -= string.count }
      }
      return results
    }
  }

  private func read(_ file: ScriptFile, _ format: LuaValue, _ index: Int, room: Int) throws -> LuaValue {
    func string(_ bytes: [UInt8]?) -> LuaValue { bytes.map { .string(LuaString(bytes: $0)) } ?? .nil }
    switch format {
    case .number(let count) where Int(exactly: count) != nil:
      return try read(file, .integer(Int(count)), index, room: room)
    case .integer(let count):
      guard count != 0 else { return try file.isAtEnd ? nil : "" }
      let bytes = try file.read(upTo: max(0, count), room: room)
      return string(bytes.isEmpty ? nil : bytes)
    case .string(let name):
      switch name.bytes.first == UInt8(ascii: "*") ? name.bytes.dropFirst().first : name.bytes.first {
      case UInt8(ascii: "n"):
        return LuaValue(numeral: try file.readNumeral(), hasIntegers: engine.capabilities.contains(.integers))
      case UInt8(ascii: "l"): return string(try file.readLine(keepingEnd: false, room: room))
      case UInt8(ascii: "L"): return string(try file.readLine(keepingEnd: true, room: room))
      case UInt8(ascii: "a"): return string(try file.read(upTo: .max, room: room))
      default: break
      }
    default: break
    }
    throw LuaError(kind: .runtime, "bad argument #\(index + 1) to 'read' (invalid format)")
  }

  /// A function that gives what is read by the formats, line by line.
  ///
  /// - Parameter closing: Whether the file is closed at its end.
  func lines(of file: ScriptFile, _ formats: LuaValues, closing: Bool) throws -> LuaFunction {
    for format in formats where format.handle != nil {  // which would keep the runtime alive
      throw LuaError(kind: .runtime, "bad argument to 'lines' (invalid format)")
    }
    return try function { (lua: LuaRuntime) throws -> LuaValues in
      guard file.isOpen else { throw LuaError(kind: .runtime, "file is already closed") }
      let values = try lua.read(file, formats)
      if closing, values.firstOrNil.isNil { try file.close() }
      return values
    }
  }
}
