import ArgumentParser
import Loba

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An error of the tool itself.
struct ToolError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// What people are told of an error.
struct Report {
  let message: [UInt8]
  let traceback: [UInt8]

  /// The exit status of a program that a time limit has ended, as of `timeout`, and of one that had not the memory.
  static let timeStatus: Int32 = 124
  static let memoryStatus: Int32 = 125

  static func status(of error: any Error, in lua: LuaRuntime) -> Int32 {
    guard let error = error as? LuaError else { return EXIT_FAILURE }
    if error.kind == .limit { return timeStatus }
    // The libraries of Lua 5.3 tell of a lack of memory in errors of their own.
    let isMemory = error.kind == .memory || error.message.contains("not enough memory")
    return isMemory && lua.memoryLimit != nil ? memoryStatus : EXIT_FAILURE
  }

  /// Runs a command; an error is written to standard error and becomes the exit status.
  static func errors(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as Reported {
      if let report = error.report { Console.error(Array("loba: ".utf8) + report.bytes) }
      throw ExitCode(error.status)
    } catch {
      Console.error(Array("loba: ".utf8) + Report(error).bytes)
      throw ExitCode.failure
    }
  }

  /// An error whose report has been made where the runtime was still open; nil if there is nothing to say.
  struct Reported: Error {
    let report: Report?
    let status: Int32
  }

  var bytes: [UInt8] { traceback.isEmpty ? message : message + [10] + traceback }

  /// Says what Lua's own interpreter says: the message with the traceback; of an error object that is not a string, its
  /// `__tostring` alone, or what type it is.
  init(_ error: any Error) {
    guard let error = error as? LuaError else {
      message = Array(String(describing: error).utf8)
      traceback = []
      return
    }
    switch error.value {
    case .string(let string):
      message = string.bytes
    case .integer, .number:
      message = Array(error.message.utf8)
    case let value:
      if let handle = value.handle, let metatable = try? handle.metatable,
        let method: LuaValue = try? metatable.rawGet("__tostring"), !method.isNil,
        let text: LuaString = try? method(value)
      {
        message = text.bytes
        traceback = []
        return
      }
      message = Array("(error object is a \(value.type) value)".utf8)
    }
    // A chunk that does not compile was not running. Below one that was is the interpreter, which Loba leaves out.
    guard error.kind != .syntax, !error.traceback.isEmpty else {
      traceback = []
      return
    }
    let text = "\(error.traceback)"
    traceback = Array((text.hasSuffix("\t[C]: in ?") ? text : text + "\n\t[C]: in ?").utf8)
  }
}
