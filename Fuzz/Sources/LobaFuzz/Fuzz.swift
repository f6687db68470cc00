import Foundation
import Loba

/// What libFuzzer calls with every input. The target is that of `LOBA_FUZZ_TARGET`; the first byte chooses the engine, so that an
/// input that fails is all that there is to know.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(UnsafeBufferPointer(start: start, count: count))
  let engine = engines[Int(input.byte()) % engines.count]
  do {
    try target(engine, &input)
  } catch {
    // libFuzzer keeps the input of a process that dies.
    fatalError("\(engine.name): \(error)")
  }
  return 0
}

private let targets: [String: @Sendable (any LuaEngine, inout FuzzInput) throws -> Void] = [
  "chunks": fuzzChunks, "values": fuzzValues, "codable": fuzzCodable, "patterns": fuzzPatterns,
  "programs": fuzzPrograms,
]

private let target = targets[ProcessInfo.processInfo.environment["LOBA_FUZZ_TARGET"] ?? "chunks"]!

private let engines = LuaEngines.available.sorted { $0.identifier < $1.identifier }

/// What should not have come of an input.
struct FuzzFailure: Error, CustomStringConvertible {
  let description: String
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw FuzzFailure(description: message()) }
}

/// Bytes that are taken apart from the front. When there are no more, there are zeros.
struct FuzzInput {
  private(set) var rest: [UInt8]

  init(_ bytes: some Sequence<UInt8>) {
    rest = bytes.reversed()
  }

  mutating func byte() -> UInt8 { rest.popLast() ?? 0 }

  mutating func bits() -> UInt64 { (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte()) } }

  /// So many bytes, or those that there are.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(rest.suffix(count).reversed())
    rest.removeLast(taken.count)
    return taken
  }

  /// All that is left.
  mutating func remaining() -> [UInt8] { bytes(rest.count) }
}
