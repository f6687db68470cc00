/// A call of an asynchronous function, from its arguments to its result: an object that travels through Lua from the function,
/// which cannot wait, to whoever drives the coroutine, which can.
///
/// Lua code around the function (``LuaRuntime/openAsync()``) makes it, yields it, and when it is resumed takes the result out
/// of it. Scripts that lay hands on it can do nothing with it but hold it.
final class PendingCall {
  /// Waits, and gives what writes the result.
  typealias Body = nonisolated(nonsending) () async throws -> Finish
  typealias Finish = (HostCall) throws -> Void

  private enum State {
    case waiting(Body)
    case running
    case finished(Result<Finish, any Error>)
    case taken
  }

  private var state: State

  init(_ body: @escaping Body) {
    state = .waiting(body)
  }

  /// Runs the body, if it has not been run.
  nonisolated(nonsending) func run() async {
    guard case .waiting(let body) = state else { return }
    state = .running
    do {
      state = .finished(.success(try await body()))
    } catch {
      state = .finished(.failure(error))
    }
  }

  /// Lets go of the body, for an error in its place.
  func fail(_ error: any Error) {
    if case .waiting = state { state = .finished(.failure(error)) }
  }

  /// Gives the result to the call from Lua that takes it, once.
  func finish(_ call: HostCall) throws {
    guard case .finished(let result) = state else {
      throw LuaError(kind: .coroutine, "the coroutine was resumed while it waits for an asynchronous function")
    }
    state = .taken
    try result.get()(call)
  }
}
