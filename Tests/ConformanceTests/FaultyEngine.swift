import CLobaEngine
import LobaCore

/// An engine that is another one with a fault in it.
struct FaultyEngine: LuaCEngine {
  let original: any LuaCEngine
  let fault: Fault
  let operations: LuaOperations

  init(_ original: any LuaCEngine, _ fault: Fault) {
    self.original = original
    self.fault = fault
    // Kept as long as the process, as the table of an engine is.
    let table = UnsafeMutablePointer<loba_operations>.allocate(capacity: 1)
    table.initialize(to: original.operations.table.pointee)
    fault.change(&table.pointee)
    operations = LuaOperations(table)
  }

  var name: String { original.name }
  var identifier: String { original.identifier }
  var version: (major: Int, minor: Int) { original.version }
  var capabilities: LuaCapabilities { fault.capabilities(original.capabilities) }
  var packages: [String] { original.packages }
}

/// One thing that an engine does wrongly.
struct Fault: Sendable, CustomStringConvertible {
  /// The area of the suite that must find it.
  let area: String
  let description: String
  let change: @Sendable (inout loba_operations) -> Void
  var capabilities: @Sendable (LuaCapabilities) -> LuaCapabilities = { $0 }

  static let all = [
    Fault(area: "tables", description: "raw_length is always 7") { $0.raw_length = { _, _ in 7 } },
    Fault(area: "tables", description: "raw_length counts one too few") {
      $0.raw_length = { state, location in
        let length = originals.raw_length(state, location)
        return length == 0 ? 0 : length - 1
      }
    },
    Fault(area: "tables", description: "get_field finds nothing") {
      $0.get_field = { _, _, _, _, result in
        result.pointee = loba_slot()
        return LOBA_OK
      }
    },
    Fault(area: "metatables", description: "get ignores metamethods") {
      $0.get = { state, table, key, result, _ in originals.get(state, table, key, result, true) }
    },
    Fault(area: "metatables", description: "set ignores metamethods") {
      $0.set = { state, table, key, value, _ in originals.set(state, table, key, value, true) }
    },
    Fault(area: "tables", description: "set_field forgets") { $0.set_field = { _, _, _, _, _ in LOBA_OK } },
    Fault(area: "tables", description: "clear does nothing") { $0.clear = { _, _ in LOBA_OK } },
    Fault(area: "values", description: "all values are one") { $0.raw_equal = { _, _, _ in true } },
    Fault(area: "values", description: "no values are one") { $0.raw_equal = { _, _, _ in false } },
    Fault(area: "metatables", description: "there are no metatables") {
      $0.get_metatable = { _, _, metatable in
        metatable.pointee = 0
        return LOBA_OK
      }
    },
    Fault(area: "metatables", description: "setting a metatable does nothing") {
      $0.set_metatable = { _, _, _ in LOBA_OK }
    },
    Fault(area: "coroutines", description: "coroutines are always suspended") {
      $0.thread_status = { _, _ in LOBA_THREAD_SUSPENDED }
    },
    Fault(area: "coroutines", description: "a coroutine cannot be closed") {
      $0.thread_close = { _, _ in LOBA_ERROR_NORMAL }
    },
    Fault(area: "coroutines", description: "the function of a coroutine is never known") {
      $0.thread_function = { _, _, function in
        function.pointee = 0
        return LOBA_OK
      }
    },
    Fault(area: "lifecycle", description: "garbage is not collected") { $0.collect = { _, _ in LOBA_OK } },
    Fault(area: "lifecycle", description: "a wrong release") { $0.release_text = { UnsafePointer(text) } },
    Fault(area: "lifecycle", description: "close does nothing") { $0.close = { _ in } },
    Fault(area: "metatables", description: "comparing ignores __eq") {
      $0.compare = { state, a, b, _, result in
        result.pointee = originals.raw_equal(state, a.pointee.index, b.pointee.index)
        return LOBA_OK
      }
    },
    Fault(area: "lifecycle", description: "an integer capability too many", change: { _ in }) {
      $0.symmetricDifference(.integers)
    },
    Fault(area: "lifecycle", description: "a library capability too many", change: { _ in }) {
      $0.symmetricDifference(.bitLibrary)
    },
    Fault(area: "lifecycle", description: "a coroutine capability too many", change: { _ in }) {
      $0.symmetricDifference(.yieldAcrossPcall)
    },
  ]
}

/// The operations of the engine that faults are put into.
private let originals = FaultTests.engine.operations.table.pointee

nonisolated(unsafe) private let text: UnsafeMutablePointer<CChar> = {
  let text = UnsafeMutablePointer<CChar>.allocate(capacity: 2)
  text[0] = 63
  text[1] = 0
  return text
}()
