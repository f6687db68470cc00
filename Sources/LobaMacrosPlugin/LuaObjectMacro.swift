#if Macros
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacros

  /// `@LuaObject`: what registers a type, as one of its members, since a subclass has its own.
  struct LuaObjectMacro: MemberMacro, ExtensionMacro {
    static func expansion(
      of node: AttributeSyntax, providingMembersOf declaration: some DeclGroupSyntax,
      conformingTo protocols: [TypeSyntax], in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
      guard let type = ExposedType(declaration, node, context) else { return [] }
      var members = ExposedMembers(of: type, context)
      members.collect()
      let name = type.luaName.debugDescription
      let inheriting = type.superclass.map { ", inheriting: \($0).self" } ?? ""
      let body = members.lines.isEmpty ? "" : " {\n\(members.lines.joined(separator: "\n"))\n}"
      let first = type.superclass.map { "try lua.registerSuperclass(\($0).self)\n" } ?? ""
      return [
        """
        /// Registers the type, with what scripts get of it.
        \(raw: type.access)\(raw: type.introducer) func register(in lua: LuaRuntime) throws {
        \(raw: first)try lua.register(LuaClass<\(raw: type.name)>(\(raw: name)\(raw: inheriting))\(raw: body))
        }
        """
      ]
    }

    static func expansion(
      of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
      providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
      in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
      // A subclass's superclass conforms already. What is wrong has been said where the members were made.
      guard !protocols.isEmpty, ExposedType(declaration, node, nil) != nil else { return [] }
      return [try ExtensionDeclSyntax("extension \(type.trimmed): LuaObject {}")]
    }
  }

  /// The type that the macro is attached to.
  struct ExposedType {
    let declaration: any DeclGroupSyntax
    let name: String
    let luaName: String
    let superclass: String?
    let access: String
    /// What makes a function one of the type, which a subclass may override.
    let introducer: String

    /// nil of what cannot be exposed, which the context is told.
    init?(_ declaration: some DeclGroupSyntax, _ attribute: AttributeSyntax, _ context: (any MacroExpansionContext)?) {
      guard let named = declaration.asProtocol((any NamedDeclSyntax).self),
        declaration.is(ClassDeclSyntax.self) || declaration.is(StructDeclSyntax.self)
          || declaration.is(EnumDeclSyntax.self)
      else {
        let isActor = declaration.is(ActorDeclSyntax.self)
        context?.diagnose(
          isActor
            ? "an actor cannot be a LuaObject: scripts would use it from outside; give them functions that wait"
            : "@LuaObject is for a class, a structure or an enumeration", at: attribute)
        return nil
      }
      let generics = (declaration.asProtocol((any WithGenericParametersSyntax).self))?.genericParameterClause
      if let generics {
        context?.diagnose(
          "a generic type cannot be a LuaObject: register a LuaClass of each type that it is used with", at: generics)
        return nil
      }
      self.declaration = declaration
      name = named.name.text
      luaName = attribute.name ?? name
      superclass = attribute.argument("inheriting")?.as(MemberAccessExprSyntax.self)?.base?.trimmedDescription
      access = declaration.modifiers.access
      let isOpenClass = declaration.is(ClassDeclSyntax.self) && !declaration.modifiers.has(.final)
      introducer = (superclass != nil ? "override " : "") + (isOpenClass ? "class" : "static")
    }

    var isClass: Bool { declaration.is(ClassDeclSyntax.self) }
  }
#endif
