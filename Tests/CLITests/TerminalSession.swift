import Foundation
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// A person at a terminal: what is typed when the screen shows what was waited for.
struct TerminalSession {
  struct Step {
    let awaited: [String]
    let action: Action
  }

  enum Action {
    case type(String)
    /// The signal that Ctrl-C is where the terminal is not in raw mode.
    case interrupt
  }

  var shown = ""
  var status: Int32 = 0

  /// Runs a REPL through the steps, and waits for its end.
  init(_ workspace: Workspace, arguments: [String] = [], environment: [String: String] = [:], _ steps: [Step]) throws {
    var main: Int32 = 0
    var side: Int32 = 0
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&main, &side, nil, nil, &size) == 0)
    defer { close(main) }
    let process = Process()
    process.executableURL = Workspace.tool
    process.arguments = ["repl"] + arguments
    process.environment = workspace.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
    let handle = FileHandle(fileDescriptor: side)
    (process.standardInput, process.standardOutput, process.standardError) = (handle, handle, handle)
    try process.run()
    close(side)
    defer { if process.isRunning { process.terminate() } }
    let deadline = Date.now + 30
    var unread = ""
    for step in steps {
      for awaited in step.awaited where !awaited.isEmpty {
        while !unread.contains(awaited) {
          let more = try Self.read(main, until: deadline)
          unread += try #require(more, "waited for \(awaited.debugDescription), seen: \(unread.debugDescription)")
        }
        let range = try #require(unread.range(of: awaited))
        shown += unread[..<range.upperBound]
        unread = String(unread[range.upperBound...])
      }
      switch step.action {
      case .type(let keys): keys.withCString { _ = write(main, $0, strlen($0)) }
      case .interrupt: process.interrupt()
      }
    }
    while let more = try Self.read(main, until: deadline) { unread += more }
    shown += unread
    if Date.now > deadline { process.terminate() }
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// What the terminal shows next; nil when the process is gone.
  private static func read(_ descriptor: Int32, until deadline: Date) throws -> String? {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let patience = Int32(max(0, deadline.timeIntervalSinceNow) * 1000)
    guard poll(&request, 1, patience) > 0 else {
      Issue.record("the REPL shows nothing more")
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    #if canImport(Darwin)
      let count = Darwin.read(descriptor, &bytes, bytes.count)
    #else
      let count = Glibc.read(descriptor, &bytes, bytes.count)
    #endif
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

extension TerminalSession.Step {
  /// Types when the text has been shown.
  static func after(_ awaited: String, type keys: String) -> Self { Self(awaited: [awaited], action: .type(keys)) }

  /// Types at the next prompt (before it, the terminal would not be in raw mode), and after what is to be shown first.
  static func prompted(after awaited: String = "", _ keys: String) -> Self {
    Self(awaited: [awaited, "\u{1B}[J> \r"], action: .type(keys))
  }

  /// Types at the next prompt for a continuation.
  static func continuing(_ keys: String) -> Self { Self(awaited: ["\u{1B}[J>> \r"], action: .type(keys)) }

  static func interrupt(after awaited: String) -> Self { Self(awaited: [awaited], action: .interrupt) }
}
