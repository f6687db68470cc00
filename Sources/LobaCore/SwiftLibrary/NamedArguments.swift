extension LuaRuntime {
  /// Makes a Lua function whose parameters have names.
  ///
  /// ```swift
  /// lua.function(named: "x", "y") { (x: Int, y: Int?) in x + (y ?? 0) }
  /// ```
  ///
  /// Scripts call it as `f(1, 2)`, `f{x = 1, y = 2}`, `f{1, y = 2}` or with `swift.args{…}`. So the function cannot take a
  /// table as its only argument. A parameter that is missing is nil; a name that there is not, or one given twice, throws.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` if there are not as many names as parameters, or two are the same.
  public func function<each A, R>(
    named first: String, _ others: String..., body: @escaping (repeat each A) throws -> R
  ) throws -> LuaFunction {
    let names = try NamedArguments([first] + others, of: repeat (each A).self)
    let type = type(of: body)
    let body = names.body(from: 0) { call in
      var arguments = HostArguments(call)
      let result = try body(repeat try names.next((each A).self, &arguments))
      try call.returnResult(result)
    }
    return try makeFunction(HostFunction(body, type: type, parameterNames: names.names, spreadsPacks: false))
  }
}

extension LuaClass {
  /// Declares a method whose parameters have names: `object:name(1, 2)`, `object:name{x = 1, y = 2}`,
  /// `object:name{1, y = 2}` or with `swift.args{…}`.
  ///
  /// There must be as many names as parameters after the object, and no two the same; otherwise calls throw.
  public mutating func method<each A, R>(
    _ name: String, named first: String, _ others: String...,
    body: @escaping (T, repeat each A) throws -> R
  ) {
    let names = Result { try NamedArguments([first] + others, of: repeat (each A).self) }
    let member = MemberName(name)
    description.forget(name)
    description.methods[name] = MemberBody(type(of: body), names: [first] + others) { call in
      let names = try names.get()
      try names.body(from: 1) { call in
        var arguments = HostArguments(call, from: 1, uncounted: 1)
        let object: T = try call.object(of: member)
        let result = try body(object, repeat try names.next((each A).self, &arguments))
        try call.returnResult(result)
      }(call)
    }
    description.packMethods.insert(name)
  }
}

/// The names of a function's parameters.
private struct NamedArguments {
  let names: [String]

  init<each A>(_ names: [String], of types: repeat (each A).Type) throws {
    var parameters = 0
    for _ in repeat each types { parameters += 1 }
    guard names.count == parameters else {
      throw LuaError(kind: .conversion, "\(parameters) parameters need as many names, not \(names.count)")
    }
    if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw LuaError(kind: .conversion, "two parameters have the name '\(name)'")
    }
    self.names = names
  }

  /// A body that finds its arguments, which begin at `start`, in the order of the names.
  func body(from start: Int, _ body: @escaping HostFunction.Body) -> HostFunction.Body {
    { call in try CallArguments.named(names, of: call, from: start, body) }
  }

  func next<T>(_ type: T.Type, _ arguments: inout HostArguments) throws -> T {
    let index = arguments.index - arguments.uncounted
    do {
      return try arguments.next(type)
    } catch let error as LuaError where error.kind == .conversion {
      throw LuaError(kind: .conversion, "parameter '\(names[index])': \(error.message)")
    }
  }
}
