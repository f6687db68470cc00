#if Macros
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacros

  /// `#lua`: a script of a literal, whose lines are those of the Swift source.
  struct LuaScriptMacro: ExpressionMacro {
    static func expansion(
      of node: some FreestandingMacroExpansionSyntax, in context: some MacroExpansionContext
    ) throws -> ExprSyntax {
      guard let literal = node.arguments.first?.expression.as(StringLiteralExprSyntax.self),
        let source = literal.representedLiteralValue
      else {
        context.diagnose(
          "#lua takes a string literal without interpolations: give values as arguments of the script", at: node)
        return "LuaScript(\"\")"
      }
      if let problem = SyntaxCheck.problem(in: source) {
        let segments = Array(literal.segments)
        let place = problem.line - 1
        let line: any SyntaxProtocol = segments.indices.contains(place) ? segments[place] : literal
        context.diagnose(problem.message, at: line)
      }
      guard let location = context.location(of: literal.segments, at: .afterLeadingTrivia, filePathMode: .fileID) else {
        return "LuaScript(\(literal))"
      }
      return "LuaScript(\(literal.trimmed), file: \(location.file), line: \(location.line))"
    }
  }
#endif
