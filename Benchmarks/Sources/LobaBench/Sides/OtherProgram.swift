import Foundation

/// A side that another program runs: it is asked line by line (`prepare NAME`, `run TIMES`) and measures itself.
final class OtherProgram {
  /// What reports call it.
  let name: String
  private let process = Process()
  private let input = Pipe(), output = Pipe()
  private var received = Data()

  init(_ name: String, _ path: String, _ arguments: [String] = []) throws {
    self.name = name
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    do { try process.run() } catch { throw Failure("\(path) cannot be started: \(error)") }
  }

  deinit {
    try? input.fileHandleForWriting.close()  // which ends it
    process.waitUntilExit()
  }

  /// False if it does not know the case.
  func prepare(_ test: String) throws -> Bool { try ask("prepare \(test)") == "ok" }

  func run(_ times: Int) throws -> (sum: Int64, seconds: Double) {
    let answer = try ask("run \(times)")
    let parts = answer.split(separator: " ")
    guard parts.count == 2, let time = Double(parts[0]), let sum = Int64(parts[1]) else {
      throw Failure("\(name) has answered '\(answer)'")
    }
    return (sum, time / 1e9)
  }

  private func ask(_ question: String) throws -> String {
    try input.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Failure("\(name) has ended at '\(question)'") }
      received.append(more)
    }
  }
}
