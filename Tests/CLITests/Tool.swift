import Foundation
import Loba
import Testing

/// What a process has done.
struct Outcome: Equatable {
  var output: String
  var errors: String
  var status: Int32
}

/// An engine of the build, as the tool and its original know it.
struct Subject: Sendable, CustomTestStringConvertible {
  let engine: any LuaEngine
  var identifier: String { engine.identifier }
  var testDescription: String { identifier }

  static let all = LuaEngines.available.map { Subject(engine: $0) }

  /// Lua's own interpreter of the same version, where it is installed.
  var original: URL? {
    let (major, minor) = engine.version
    let name = engine.capabilities.contains(.jit) ? "luajit" : "lua\(major).\(minor)"
    return ["/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { URL(fileURLWithPath: $0 + name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}

/// A folder of its own for a test, in which processes are run.
final class Workspace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "loba-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The tool, which is built beside the tests.
  static let tool: URL = {
    #if os(macOS)
      let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL
    #else
      let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    #endif
    return tests.deletingLastPathComponent().appending(path: "loba")
  }()

  func write(_ text: String, to name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Runs the tool.
  func loba(_ arguments: [String], input: String = "", environment: [String: String] = [:]) async throws -> Outcome {
    try await run(Self.tool, arguments, input: input, environment: environment)
  }

  /// Runs a program given as text, with the tool.
  func loba(
    _ subject: Subject, program: String, arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> Outcome {
    try write(program, to: "program.lua")
    return try await loba(
      ["run", "--engine", subject.identifier, "program.lua"] + arguments, environment: environment)
  }

  func run(
    _ executable: URL, _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) async throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = self.environment.merging(environment) { $1 }
    // Files instead of pipes: nothing can block on a full one.
    func file(_ name: String, _ contents: String = "") throws -> URL {
      let url = FileManager.default.temporaryDirectory.appending(path: "loba-\(name)-\(UUID().uuidString)")
      try Data(contents.utf8).write(to: url)
      return url
    }
    let files = try [file("input", input), file("output"), file("errors")]
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let handles = try [
      FileHandle(forReadingFrom: files[0]), FileHandle(forWritingTo: files[1]), FileHandle(forWritingTo: files[2]),
    ]
    // At once: processes stay for a while, and Foundation does not stand descriptors beyond 1,024.
    defer { for handle in handles { try? handle.close() } }
    process.standardInput = handles[0]
    process.standardOutput = handles[1]
    process.standardError = handles[2]
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
    return Outcome(output: try text(files[1]), errors: try text(files[2]), status: status)
  }

  /// This process's environment without what changes how Lua and the tool behave.
  var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("LUA_") && !["NO_COLOR", "XDG_STATE_HOME"].contains($0.key)
    }
    environment["HOME"] = folder.path
    return environment
  }
}
