/// A function as type stubs have it.
struct StubFunction {
  /// Names and types; the name of the rest is `...`.
  private(set) var parameters: [(name: String, type: String)] = []
  let results: [String]
  let isAsync: Bool

  /// - Parameters:
  ///   - type: The type of the Swift function.
  ///   - uncounted: How many parameters come before the arguments: the object of a method.
  ///   - parameterNames: Names of parameters, as far as there are.
  ///   - results: What it returns. Default: what the type says.
  init(
    _ type: FunctionType, in names: LuaTypeNames, from uncounted: Int = 0, parameterNames: [String] = [],
    results: [String]? = nil
  ) {
    self.results = results ?? names.results(of: type.result)
    isAsync = type.isAsync
    for type in type.parameters.dropFirst(uncounted) where type != LuaRuntime.self {
      if type == LuaValues.self {
        parameters.append(("...", "any"))
        break  // it takes all
      }
      let index = parameters.count
      let given = index < parameterNames.count ? parameterNames[index] : ""
      var name = LuaString(given).isName ? given : "arg\(index + 1)"
      while parameters.contains(where: { $0.name == name }) { name += "_" }
      parameters.append((name, names.name(of: type)))
    }
  }

  /// As a type: `fun(arg1: integer): string`.
  var type: String { type(of: nil) }

  /// As the type of a method.
  func type(of object: String?) -> String {
    let receiver = object.map { [("self", $0)] } ?? []
    let list = (receiver + parameters).map { "\($0.0): \($0.1)" }.joined(separator: ", ")
    let returned = results.joined(separator: ", ")
    let result = results.isEmpty ? "" : results.count == 1 ? ": \(returned)" : ": (\(returned))"
    return "\(isAsync ? "async " : "")fun(\(list))\(result)"
  }

  /// As a declaration: its annotations, and the function without a body.
  ///
  /// - Parameter scope: What comes before it.
  func lines(named name: String, in scope: String = "") -> [String] {
    let annotations =
      (isAsync ? ["---@async"] : []) + parameters.map { "---@param \($0.name) \($0.type)" }
      + results.map { $0 == "...any" ? "---@return any ..." : "---@return \($0)" }
    return annotations + ["\(scope)function \(name)(\(parameters.map(\.name).joined(separator: ", "))) end"]
  }
}
