internal import LobaCore

/// An error that a callback throws. What its end and its description do to the runtime is as random as the rest.
final class RandomError: Error, CustomStringConvertible {
  let number: Int
  private let life: LifetimeTracker

  init(_ number: Int, _ life: LifetimeTracker) {
    self.number = number
    self.life = life
  }

  deinit { RandomWorld.current?.disturbQuietly("deinit of an error", .errorDeinits) }

  var description: String {
    RandomWorld.current?.disturbQuietly("description of an error", .descriptions)
    return "E\(number);"
  }
}

/// What is known of the errors that have been raised: every one has a number, and once it has been caught and dropped it
/// must never be seen again.
struct RandomErrors {
  struct Record {
    let kind: LuaError.Kind?
    let underlying: Int?
    var isDropped = false
    var isStored = false
  }

  private(set) var records: [Int: Record] = [:]
  /// Errors of Lua's and Loba's own that are on their way, by kind and message.
  private var passing: Set<String> = []
  /// Whether a script keeps an error of Lua's own for lack of memory.
  var isMemoryErrorStored = false
  /// The messages of stops that scripts keep: of blocks that host functions have ended within, whose errors they have caught.
  var storedStops: Set<String> = []

  /// A new error; a kind for a ``LuaError``, nil for a Swift error.
  mutating func add(kind: LuaError.Kind?, underlying: Int? = nil) -> Int {
    let number = records.count + 1
    records[number] = Record(kind: kind, underlying: underlying)
    return number
  }

  mutating func drop(_ number: Int) { records[number]?.isDropped = true }

  mutating func store(_ number: Int) { records[number]?.isStored = true }

  mutating func pass(_ error: LuaError) { passing.insert(Self.key(error)) }

  /// Conversions say in front what they were for.
  func isPassing(_ error: LuaError) -> Bool {
    passing.contains(Self.key(error))
      || error.kind == .conversion && passing.contains { error.message.hasSuffix($0.dropFirst("conversion: ".count)) }
  }

  private static func key(_ error: LuaError) -> String { "\(error.kind): \(error.message)" }

  /// The number in `E12;`.
  static func number(in text: String) -> Int? {
    guard let start = text.firstIndex(of: "E"), let end = text[start...].firstIndex(of: ";") else { return nil }
    return Int(text[text.index(after: start)..<end])
  }

  /// The error itself, which a coder may have put into one of its own.
  static func bare(_ error: any Error) -> any Error {
    switch error {
    case EncodingError.invalidValue(_, let context): return context.underlyingError ?? error
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
      return context.underlyingError ?? error
    default: return error
    }
  }

  /// The number of an error that was made here; nil for any other.
  static func number(of error: any Error) -> Int? {
    let error = bare(error)
    if let error = error as? RandomError { return error.number }
    if case EncodingError.invalidValue(_, let context) = error { return number(in: context.debugDescription) }
    guard let error = error as? LuaError else { return nil }
    if case .table(let table) = error.value, let number = try? table.rawGet("error", as: Int.self) { return number }
    return number(in: error.message)
  }
}

// MARK: - Raising

extension RandomWorld {
  /// A new error of any kind that a host function can throw.
  func makeError() -> any Error {
    switch pick(5) {
    case 0, 1: return makeSwiftError()
    case 2:
      let number = errors.add(kind: .runtime)
      return LuaError(message: "E\(number);")
    case 3 where has(.errorValues):
      let number = errors.add(kind: .conversion)
      return LuaError(kind: .conversion, message: "E\(number);")
    case 4 where has(.errorValues):
      let underlying = makeSwiftError()
      let number = errors.add(kind: .runtime, underlying: underlying.number)
      if flip(), let table = try? lua.table(fields: ["error": number]) {
        return LuaError(message: "E\(number);", value: .table(table), underlying: underlying)
      }
      return LuaError(message: "E\(number);", underlying: underlying)
    default: return makeSwiftError()
    }
  }

  private func makeSwiftError() -> RandomError {
    let number = errors.add(kind: nil)
    return RandomError(number, lives.makeTracker(number))
  }

  /// A new error for a script to raise: nil for none.
  func makeErrorValue() throws -> LuaValue {
    guard !isQuiet, budget > 0, chance(1, in: 3) else { return .nil }
    if chance(1, in: 6), has(.imposters) { return "not enough memory" }
    let number = errors.add(kind: .runtime)
    note("a script raises E\(number)")
    return flip() ? .string(LuaString("E\(number);")) : .table(try lua.table(fields: ["error": number]))
  }
}

// MARK: - Judging

