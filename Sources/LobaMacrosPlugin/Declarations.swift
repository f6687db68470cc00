#if Macros
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder

  // What the macros look at in declarations.

  extension DeclModifierListSyntax {
    func has(_ keyword: Keyword) -> Bool { contains { $0.name.tokenKind == .keyword(keyword) && $0.detail == nil } }

    /// Whether the declaration is nobody's but the type's own.
    var isPrivate: Bool { has(.private) || has(.fileprivate) }

    /// Whether only the type itself may set the property.
    var hasPrivateSetter: Bool {
      contains { $0.detail != nil && [.keyword(.private), .keyword(.fileprivate)].contains($0.name.tokenKind) }
    }

    /// `public` for what is public or open, package or nothing.
    var access: String { has(.public) || has(.open) ? "public " : has(.package) ? "package " : "" }
  }

  extension AttributeListSyntax {
    func first(named name: String) -> AttributeSyntax? {
      lazy.compactMap { $0.as(AttributeSyntax.self) }.first { $0.attributeName.trimmedDescription == name }
    }

    /// Attributes that may change what a property does: wrappers and macros.
    var hasOthers: Bool {
      contains {
        guard let attribute = $0.as(AttributeSyntax.self) else { return true }
        return !["LuaMember", "available", "inline", "usableFromInline", "frozen", "objc", "MainActor"]
          .contains(attribute.attributeName.trimmedDescription)
      }
    }
  }

  extension AttributeSyntax {
    /// The first argument, if it is a string literal without a name.
    var name: String? {
      guard let first = arguments?.as(LabeledExprListSyntax.self)?.first, first.label == nil else { return nil }
      return first.expression.as(StringLiteralExprSyntax.self)?.representedLiteralValue
    }

    func argument(_ label: String) -> ExprSyntax? {
      arguments?.as(LabeledExprListSyntax.self)?.first { $0.label?.text == label }?.expression
    }

    func isTrue(_ label: String) -> Bool {
      argument(label)?.as(BooleanLiteralExprSyntax.self)?.literal.tokenKind == .keyword(.true)
    }
  }

  extension FunctionEffectSpecifiersSyntax {
    /// Whether it throws something that is an error.
    var isThrowing: Bool { throwsClause != nil }
    var isAsync: Bool { asyncSpecifier != nil }
  }

  extension SyntaxProtocol {
    /// The lines of the comment that documents a declaration, without what makes them a comment.
    var documentation: String? {
      let lines = leadingTrivia.pieces.flatMap { piece -> [Substring] in
        switch piece {
        case .docLineComment(let text) where !text.hasPrefix("////"): [text.dropFirst(3)]
        case .docBlockComment(let text):
          text.dropFirst(3).dropLast(2).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            let line = $0.drop(while: \.isWhitespace)
            return line.hasPrefix("*") ? line.dropFirst() : line
          }
        default: []
        }
      }
      let text = lines.map { $0.hasPrefix(" ") ? $0.dropFirst() : $0 }.joined(separator: "\n")
      let trimmed = text.trimmingPrefix { $0 == "\n" }.reversed().trimmingPrefix { $0.isWhitespace }.reversed()
      return trimmed.isEmpty ? nil : String(trimmed)
    }
  }

  extension TokenSyntax {
    /// The name as Lua has it; empty for what is not to have one.
    var luaName: String { text == "_" ? "" : text.filter { $0 != "`" } }
  }

  /// A parameter, as a closure takes it and as the function is given it.
  struct Parameter {
    let label: String?
    /// What the function itself calls it.
    let ownName: String
    let name: String
    let type: String
    let defaultValue: String?

    /// nil if no closure can take it from Lua.
    init?(_ parameter: FunctionParameterSyntax, _ index: Int) {
      let isPlain = parameter.ellipsis == nil && !parameter.type.is(SomeOrAnyTypeSyntax.self, keyword: .some)
      guard isPlain, !parameter.type.is(AttributedTypeSyntax.self), !parameter.type.is(FunctionTypeSyntax.self) else {
        return nil
      }
      label = parameter.firstName.text == "_" ? nil : parameter.firstName.text
      ownName = (parameter.secondName ?? parameter.firstName).luaName
      name = "a\(index)"
      type = parameter.type.trimmedDescription
      defaultValue = parameter.defaultValue?.value.trimmedDescription
    }

    private var isOptional: Bool { type.hasSuffix("?") || type.hasPrefix("Optional<") }
    /// In the closure's list.
    var declaration: String { "\(name): \(type)\(defaultValue != nil && !isOptional ? "?" : "")" }
    /// In the call.
    var argument: String {
      let value = defaultValue.map { "\(name) ?? \($0)" } ?? name
      return label.map { "\($0): \(value)" } ?? value
    }

    /// Those of a function; nil if a closure cannot take them all.
    static func all(_ clause: FunctionParameterClauseSyntax) -> [Parameter]? {
      var result: [Parameter] = []
      for (index, parameter) in clause.parameters.enumerated() {
        guard let parameter = Parameter(parameter, index) else { return nil }
        result.append(parameter)
      }
      return result
    }
  }

  extension TypeSyntax {
    func `is`(_ type: SomeOrAnyTypeSyntax.Type, keyword: Keyword) -> Bool {
      self.as(type)?.someOrAnySpecifier.tokenKind == .keyword(keyword)
    }
  }

  extension Sequence<Parameter> {
    var declarations: [String] { map(\.declaration) }
    var names: [String] { map(\.ownName) }
    var arguments: String { map(\.argument).joined(separator: ", ") }
  }
#endif
