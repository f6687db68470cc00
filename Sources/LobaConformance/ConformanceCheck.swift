public import LobaCore

/// One behaviour that every engine must show.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
  /// The area, for example `tables`.
  public let area: String
  /// A sentence that says what must hold.
  public let name: String
  /// What the behaviour needs and not every engine can do. An engine without it is excused, by declaration.
  public let requires: LuaCapabilities
  /// Engines with any of these are excused: the behaviour is that of engines without.
  public let excludes: LuaCapabilities

  /// Why a preparation makes no sense for this check, for those that do not.
  private var disturbances: [ConformancePreparation: String] = [:]

  private let body: @Sendable (any LuaEngine) throws -> Void

  /// Makes a check of a body that throws if the behaviour is not there.
  ///
  /// - Parameters:
  ///   - area: The area that it belongs to.
  ///   - name: A sentence that says what must hold.
  ///   - requires: Engines without any of these are excused.
  ///   - excludes: Engines with any of these are excused.
  ///   - body: Makes its own runtimes on the engine, and closes them.
  public init(
    _ area: String, _ name: String, requires: LuaCapabilities = [], excludes: LuaCapabilities = [],
    _ body: @escaping @Sendable (any LuaEngine) throws -> Void
  ) {
    self.area = area
    self.name = name
    self.requires = requires
    self.excludes = excludes
    self.body = body
  }

  /// Why an engine need not pass this check; nil if it must.
  public func excuse(for engine: any LuaEngine) -> String? {
    let missing = requires.subtracting(engine.capabilities)
    if !missing.isEmpty { return "\(engine.name) does not declare: \(missing)" }
    let present = excludes.intersection(engine.capabilities)
    if !present.isEmpty { return "\(engine.name) declares: \(present)" }
    return nil
  }

  /// Why this check need not hold with a preparation; nil if it must.
  public func excuse(from preparation: ConformancePreparation) -> String? { disturbances[preparation] }

  /// The check, excused from preparations for a reason.
  func excused(from preparations: [ConformancePreparation], because reason: String) -> ConformanceCheck {
    var check = self
    for preparation in preparations { check.disturbances[preparation] = reason }
    return check
  }

  /// Runs the check.
  ///
  /// - Parameter preparation: What is done before to the runtimes that the check is given.
  /// - Throws: ``ConformanceFailure`` that says what was expected, what came, and where; or any error that the behaviour
  ///   raised when it should not.
  public func run(on engine: any LuaEngine, preparing preparation: ConformancePreparation? = nil) throws {
    guard let preparation else { return try body(engine) }
    try preparation.run { try body(engine) }
  }

  /// The area and the sentence: `tables: …`.
  public var description: String { "\(area): \(name)" }
}

/// A check that did not hold.
public struct ConformanceFailure: Error, CustomStringConvertible {
  /// What was expected, and what came.
  public let message: String
  /// The source file of the expectation.
  public let file: StaticString
  /// The line of the expectation.
  public let line: UInt

  /// The place and the message, as compilers write them.
  public var description: String { "\(file):\(line): \(message)" }
}

// MARK: - Expectations

/// Fails the check unless the condition holds.
func expect(
  _ condition: Bool, _ message: @autoclosure () -> String = "the condition does not hold", file: StaticString = #fileID,
  line: UInt = #line
) throws {
  if !condition { throw ConformanceFailure(message: message(), file: file, line: line) }
}

/// Fails the check unless both are equal.
func expectEqual<T: Equatable>(
  _ actual: T, _ expected: T, _ message: @autoclosure () -> String = "", file: StaticString = #fileID,
  line: UInt = #line
) throws {
  if actual != expected {
    let note = message()
    throw ConformanceFailure(
      message: "expected \(expected), got \(actual)\(note.isEmpty ? "" : " (\(note))")", file: file, line: line)
  }
}

/// Fails the check unless the body throws a ``LuaError`` of the kind; gives the error.
@discardableResult
func expectLuaError(
  _ kind: LuaError.Kind, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws -> LuaError {
  do {
    try body()
  } catch let error as LuaError {
    if error.kind != kind {
      throw ConformanceFailure(
        message: "expected a LuaError of kind \(kind), got one of kind \(error.kind): \(error)", file: file, line: line)
    }
    return error
  } catch {
    throw ConformanceFailure(message: "expected a LuaError of kind \(kind), got \(error)", file: file, line: line)
  }
  throw ConformanceFailure(message: "expected a LuaError of kind \(kind), nothing was thrown", file: file, line: line)
}

/// Fails the check unless the body throws exactly this error.
func expectError<E: Error & Equatable>(
  _ expected: E, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws {
  do {
    try body()
  } catch let error as E where error == expected {
    return
  } catch {
    throw ConformanceFailure(message: "expected \(expected), got \(error)", file: file, line: line)
  }
  throw ConformanceFailure(message: "expected \(expected), nothing was thrown", file: file, line: line)
}

/// Fails the check unless the text contains all of these.
func expectContains(_ text: String, _ parts: String..., file: StaticString = #fileID, line: UInt = #line) throws {
  for part in parts where !text.contains(part) {
    throw ConformanceFailure(message: "expected '\(part)' in '\(text)'", file: file, line: line)
  }
}

/// Fails the check unless the runtime still works.
func expectUsable(_ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line) throws {
  let two: Int = try lua.eval("1 + 1")
  try expectEqual(two, 2, "the runtime is not usable any more", file: file, line: line)
}

/// Fails unless the body throws, whatever it is.
@discardableResult
func expectThrown(file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void) throws
  -> any Error
{
  do { try body() } catch { return error }
  throw ConformanceFailure(message: "nothing was thrown", file: file, line: line)
}
