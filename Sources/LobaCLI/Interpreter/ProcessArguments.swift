import Loba

/// The command line of this process, byte for byte, seen from the Lua program in it.
struct ProcessArguments {
  private let all: [LuaString]
  /// The index of the program's name; 0, the tool itself, if there is no program.
  private let position: Int

  /// - Parameter programArgumentCount: How many arguments at the end are the program's name and its arguments.
  init(programArgumentCount count: Int) {
    all = (0..<Int(CommandLine.argc)).map { index in
      let text = UnsafePointer(CommandLine.unsafeArgv[index]!)
      var bytes: [UInt8] = []
      var next = text
      while next.pointee != 0 {
        bytes.append(UInt8(bitPattern: next.pointee))
        next += 1
      }
      return LuaString(bytes: bytes)
    }
    position = count == 0 ? 0 : all.count - count
  }

  var program: LuaString? { position == 0 ? nil : all[position] }
  var ofProgram: [LuaString] { position == 0 ? [] : Array(all[(position + 1)...]) }

  /// The global table `arg`: the program at 0, its arguments after it, and what comes before it at negative indices.
  func table(in lua: LuaRuntime) throws -> LuaTable {
    let table = try lua.table()
    for (index, argument) in all.enumerated() { try table.rawSet(index - position, to: argument) }
    return table
  }
}
