// Asynchronous closures as Lua functions: one way for each number of parameters, since the compiler has no parameter packs in
// closures that run where their caller does.

extension LuaRuntime {
  /// Makes a Lua function of a closure without parameters that waits.
  public func asyncFunction<R>(
    _ body: nonisolated(nonsending) @escaping () async throws -> R
  ) throws -> LuaFunction {
    try makeAsyncFunction(type(of: body)) { call in
      return PendingCall {
        let result = try await body()
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Makes a Lua function of a closure that waits.
  ///
  /// ```swift
  /// try lua.globals.set("fetch", to: lua.asyncFunction { (url: String) in try await client.get(url) })
  /// let page: String = try await script.callAsync("https://example.org")
  /// ```
  ///
  /// To the script it is a function like any other: while it waits, the coroutine that has called it is suspended, and no
  /// thread is held. It works on every engine, through coroutines of the script's own and through `pcall`. What it takes and
  /// gives is what the closures of ``function(_:)`` do; an error that it throws is raised in the script, and comes out of
  /// ``LuaFunction/callAsync(_:)`` as itself.
  ///
  /// The closure runs where the caller of `callAsync` does, an actor for example, and so may use what that has.
  ///
  /// It can wait in what ``LuaFunction/callAsync(_:)``, or a loop over ``LuaCoroutine/elements(as:)``, has called. Anywhere
  /// else, it raises an error of kind ``LuaError/Kind/coroutine``; so it does where C or Swift code stands between, such as
  /// the comparator of `table.sort` (on Lua 5.1 and 5.2 that is Lua's own error). (On Lua 5.1 metamethods and iterators of a `for` are such places as well.)
  ///
  /// With the first asynchronous function, `coroutine.resume`, `wrap` (and on Lua 5.1 `running`, `pcall` and `xpcall`) become
  /// functions that let others wait: make it before scripts put them away.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`; of kind `engine` if the globals have no coroutine library, or not
  ///   the basic functions.
  public func asyncFunction<A, R>(
    _ body: nonisolated(nonsending) @escaping (A) async throws -> R
  ) throws -> LuaFunction {
    try makeAsyncFunction(type(of: body)) { call in
      var arguments = HostArguments(call)
      let a = try arguments.next(A.self)
      return PendingCall {
        let result = try await body(a)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Makes a Lua function of a closure with two parameters that waits.
  public func asyncFunction<A, B, R>(
    _ body: nonisolated(nonsending) @escaping (A, B) async throws -> R
  ) throws -> LuaFunction {
    try makeAsyncFunction(type(of: body)) { call in
      var arguments = HostArguments(call)
      let a = try arguments.next(A.self)
      let b = try arguments.next(B.self)
      return PendingCall {
        let result = try await body(a, b)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Makes a Lua function of a closure with three parameters that waits.
  public func asyncFunction<A, B, C, R>(
    _ body: nonisolated(nonsending) @escaping (A, B, C) async throws -> R
  ) throws -> LuaFunction {
    try makeAsyncFunction(type(of: body)) { call in
      var arguments = HostArguments(call)
      let a = try arguments.next(A.self)
      let b = try arguments.next(B.self)
      let c = try arguments.next(C.self)
      return PendingCall {
        let result = try await body(a, b, c)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Makes a Lua function of a closure with four parameters that waits.
  public func asyncFunction<A, B, C, D, R>(
    _ body: nonisolated(nonsending) @escaping (A, B, C, D) async throws -> R
  ) throws -> LuaFunction {
    try makeAsyncFunction(type(of: body)) { call in
      var arguments = HostArguments(call)
      let a = try arguments.next(A.self)
      let b = try arguments.next(B.self)
      let c = try arguments.next(C.self)
      let d = try arguments.next(D.self)
      return PendingCall {
        let result = try await body(a, b, c, d)
        return { try $0.returnResult(result) }
      }
    }
  }
}
