#if Macros
  import SwiftDiagnostics
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacros

  /// What a macro has to say of the source.
  struct Diagnosis: DiagnosticMessage, FixItMessage, Error {
    let message: String
    var severity = DiagnosticSeverity.error

    init(_ message: String) { self.message = message }

    var diagnosticID: MessageID { MessageID(domain: "Loba", id: message) }
    var fixItID: MessageID { diagnosticID }
  }

  extension MacroExpansionContext {
    /// Says what is wrong with a part of the source, and how it can be mended.
    func diagnose(_ message: String, at node: some SyntaxProtocol, fixes: [(String, FixIt.Change)] = []) {
      diagnose(
        Diagnostic(
          node: Syntax(node), message: Diagnosis(message),
          fixIts: fixes.map { FixIt(message: Diagnosis($0), changes: [$1]) }))
    }
  }

  extension FixIt.Change {
    /// Puts an attribute before a member.
    static func marking(_ member: MemberBlockItemSyntax, _ attribute: String) -> FixIt.Change {
      let marked: DeclSyntax = "\(member.leadingTrivia)\(raw: attribute) \(member.decl.trimmed)"
      return .replace(
        oldNode: Syntax(member),
        newNode: Syntax(member.with(\.decl, marked).with(\.trailingTrivia, member.trailingTrivia)))
    }
  }
#endif
