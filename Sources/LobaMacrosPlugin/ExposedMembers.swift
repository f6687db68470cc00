#if Macros
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacros

  /// The declarations in a `LuaClass`, a line for each member of a type.
  struct ExposedMembers {
    let type: ExposedType
    let context: any MacroExpansionContext
    private(set) var lines: [String] = []
    /// What has a name already, by that name.
    private var names: Set<String> = []
    private var hasInitializer = false

    init(of type: ExposedType, _ context: any MacroExpansionContext) {
      self.type = type
      self.context = context
    }

    mutating func collect() {
      if let text = type.declaration.documentation { lines.append("$0.document(\(text.debugDescription))") }
      var hasOwnInitializer = false
      var needsInitializer = !type.isClass || type.superclass != nil
      for item in type.declaration.memberBlock.members {
        if item.decl.is(InitializerDeclSyntax.self) { hasOwnInitializer = true }
        if let variable = item.decl.as(VariableDeclSyntax.self), !variable.isStoredWithValue { needsInitializer = true }
        guard let attributes = item.decl.asProtocol((any WithAttributesSyntax).self)?.attributes,
          attributes.first(named: "LuaIgnored") == nil,
          let modifiers = item.decl.asProtocol((any WithModifiersSyntax).self)?.modifiers
        else { continue }
        let mark = attributes.first(named: "LuaMember")
        if modifiers.isPrivate {
          if let mark {
            context.diagnose("scripts do not get what is private: take the 'private' away, or this", at: mark)
          }
          continue
        }
        add(Member(item: item, mark: mark, isStatic: modifiers.has(.static) || modifiers.has(.class)))
      }
      // What the compiler makes by itself, where it certainly does.
      if !hasOwnInitializer, !needsInitializer { lines.append("$0.initializer { \(type.name)() }") }
    }

    /// A member, with what is said of it.
    private struct Member {
      let item: MemberBlockItemSyntax
      let mark: AttributeSyntax?
      let isStatic: Bool
    }

    private mutating func add(_ member: Member) {
      switch member.item.decl.as(DeclSyntaxEnum.self) {
      case .variableDecl(let variable): add(variable, member)
      case .functionDecl(let function): add(function, member)
      case .initializerDecl(let initializer): add(initializer, member)
      case .enumCaseDecl(let cases): for element in cases.elements { add(element, member) }
      default:
        if let mark = member.mark { context.diagnose("scripts cannot have a member of this kind", at: mark) }
      }
    }

    /// Takes a name for a member; says so if another has it.
    private mutating func claim(_ name: String, _ member: Member) -> Bool {
      if names.insert(name).inserted { return true }
      context.diagnose(
        "there is a member '\(name)' already, and scripts know no labels or types to tell them apart",
        at: member.item.decl,
        fixes: [
          ("give it another name for scripts", .marking(member.item, "@LuaMember(\"\(name)2\")")),
          ("leave it out", .marking(member.item, "@LuaIgnored")),
        ])
      return false
    }

    /// Adds the line for a member, and another of what type stubs say of it.
    private mutating func add(
      _ line: String, _ member: Member, documenting name: String, parameters: [String] = []
    ) {
      lines.append(line)
      let text = member.item.decl.documentation
      if text == nil, parameters.isEmpty { return }
      let list = parameters.map(\.debugDescription).joined(separator: ", ")
      lines.append(
        "$0.document(\(name.debugDescription), \((text ?? "").debugDescription)"
          + (list.isEmpty ? ")" : ", parameters: \(list))"))
    }

    /// Says why a member that was asked for is left out. Of others, nothing is said: they may have nothing to do with scripts.
    private func leaveOut(_ member: Member, _ reason: String) {
      if let mark = member.mark { context.diagnose("scripts cannot have this: \(reason)", at: mark) }
    }
  }

  // MARK: - Properties

  extension ExposedMembers {
    private mutating func add(_ variable: VariableDeclSyntax, _ member: Member) {
      for binding in variable.bindings {
        guard let pattern = binding.pattern.as(IdentifierPatternSyntax.self) else {
          leaveOut(member, "it has no name")
          continue
        }
        let property = pattern.identifier.text
        let name = member.mark?.name ?? pattern.identifier.luaName
        if member.isStatic {
          guard variable.isConstant else {
            leaveOut(member, "a variable of the type is no constant; declare functions that get and set it")
            continue
          }
          guard claim(name, member) else { continue }
          add("$0.constant(\(name.debugDescription), \(type.name).\(property))", member, documenting: name)
          continue
        }
        let accessors = Accessors(variable, binding)
        if accessors.isAsync {
          leaveOut(member, "reading it waits; declare a function that does")
          continue
        }
        guard claim(name, member) else { continue }
        let line = line(property, name.debugDescription, accessors, variable, binding, member.mark)
        add(line, member, documenting: name)
      }
    }

    private func line(
      _ property: String, _ name: String, _ accessors: Accessors, _ variable: VariableDeclSyntax,
      _ binding: PatternBindingSyntax, _ mark: AttributeSyntax?
    ) -> String {
      let get = "get: { \(accessors.isThrowing ? "try " : "")$0.\(property) }"
      let set = "set: { $0.\(property) = $1 }"
      guard accessors.isSettable else { return "$0.property(\(name), \(get))" }
      if mark?.isTrue("writesThrough") == true {
        return "$0.property(\(name), \\.\(property), writesThrough: true)"
      }
      let isLeaf = variable.isPlainlyStored(binding) && binding.isOfLeafType
      return "$0.\(isLeaf ? "leafProperty" : "property")(\(name), \(get), \(set))"
    }
  }

  /// What a property's accessors are.
  private struct Accessors {
    var isSettable: Bool
    var isThrowing = false
    var isAsync = false

    init(_ variable: VariableDeclSyntax, _ binding: PatternBindingSyntax) {
      isSettable = !variable.isConstant && !variable.modifiers.hasPrivateSetter
      switch binding.accessorBlock?.accessors {
      case .getter: isSettable = false
      case .accessors(let accessors):
        let kinds = accessors.map(\.accessorSpecifier.tokenKind)
        let isObserved = kinds.contains(.keyword(.didSet)) || kinds.contains(.keyword(.willSet))
        isSettable = isSettable && (isObserved || kinds.contains(.keyword(.set)) || kinds.contains(.keyword(._modify)))
        let getter = accessors.first { $0.accessorSpecifier.tokenKind == .keyword(.get) }
        isThrowing = getter?.effectSpecifiers?.throwsClause != nil
        isAsync = getter?.effectSpecifiers?.asyncSpecifier != nil
      case nil: break
      }
    }
  }

  extension VariableDeclSyntax {
    fileprivate var isConstant: Bool { bindingSpecifier.tokenKind == .keyword(.let) }

    /// Whether making an object needs no value for it.
    fileprivate var isStoredWithValue: Bool {
      modifiers.has(.static) || modifiers.has(.class)
        || bindings.allSatisfy { binding in
          binding.initializer != nil || (binding.accessorBlock != nil && !binding.isObserved)
            || (!isConstant && binding.typeAnnotation?.type.is(OptionalTypeSyntax.self) == true)
        }
    }

    /// Whether reading and setting it does nothing else.
    fileprivate func isPlainlyStored(_ binding: PatternBindingSyntax) -> Bool {
      binding.accessorBlock == nil && !modifiers.has(.lazy) && !modifiers.has(.override) && !attributes.hasOthers
    }
  }

  extension PatternBindingSyntax {
    fileprivate var isObserved: Bool {
      guard case .accessors(let accessors) = accessorBlock?.accessors else { return false }
      return accessors.contains { [.keyword(.didSet), .keyword(.willSet)].contains($0.accessorSpecifier.tokenKind) }
    }

    private static let leafTypes: Set = [
      "Bool", "Double", "Float", "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32",
      "UInt64",
    ]

    /// Whether it is a number or a boolean, as far as the source says.
    fileprivate var isOfLeafType: Bool {
      if let type = typeAnnotation?.type { return Self.leafTypes.contains(type.trimmedDescription) }
      guard var value = initializer?.value else { return false }
      if let negated = value.as(PrefixOperatorExprSyntax.self), negated.operator.text == "-" {
        value = negated.expression
      }
      return value.is(IntegerLiteralExprSyntax.self) || value.is(FloatLiteralExprSyntax.self)
        || value.is(BooleanLiteralExprSyntax.self)
    }
  }

  // MARK: - Functions

  extension ExposedMembers {
    private mutating func add(_ function: FunctionDeclSyntax, _ member: Member) {
      if case .identifier = function.name.tokenKind {} else { return addOperator(function, member) }
      guard function.genericParameterClause == nil, let parameters = Parameter.all(function.signature.parameterClause),
        function.signature.returnClause?.type.is(SomeOrAnyTypeSyntax.self, keyword: .some) != true
      else {
        return leaveOut(member, "it is generic, or has a parameter that Lua has no value for")
      }
      let effects = function.signature.effectSpecifiers
      let isAsync = effects?.isAsync == true
      let name = member.mark?.name ?? function.name.luaName
      let effort = (effects?.isThrowing == true ? "try " : "") + (isAsync ? "await " : "")
      let call = "\(function.name.text)(\(parameters.arguments))"
      if member.isStatic {
        if isAsync { return leaveOut(member, "functions of the type cannot wait") }
        guard claim(name, member) else { return }
        let list = parameters.isEmpty ? "" : " (\(parameters.declarations.joined(separator: ", "))) in"
        add(
          "$0.staticMethod(\(name.debugDescription)) {\(list) \(effort)\(type.name).\(call) }", member,
          documenting: name, parameters: parameters.names)
        return
      }
      let isMutating = function.modifiers.has(.mutating)
      if isAsync, isMutating || parameters.count > 3 {
        return leaveOut(member, isMutating ? "it changes a value and waits" : "what waits has three parameters at most")
      }
      guard claim(name, member) else { return }
      let list = (["object: \(isMutating ? "inout " : "")\(type.name)"] + parameters.declarations).joined(
        separator: ", ")
      let declare = isMutating ? "mutatingMethod" : isAsync ? "asyncMethod" : "method"
      add(
        "$0.\(declare)(\(name.debugDescription)) { (\(list)) in \(effort)object.\(call) }", member,
        documenting: name, parameters: parameters.names)
    }

    private mutating func add(_ initializer: InitializerDeclSyntax, _ member: Member) {
      guard initializer.genericParameterClause == nil,
        let parameters = Parameter.all(initializer.signature.parameterClause),
        initializer.signature.effectSpecifiers?.isAsync != true
      else {
        return leaveOut(member, "it is generic or waits, or has a parameter that Lua has no value for")
      }
      let effort = initializer.signature.effectSpecifiers?.isThrowing == true ? "try " : ""
      let list = parameters.isEmpty ? "" : " (\(parameters.declarations.joined(separator: ", "))) in"
      var made = "\(effort)\(type.name)(\(parameters.arguments))"
      if initializer.optionalMark != nil { made = "try LuaMade.object(\(made), \(type.luaName.debugDescription))" }
      if let name = member.mark?.name {
        guard claim(name, member) else { return }
        add(
          "$0.staticMethod(\(name.debugDescription)) {\(list) \(made) }", member, documenting: name,
          parameters: parameters.names)
      } else if hasInitializer {
        context.diagnose(
          "scripts make objects in one way: this needs a name, as a function of the class", at: initializer,
          fixes: [
            ("give it a name for scripts", .marking(member.item, "@LuaMember(\"make\")")),
            ("leave it out", .marking(member.item, "@LuaIgnored")),
          ])
      } else {
        hasInitializer = true
        add("$0.initializer {\(list) \(made) }", member, documenting: "new", parameters: parameters.names)
      }
    }

    private mutating func add(_ element: EnumCaseElementSyntax, _ member: Member) {
      let name = element.name.luaName
      let text = name.debugDescription
      guard claim(name, member) else { return }
      guard let payload = element.parameterClause else {
        add("$0.constant(\(text), \(type.name).\(element.name.text))", member, documenting: name)
        return
      }
      let types = payload.parameters.enumerated().map { "a\($0): \($1.type.trimmedDescription)" }
      let arguments = payload.parameters.enumerated().map { index, parameter in
        parameter.firstName.map { $0.text == "_" ? "a\(index)" : "\($0.text): a\(index)" } ?? "a\(index)"
      }
      add(
        "$0.staticMethod(\(text)) { (\(types.joined(separator: ", "))) in "
          + "\(type.name).\(element.name.text)(\(arguments.joined(separator: ", "))) }", member, documenting: name,
        parameters: payload.parameters.contains { $0.firstName != nil }
          ? payload.parameters.map { $0.firstName?.luaName ?? "" } : [])
    }
  }

  // MARK: - Operators

  extension ExposedMembers {
    private static let binary = [
      "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo", "<": "lessThan", "<=": "lessOrEqual",
    ]

    private mutating func addOperator(_ function: FunctionDeclSyntax, _ member: Member) {
      let symbol = function.name.text
      let parameters = Parameter.all(function.signature.parameterClause) ?? []
      // That of values that are equal is there by itself.
      if symbol == "==" { return }
      let metamethod = parameters.count == 2 ? Self.binary[symbol] : symbol == "-" ? "negate" : nil
      guard let metamethod, function.genericParameterClause == nil, !parameters.isEmpty else {
        return leaveOut(member, "Lua has no such operator")
      }
      guard claim("operator \(metamethod)", member) else { return }
      let effort = function.signature.effectSpecifiers?.isThrowing == true ? "try " : ""
      let list = parameters.declarations.joined(separator: ", ")
      let body = parameters.count == 2 ? "a0 \(symbol) a1" : "\(symbol)a0"
      lines.append("$0.metamethod(.\(metamethod)) { (\(list)) in \(effort)\(body) }")
    }
  }
#endif
