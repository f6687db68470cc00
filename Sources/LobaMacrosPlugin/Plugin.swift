#if Macros
  import SwiftCompilerPlugin
  import SwiftSyntax
  import SwiftSyntaxMacros

  @main struct Plugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [
      LuaObjectMacro.self, MarkerMacro.self, LuaInterfaceMacro.self, LuaScriptMacro.self,
    ]
  }

  /// What only marks a declaration, for another macro.
  struct MarkerMacro: PeerMacro {
    static func expansion(
      of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
      in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] { [] }
  }
#else
  // Without its trait it is built all the same.
  @main struct Plugin { static func main() {} }
#endif
