#if Macros
  @testable import LobaMacrosPlugin
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacroExpansion
  import SwiftSyntaxMacros
  import SwiftSyntaxMacrosGenericTestSupport
  import Testing

  private let macros: [String: MacroSpec] = [
    "LuaObject": MacroSpec(type: LuaObjectMacro.self, conformances: ["LuaObject"]),
    "LuaMember": MacroSpec(type: MarkerMacro.self), "LuaIgnored": MacroSpec(type: MarkerMacro.self),
    "LuaInterface": MacroSpec(type: LuaInterfaceMacro.self), "lua": MacroSpec(type: LuaScriptMacro.self),
  ]

  /// What the macros make, and what they say of what they cannot.
  @Suite struct ExpansionTests {
    private func expand(
      _ source: String, to expanded: String, diagnostics: [DiagnosticSpec] = [], fixes: [String] = [],
      fixed: String? = nil
    ) {
      assertMacroExpansion(
        source, expandedSource: expanded, diagnostics: diagnostics, macroSpecs: macros,
        applyFixIts: fixes.isEmpty ? nil : fixes,
        fixedSource: fixed, indentationWidth: .spaces(2), failureHandler: { Issue.record("\($0.message)") })
    }

    @Test("a class") func classes() {
      expand(
        """
        @LuaObject final class A {
          var n = 1
          func f(_ a: Int) throws -> Int { a }
        }
        """,
        to: """
          final class A {
            var n = 1
            func f(_ a: Int) throws -> Int { a }

            /// Registers the type, with what scripts get of it.
            static func register(in lua: LuaRuntime) throws {
              try lua.register(LuaClass<A>("A") {
                  $0.leafProperty("n", get: {
                      $0.n
                    }, set: {
                      $0.n = $1
                    })
                  $0.method("f") { (object: A, a0: Int) in
                    try object.f(a0)
                  }
                  $0.document("f", "", parameters: "a")
                  $0.initializer {
                    A()
                  }
                })
            }
          }

          extension A: LuaObject {
          }
          """)
    }

    @Test("comments and names of parameters, for type stubs") func documentation() {
      expand(
        """
        /// A cell.
        ///
        /// It is `free` at first.
        @LuaObject enum Cell {
          /**
           * Of nobody.
           */
          case free
          // This is not said.
          case taken(by: Int, Int)
          //////////////
          /// Says "so".
          @LuaMember("tell") func say(_: Int, to other: Int) {}
        }
        """,
        to: #"""
          /// A cell.
          ///
          /// It is `free` at first.
          enum Cell {
            /**
             * Of nobody.
             */
            case free
            // This is not said.
            case taken(by: Int, Int)
            //////////////
            /// Says "so".
            func say(_: Int, to other: Int) {}

            /// Registers the type, with what scripts get of it.
            static func register(in lua: LuaRuntime) throws {
              try lua.register(LuaClass<Cell>("Cell") {
                  $0.document("A cell.\n\nIt is `free` at first.")
                  $0.constant("free", Cell.free)
                  $0.document("free", "Of nobody.")
                  $0.staticMethod("taken") { (a0: Int, a1: Int) in
                    Cell.taken(by: a0, a1)
                  }
                  $0.document("taken", "", parameters: "by", "")
                  $0.method("tell") { (object: Cell, a0: Int, a1: Int) in
                    object.say(a0, to: a1)
                  }
                  $0.document("tell", "Says \"so\".", parameters: "", "other")
                })
            }
          }

          extension Cell: LuaObject {
          }
          """#)
    }

    @Test("an actor and a protocol are refused") func refused() {
      expand(
        "@LuaObject actor A {}", to: "actor A {}",
        diagnostics: [
          DiagnosticSpec(
            message: "an actor cannot be a LuaObject: scripts would use it from outside; give them functions that wait",
            line: 1, column: 1)
        ])
      expand(
        "@LuaInterface struct A {}", to: "struct A {}",
        diagnostics: [DiagnosticSpec(message: "@LuaInterface is for a protocol", line: 1, column: 1)])
    }

    @Test("what does not throw is mended") func throwing() {
      expand(
        """
        @LuaInterface protocol P {
          func f() -> Int
        }
        """,
        to: """
          protocol P {
            func f() -> Int
          }

          /// A ``P`` by a Lua table.
          struct LuaP: P {
            /// The table.
            let table: LuaTable
            /// Takes a table that has the functions of the protocol.
            ///
            /// - Throws: ``LuaError`` of kind `conversion` that says which functions are missing.
            init(_ table: LuaTable) throws {
              try table.requireFunctions([], of: "P")
              self.table = table
            }

          }
          """,
        diagnostics: [
          DiagnosticSpec(
            message: "a script may always fail: 'f' has to throw", line: 2, column: 3,
            fixIts: [FixItSpec(message: "add 'throws'")])
        ], fixes: ["add 'throws'"],
        fixed: """
          @LuaInterface protocol P {
            func f() throws -> Int
          }
          """)
    }

    @Test("syntax errors have their lines") func syntax() {
      expand(
        """
        let s = #lua(\"\"\"
          local a = 1
          local = 2
          \"\"\")
        """,
        to: """
          let s = LuaScript(\"\"\"
            local a = 1
            local = 2
            \"\"\", file: "TestModule/test.swift", line: 2)
          """,
        diagnostics: [DiagnosticSpec(message: "Lua: <name> expected near '='", line: 3, column: 3)])
    }
  }
#endif
