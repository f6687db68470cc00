#if Macros
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacros

  /// `@LuaInterface`: a structure that implements a protocol by a table.
  struct LuaInterfaceMacro: PeerMacro {
    static func expansion(
      of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
      in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
      guard let interface = declaration.as(ProtocolDeclSyntax.self) else {
        context.diagnose("@LuaInterface is for a protocol", at: node)
        return []
      }
      let access = interface.modifiers.access
      let passesSelf = node.isTrue("passesSelf")
      var required: [String] = []
      var members: [String] = []
      for item in interface.memberBlock.members {
        if let function = item.decl.as(FunctionDeclSyntax.self) {
          guard let member = implement(function, item, access, passesSelf, context) else { continue }
          required.append(function.name.text.debugDescription)
          members.append(member)
        } else if let variable = item.decl.as(VariableDeclSyntax.self) {
          members += implement(variable, access, context)
        } else {
          context.diagnose("a Lua table can have functions and properties, and not this", at: item.decl)
        }
      }
      let name = interface.name.text
      return [
        """
        /// A ``\(raw: name)`` by a Lua table.
        \(raw: access)struct Lua\(raw: name): \(raw: name) {
        /// The table.
        \(raw: access)let table: LuaTable
        /// Takes a table that has the functions of the protocol.
        ///
        /// - Throws: ``LuaError`` of kind `conversion` that says which functions are missing.
        \(raw: access)init(_ table: LuaTable) throws {
        try table.requireFunctions([\(raw: required.joined(separator: ", "))], of: \(raw: name.debugDescription))
        self.table = table
        }
        \(raw: members.joined(separator: "\n"))
        }
        """
      ]
    }

    private static func implement(
      _ function: FunctionDeclSyntax, _ item: MemberBlockItemSyntax, _ access: String, _ passesSelf: Bool,
      _ context: some MacroExpansionContext
    ) -> String? {
      guard function.genericParameterClause == nil, !function.modifiers.has(.static), !function.modifiers.has(.mutating)
      else {
        context.diagnose("a Lua table has no generic, static or mutating functions", at: function)
        return nil
      }
      let effects = function.signature.effectSpecifiers
      guard effects?.isThrowing == true else {
        context.diagnose(
          "a script may always fail: '\(function.name.text)' has to throw", at: function,
          fixes: [("add 'throws'", .throwing(function))])
        return nil
      }
      let isAsync = effects?.isAsync == true
      let names = function.signature.parameterClause.parameters.map { ($0.secondName ?? $0.firstName).text }
      let arguments = (passesSelf ? ["table"] : []) + names
      let signature = function.with(\.attributes, []).trimmedDescription
      let result = function.signature.returnClause.map { " as \($0.type.trimmedDescription)" } ?? " as Void"
      return """
        \(access)\(signature) {
        try \(isAsync ? "await " : "")(table[\(function.name.text.debugDescription)] as LuaFunction)\
        \(isAsync ? ".callAsync" : "")(\(arguments.joined(separator: ", ")))\(result)
        }
        """
    }

    private static func implement(
      _ variable: VariableDeclSyntax, _ access: String, _ context: some MacroExpansionContext
    ) -> [String] {
      variable.bindings.compactMap { binding in
        guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text,
          let type = binding.typeAnnotation?.type.trimmedDescription,
          case .accessors(let accessors) = binding.accessorBlock?.accessors,
          accessors.count == 1, let getter = accessors.first, getter.accessorSpecifier.tokenKind == .keyword(.get),
          getter.effectSpecifiers?.throwsClause != nil, getter.effectSpecifiers?.asyncSpecifier == nil
        else {
          context.diagnose(
            "reading a field may fail, and setting it cannot say so: declare it as { get throws }", at: binding)
          return nil
        }
        return "\(access)var \(name): \(type) { get throws { try table[\(name.debugDescription)] } }"
      }
    }
  }

  import SwiftDiagnostics

  extension FixIt.Change {
    fileprivate static func throwing(_ function: FunctionDeclSyntax) -> FixIt.Change {
      var effects = function.signature.effectSpecifiers ?? FunctionEffectSpecifiersSyntax()
      effects.throwsClause = ThrowsClauseSyntax(throwsSpecifier: .keyword(.throws, leadingTrivia: .space))
      var signature = function.signature
      signature.parameterClause = signature.parameterClause.with(\.trailingTrivia, [])
      if signature.returnClause == nil { signature.trailingTrivia = [] } else { effects.trailingTrivia = .space }
      signature.effectSpecifiers = effects
      return .replace(oldNode: Syntax(function.signature), newNode: Syntax(signature))
    }
  }
#endif
