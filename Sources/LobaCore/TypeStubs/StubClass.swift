/// A registered class as type stubs have it.
struct StubClass {
  private let declared: ClassDescription
  private let names: LuaTypeNames
  /// What annotations call it, which is a name in Lua.
  private let name: String
  /// Whether the global of this name is the class.
  private let isGlobal: Bool

  init(_ declared: ClassDescription, named name: String, in names: LuaTypeNames, isGlobal: Bool) {
    self.declared = declared
    self.names = names
    self.name = name
    self.isGlobal = isGlobal
  }

  /// The groups of lines: the class, then each of its functions.
  func write(to text: inout StubText) {
    let superclass = declared.superclass.flatMap { names.className(of: $0) }.map { ": \($0)" } ?? ""
    let head = StubText.comment(declared.documentation[nil]?.text) + ["---@class \(name)\(superclass)"]
    let annotations = head + fields + fallback + operators + calls
    // A local variable that is not in a block of its own would be one of the 200 that a chunk can have.
    let functions = functions
    let end = functions.isEmpty ? " end" : ""
    text.add(annotations + [isGlobal ? "\(name) = {}" : "do local \(name) = {}\(end)"])
    for lines in functions { text.add(lines) }
    if !isGlobal, !functions.isEmpty { text.add(["end"]) }
  }

  /// - Parameter results: What it returns. Default: what its type says.
  private func signature(
    of member: String, _ body: MemberBody, from uncounted: Int, results: [String]? = nil
  ) -> StubFunction? {
    guard let type = FunctionType(body.type) else { return nil }
    let documented = declared.documentation[member]?.parameters ?? []
    return StubFunction(
      type, in: names, from: uncounted, parameterNames: documented.isEmpty ? body.names : documented, results: results)
  }

  /// What makes objects.
  private var maker: StubFunction? {
    declared.initializer.flatMap { signature(of: "new", $0, from: 0, results: [name]) }
  }

  // MARK: - Annotations of the class

  private var fields: [String] {
    var fields: [String: String] = [:]
    func add(_ member: String, _ type: String, isReadOnly: Bool = false) {
      let documentation = declared.documentation[member]?.text
      let remark = StubText.remark(isReadOnly ? "read-only" : nil, documentation)
      fields[member] = "---@field \(Self.fieldName(member)) \(type)\(remark)"
    }
    for (member, body) in declared.getters {
      let type = FunctionType(body.type)?.result ?? Any.self
      add(member, names.name(of: type), isReadOnly: declared.setters[member] == nil)
    }
    for (member, constant) in declared.constants { add(member, names.name(of: constant.type), isReadOnly: true) }
    for (member, body) in declared.methods where !LuaString(member).isName {
      add(member, signature(of: member, body, from: 1)?.type(of: name) ?? "function")
    }
    for (member, body) in declared.statics where !LuaString(member).isName && declared.methods[member] == nil {
      add(member, signature(of: member, body, from: 0)?.type ?? "function")
    }
    return fields.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The name of a field; one that would be read as something else is a string.
  private static func fieldName(_ member: String) -> String {
    let name = LuaString(member)
    let isScope = ["public", "private", "protected", "package"].contains(member)
    return name.isName && !isScope ? member : "[\(quoted(name.bytes[...]))]"
  }

  /// What names that are not declared are.
  private var fallback: [String] {
    let reading = declared.fallback(.index).flatMap { FunctionType($0.type) }
    let writing = declared.fallback(.newIndex).flatMap { FunctionType($0.type) }
    let parameters = (reading ?? writing)?.parameters.filter { $0 != LuaRuntime.self } ?? []
    guard parameters.count > 1 else { return [] }
    let key = names.name(of: parameters[1])
    let value = reading?.result ?? (parameters.count > 2 ? parameters[2] : Any.self)
    // LuaCATS takes but the name of a type for that of the keys.
    return ["---@field [\(LuaString(key).looksLikeName ? key : "any")] \(names.name(of: value))"]
  }

  private static let unary = ["unm", "len", "bnot"]
  private static let binary = [
    "add", "sub", "mul", "div", "mod", "pow", "idiv", "concat", "band", "bor", "bxor", "shl", "shr",
  ]

  private var operators: [String] {
    declared.metamethods.sorted { $0.key < $1.key }.compactMap { field, body in
      let name = String(field.dropFirst(2))
      guard let type = FunctionType(body.type) else { return nil }
      let result = type.result == LuaValues.self ? "any" : names.results(of: type.result).first ?? "nil"
      if Self.unary.contains(name) { return "---@operator \(name): \(result)" }
      let operands = type.parameters.filter { $0 != LuaRuntime.self }
      guard Self.binary.contains(name), operands.count > 1 else { return nil }
      // The other than the object: LuaCATS takes the two in either order.
      let other = operands[1] == declared.type ? operands[0] : operands[1]
      return "---@operator \(name)(\(names.name(of: other))): \(result)"
    }
  }

  /// Calls of the class, which make objects, and of its objects.
  private var calls: [String] {
    let call = LuaMetamethod.call.field
    let called = declared.metamethods[call].flatMap { signature(of: call, $0, from: 1) }
    return [maker, called].compactMap { $0 }.map { "---@overload \($0.type)" }
  }

  // MARK: - Functions

  private var functions: [[String]] {
    var functions: [(member: String, separator: String, function: StubFunction?)] = []
    for (member, body) in declared.methods { functions.append((member, ":", signature(of: member, body, from: 1))) }
    for (member, body) in declared.statics where member != "new" || declared.initializer == nil {
      functions.append((member, ".", signature(of: member, body, from: 0)))
    }
    if let maker { functions.append(("new", ".", maker)) }
    return functions.filter { LuaString($0.member).isName }
      .sorted { ($0.member, $0.separator) < ($1.member, $1.separator) }
      .map { member, separator, function in
        let path = name + separator + member
        return StubText.comment(declared.documentation[member]?.text)
          + (function?.lines(named: path) ?? ["function \(path)(...) end"])
      }
  }
}
