import Loba
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lets Ctrl-C stop what the REPL is running: a count hook looks whether the signal has come and raises "interrupted!".
///
/// What runs no hooks (a C function, a loop that LuaJIT has compiled, a coroutine) is not stopped; a second Ctrl-C then
/// ends the process.
struct Interrupts {
  private static let pending = Atomic<Bool>(false)
  private static let instructionsBetweenChecks = 10_000

  private let setHook: LuaFunction?
  private let getHook: LuaFunction?
  private let check: LuaFunction?

  init(_ lua: LuaRuntime) {
    setHook = try? lua.globals.debug.sethook.as(LuaFunction.self)
    getHook = try? lua.globals.debug.gethook.as(LuaFunction.self)
    check = try? lua.function {
      if Self.pending.exchange(false, ordering: .relaxed) { throw LuaError(message: "interrupted!") }
    }
  }

  /// Runs a body that Ctrl-C can stop. A hook of the program's own stays, and makes this impossible meanwhile.
  func allowed<R>(_ body: () throws -> R) throws -> R {
    Self.pending.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interrupts.pending.exchange(true, ordering: .relaxed) {
        signal(SIGINT, SIG_DFL)
        raise(SIGINT)
      }
    }
    defer { signal(SIGINT, SIG_DFL) }
    // Whoever started the tool may have had the signal blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    guard let setHook, let getHook, let check else { return try body() }
    let present: LuaFunction? = try getHook()
    if present == nil { let _: Void = try setHook(check, "", Self.instructionsBetweenChecks) }
    defer {
      if let hook: LuaFunction = try? getHook(), hook == check { let _: Void? = try? setHook() }
    }
    return try body()
  }
}