extension RandomWorld {
  /// Fails the run unless the error can have come out of what was done.
  func judge(_ error: any Error, from action: RandomAction) {
    let error = RandomErrors.bare(error)
    if isFinalizerText(error) { return }
    if let number = RandomErrors.number(of: error) { return judge(error, number, from: action) }
    if error is CancellationError, tasks.wasCancelled { return }
    guard let error = error as? LuaError else { return fail("\(action.name) threw \(error), which nobody raised") }
    if error.message.contains("not enough memory") {
      guard error.kind != .memory || wasMemoryEverDenied else {
        if errors.isMemoryErrorStored, !has(.imposters) { return }
        return fail("\(action.name) threw an error of kind memory, but memory was not denied")
      }
      if error.kind == .memory || wasMemoryEverDenied || has(.imposters) { return }
    }
    if tasks.wasCancelled, error.message.hasSuffix(LuaLimit.cancellation.description) { return }
    // As a stop, and as what an inner block has thrown and a script has raised again.
    if wasEverLimited, Self.limits.contains(where: error.message.hasSuffix) {
      guard error.kind == .limit, !isLimited, !errors.storedStops.contains(error.message) else { return }
      return fail("\(action.name) was stopped, but there is no limit")
    }
    switch error.kind {
    case .closed where wasClosed: return
    // A closed runtime knows no classes any more.
    case .conversion where wasClosed: return
    // Nor can its tables be looked into.
    case .runtime where wasClosed && error.value.handle is LuaTable: return
    case .handler where wasMemoryDenied || hasHandlerFailed: return
    case .runtime where hasHandlerEverFailed && error.message == "error in error handling": return
    default: break
    }
    if action.allows.contains(error.kind) || errors.isPassing(error) || wasMemoryDenied { return }
    if Self.tolerated.contains(where: error.message.contains) { return }
    fail("\(action.name) threw an error of kind \(error.kind) that nobody raised: \(error)")
  }

  private func judge(_ error: any Error, _ number: Int, from action: RandomAction) {
    guard let record = errors.records[number] else { return fail("\(action.name) threw E\(number), which is none") }
    // Of a closed runtime's values it is not known whether a script has stored them.
    if record.isDropped, !record.isStored, !wasClosed {
      return fail("\(action.name) threw E\(number), which had been caught and dropped")
    }
    guard let error = error as? LuaError else { return }
    if let kind = record.kind, error.kind != kind {
      fail("\(action.name) threw E\(number) as an error of kind \(error.kind), raised as \(kind)")
    }
    if let underlying = error.underlying {
      let found = RandomErrors.number(of: underlying)
      if found != record.underlying {
        fail("\(action.name): behind E\(number) is E\(found ?? 0), raised with E\(record.underlying ?? 0)")
      }
    }
  }

  /// A text about an error of a finalizer's, where that is all that comes out.
  private func isFinalizerText(_ error: any Error) -> Bool {
    guard engine.capabilities.contains(.finalizerErrorTexts), has(.finalizers), let error = error as? LuaError else {
      return false
    }
    return error.message.contains("error in __gc metamethod (")
  }

  private static let limits = [LuaLimit.instructions, .interruption].map(\.description)

  /// What Lua says of coroutines that cannot yield, be resumed or closed where scripts try it.
  private static var tolerated: [String] {
    [
      "attempt to yield", "cannot resume", "cannot close", "stack overflow", "cannot yield", "is running", "is dead",
      "where nothing can wait", "cannot wait here", "while it waits for an asynchronous function", "yields to nobody",
      "has resumed another", "outside a coroutine",
      // LuaJIT, where a finalizer does what only a hook could, which LuaJIT does not run meanwhile.
      "while in __gc metamethod",
    ]
  }

  /// An error has been caught, and nobody will see it again.
  func drop(_ error: any Error) {
    if let number = RandomErrors.number(of: error) { errors.drop(number) }
  }

  /// An error goes on, out of a callback.
  func pass(_ error: any Error) {
    if RandomErrors.number(of: error) == nil, let error = error as? LuaError { errors.pass(error) }
  }

  /// The number of an error as a script sees it.
  func number(ofCaught value: LuaValue) -> Int? {
    switch value {
    case .string(let text): return RandomErrors.number(in: text.description)
    case .table(let table): return try? table.rawGet("error", as: Int.self)
    case .userdata:
      if let error = try? value.as(RandomError.self) { return error.number }
      return (try? value.as(LuaError.self)).flatMap { RandomErrors.number(of: $0) }
    default: return nil
    }
  }
}
