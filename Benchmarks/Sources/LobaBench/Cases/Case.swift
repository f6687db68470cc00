import CTwin
import Loba

/// One case: what Loba's side does, and how it is reported. The twin of the same name is in `Sources/Twins`.
struct Case: Sendable {
  let name: String
  /// What one run's time is divided by: the entries of an array or dictionary.
  let units: Int
  /// Prepares the case in a fresh runtime. What it returns does the operation so many times, in a loop of its own, and
  /// gives a checksum, which must be the twin's.
  ///
  /// These closures are not isolated to any actor, as closures of top-level code would be: a host function that is
  /// would check its executor at each call.
  let prepare: @Sendable (LuaRuntime) throws -> Body

  typealias Body = (Int) throws -> Int64

  init(_ name: String, units: Int = 1, _ prepare: @escaping @Sendable (LuaRuntime) throws -> Body) {
    self.name = name
    self.units = units
    self.prepare = prepare
  }

  /// All cases, in the order of the report: one list per line, from the file of its subject.
  static let all: [Case] = [
    calls,
    objects,
    leaves,
    buffers,
    vectors,
    tables,
    iteration,
    strings,
    running,
    errors,
  ].flatMap { (cases: [Case]) in cases }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

let arrayCount = Int(TWIN_ARRAY_COUNT)
let dictionaryCount = Int(TWIN_DICTIONARY_COUNT)
let longString = Int(TWIN_LONG_STRING)
