// Methods that wait: see ``LuaRuntime/asyncFunction(_:)``.

extension LuaClass {
  /// Declares a method that waits.
  ///
  /// ```swift
  /// $0.asyncMethod("load") { (document: Document, path: String) in try await document.load(path) }
  /// ```
  ///
  /// What it can do and where it can be called is said of ``LuaRuntime/asyncFunction(_:)``. Of a structure it is given what the
  /// object was when it was called.
  public mutating func asyncMethod<R>(
    _ name: String, _ body: nonisolated(nonsending) @escaping (T) async throws -> R
  ) {
    declareAsync(name, type(of: body)) { call, member in
      let object: T = try call.object(of: member)
      return PendingCall {
        let result = try await body(object)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Declares a method with one parameter that waits.
  public mutating func asyncMethod<A, R>(
    _ name: String, _ body: nonisolated(nonsending) @escaping (T, A) async throws -> R
  ) {
    declareAsync(name, type(of: body)) { call, member in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let a = try arguments.next(A.self)
      return PendingCall {
        let result = try await body(object, a)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Declares a method with two parameters that waits.
  public mutating func asyncMethod<A, B, R>(
    _ name: String, _ body: nonisolated(nonsending) @escaping (T, A, B) async throws -> R
  ) {
    declareAsync(name, type(of: body)) { call, member in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let a = try arguments.next(A.self)
      let b = try arguments.next(B.self)
      return PendingCall {
        let result = try await body(object, a, b)
        return { try $0.returnResult(result) }
      }
    }
  }

  /// Declares a method with three parameters that waits.
  public mutating func asyncMethod<A, B, C, R>(
    _ name: String, _ body: nonisolated(nonsending) @escaping (T, A, B, C) async throws -> R
  ) {
    declareAsync(name, type(of: body)) { call, member in
      let object: T = try call.object(of: member)
      var arguments = HostArguments(call, from: 1, uncounted: 1)
      let a = try arguments.next(A.self)
      let b = try arguments.next(B.self)
      let c = try arguments.next(C.self)
      return PendingCall {
        let result = try await body(object, a, b, c)
        return { try $0.returnResult(result) }
      }
    }
  }

  private mutating func declareAsync(
    _ name: String, _ type: Any.Type, _ start: @escaping (HostCall, MemberName) throws -> PendingCall
  ) {
    let member = MemberName(name)
    description.forget(name)
    description.asyncMethods.insert(name)
    description.methods[name] = MemberBody(type) { call in try call.returnPending { try start($0, member) } }
  }
}
