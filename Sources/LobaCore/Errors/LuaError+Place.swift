// Where in a script, and in which function, an error of Swift's was raised. Whoever makes such an error knows neither; the
// host function that raises it looks, and then only, so that a call without an error pays nothing for it.

/// What an error is about, as its message is to begin.
enum LuaErrorSubject {
  /// An argument, by its number; 0 is what a method is called on.
  case argument(Int)
  /// The new value of a property, by its name.
  case newValue(String)
  /// What a function gives to Lua.
  case result
  /// What the message says itself.
  case none

  /// - Parameter function: The name of the function in question, if it is known.
  fileprivate func introduction(in function: String?) -> String {
    let name = function.map { "'\($0)'" }
    switch self {
    case .argument(0): return "calling \(name ?? "a method") on bad self: "
    case .argument(let number): return "bad argument #\(number)\(name.map { " to \($0)" } ?? ""): "
    case .newValue(let property): return "bad value for \(name ?? "'\(property)'"): "
    case .result: return name.map { "result of \($0): " } ?? ""
    case .none: return ""
    }
  }
}

/// A message in parts, put together when it is read: most errors that a script catches are never looked at.
struct MessageParts {
  var text: String
  var subject = LuaErrorSubject.none
  /// The name of the function; nil if the script's name for it is to be taken.
  var function: String?
  /// Where it was raised; nil of one that no host function has raised yet.
  var site: CallSite?

  func message() -> String {
    guard let site else { return subject.introduction(in: function) + text }
    let place = site.place
    var subject = subject
    var function = function
    if function == nil {
      function = site.name
      if case .argument(let number) = subject {
        // Lua counts the arguments of a method without the object.
        if site.isMethodCall { subject = .argument(number - 1) }
        if function == nil, !place.isEmpty { function = "?" }
      }
    }
    return place + subject.introduction(in: function) + text
  }
}

extension LuaError {
  /// An error whose message says where the script was, and in which function, once a host function raises it.
  init(kind: Kind, _ text: String, about subject: LuaErrorSubject = .none, underlying: (any Error)? = nil) {
    storage = Storage(
      kind: kind, message: .parts(MessageParts(text: text, subject: subject)), value: nil, traceback: LuaTraceback(),
      underlying: underlying)
  }

  /// The parts of a message that has no place yet.
  private var unplaced: MessageParts? {
    guard case .parts(let parts) = storage.words, parts.site == nil else { return nil }
    return parts
  }

  /// The error as the host function raises it that has been called: with its place in the message, unless it has one.
  ///
  /// - Parameter function: The function's name; nil if the script's name for it is to be taken.
  func placed(in state: LuaState, function: String?) -> LuaError {
    guard var parts = unplaced else { return self }
    if parts.function == nil { parts.function = function }
    parts.site = state.callSite
    return with(.parts(parts))
  }

  /// The same error with the levels of the stack, unless it has some from where it was raised first.
  func traced(by traceback: LuaTraceback) -> LuaError {
    guard self.traceback.isEmpty, !traceback.isEmpty else { return self }
    return with(storage.words, traceback: traceback)
  }

  /// Runs what a function by this name does, saying so in errors that name none yet.
  static func naming<R>(_ function: @autoclosure () -> String, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as LuaError {
      guard var parts = error.unplaced, parts.function == nil else { throw error }
      parts.function = function()
      throw error.with(.parts(parts))
    }
  }

  /// Says in an error of a conversion what it was about, if it says nothing of it.
  func about(_ subject: LuaErrorSubject) -> LuaError {
    var parts = unplaced ?? MessageParts(text: message)
    guard kind == .conversion, case .none = parts.subject else { return self }
    parts.subject = subject
    return with(.parts(parts))
  }

  private func with(_ words: Storage.Words, traceback: LuaTraceback? = nil) -> LuaError {
    with(words, value: storage.value, traceback: traceback, underlying: underlying)
  }

  /// The same error but for what is given: every copy is made here, so that none leaves anything out.
  func with(
    _ words: Storage.Words, value: LuaValue?, traceback: LuaTraceback? = nil, underlying: (any Error)?
  ) -> LuaError {
    LuaError(
      storage: Storage(
        kind: kind, message: words, value: value, traceback: traceback ?? self.traceback, underlying: underlying,
        limit: limit))
  }
}

extension LuaReader {
  /// An error of a conversion that says which argument or result of the call it is about.
  func conversionError(_ text: String, underlying: (any Error)? = nil) -> LuaError {
    if position > 0 { return LuaError(kind: .conversion, text, about: .argument(position), underlying: underlying) }
    return LuaError(kind: .conversion, (position < 0 ? "result \(-position): " : "") + text, underlying: underlying)
  }
}
