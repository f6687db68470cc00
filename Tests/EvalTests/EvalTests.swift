#if Eval
  import Foundation
  import Loba
  import LobaEval
  import Testing

  private final class Account: Sendable {
    let owner: String
    init(_ owner: String) { self.owner = owner }
    func greet(_ name: String) -> String { "\(owner) greets \(name)" }
  }

  private struct Refused: Error, Equatable {}

  /// swift.eval with LobaEval, on every engine of the build.
  @Suite struct EvalTests {
    private func withEvaluator(_ engine: any LuaEngine, _ body: (LuaRuntime) throws -> Void) throws {
      var configuration = LuaConfiguration()
      configuration.evaluator =
        SwiftEvaluator([
          "limit": 10, "ratio": 0.5, "title": "Loba", "list": [1, 2, 3], "account": Account("Ada"),
          "clamp": LuaHostFunction { (x: Int) in min(x, 10) },
          "fail": LuaHostFunction { () throws -> Int in throw Refused() },
        ]).evaluate
      let lua = try LuaRuntime(engine: engine, configuration: configuration)
      try lua.register(
        LuaClass<Account>("Account") {
          $0.property("owner", get: { $0.owner })
          $0.method("greet") { (account, name: String) in account.greet(name) }
          $0.metamethod(.add) { (account: Account, n: Int) in "\(account.owner)\(n)" }
        })
      try body(lua)
      lua.close()
    }

    @Test("expressions have Swift's values", arguments: LuaEngines.available)
    func values(_ engine: any LuaEngine) throws {
      try withEvaluator(engine) { lua in
        let eval: LuaFunction = try lua.eval("swift.eval")
        for (text, expected): (String, LuaValue) in [
          (" 2 * 3 + 1 ", 7), ("2 + 3 * (4 - 1)", 11), ("7 / 2", 3), ("-7 % 4", -3), ("7.0 / 2", 3.5), ("1_000", 1000),
          ("0xff + 0b11 + 0o7", 265), ("1 << 4 | 1", 17), ("limit >= 10 && !(limit == 11)", true),
          ("ratio < 1 ? \"small\" : \"big\"", "small"), ("false && fail() == 1", false), ("true || fail() == 1", true),
          ("nil ?? 5", 5), ("title + \"!\"", "Loba!"), (#""\(title) \(1 + 1)\n""#, "Loba 2\n"),
          (#""a\tb\u{e9}""#, "a\tbé"),
          ("title == \"Loba\"", true), ("\"a\" < \"b\"", true), ("clamp(3 * 4)", 10), ("list[2] + list[3]", 5),
          ("[1, 2, 3 * 3][3]", 9), ("[\"a\": 1, \"b\": 2][\"b\"]", 2), ("[:][1] == nil", true),
          ("account.owner", "Ada"),
          ("account.greet(title)", "Ada greets Loba"), ("account + 1", "Ada1"), ("account == account", true),
          ("~0", -1),
          ("(1 + 2) * 3", 9), ("nil", nil),
        ] {
          #expect(try eval(text) as LuaValue == expected, "\(text) on \(engine.name)")
        }
        #expect(try eval("(1, \"x\", nil)") as LuaValues == [1, "x", nil])
        #expect(try eval("()") as LuaValues == [])
      }
    }

    @Test("what is no expression, or unknown, is refused with a reason", arguments: LuaEngines.available)
    func refusals(_ engine: any LuaEngine) throws {
      try withEvaluator(engine) { lua in
        let eval: LuaFunction = try lua.eval("swift.eval")
        for (text, reason) in [
          ("", "one expression"), ("1 +", "character"), ("1; 2", "one expression"), ("let x = 1", "one expression"),
          ("unknown", "cannot find 'unknown' in scope"), ("print(1)", "cannot find 'print'"),
          ("1 / 0", "division by zero"),
          ("9223372036854775807 + 1", ""), ("99999999999999999999", "does not fit"), ("1 + \"a\"", "operator '+'"),
          ("{ 1 }", "not among"), ("clamp(x: 1)", "labels"), ("x = 1", "not among"), ("1...3", "operator '...'"),
          ("limit.magnitude", "has no member"), ("account.secret", "secret"), ("!1", "prefix operator"),
          ("1 && true", "Bool"),
          (String(repeating: "(", count: 4000), "nest"),
          (String(repeating: "-(", count: 70) + "1" + String(repeating: ")", count: 70), "nested"),
          (String(repeating: "1 + ", count: 1000) + "1", "nested"), (String(repeating: "a", count: 20_000), "longer"),
          ("(1, (2, 3))", "tuple"), ("a <> b", "operator"), ("if true { 1 } else { 2 }", "one expression"),
          ("\\Int.self", "not among"),
        ] {
          let error = #expect(throws: LuaError.self, "\(text.prefix(40)) on \(engine.name)") {
            _ = try eval(text) as LuaValue
          }
          #expect(error?.message.contains(reason) == !reason.isEmpty, "\(error?.message ?? "") for \(text.prefix(40))")
        }
        #expect(throws: Refused()) { _ = try eval("1 + fail()") as LuaValue }
        #expect(try lua.eval("pcall(swift.eval, '1 +')") as Bool == false)
      }
    }

    @Test("a text that would take the parser long is refused before", arguments: LuaEngines.available)
    func slowTexts(_ engine: any LuaEngine) throws {
      try withEvaluator(engine) { lua in
        let eval: LuaFunction = try lua.eval("swift.eval")
        for (unit, reason) in [
          ("a<", "nested"), ("a<b, ", "nested"), ("(a<", "nested"), ("a<(b)->", "words"), ("a<[", "nested"),
          ("a?", "words"), ("a?b:", "words"), ("a.", "words"), ("async ", "words"), ("#if a\n", "words"),
        ] {
          let text = String(repeating: unit, count: 4096 / unit.utf8.count)
          let error = #expect(throws: LuaError.self) { _ = try eval(text) as LuaValue }
          #expect(error?.message.contains(reason) == true, "\(error?.message ?? "") for \(unit)")
        }
        // What is wrong with a long text is told by its place only.
        let long = "[" + String(repeating: "1, ", count: 100) + "1 2]"
        let error = #expect(throws: LuaError.self) { _ = try eval(long) as LuaValue }
        #expect(error?.message.contains("at character 30") == true, "\(error?.message ?? "")")
        let comparisons = String(repeating: "1 < 2 && limit < 11 && ", count: 20) + "true"
        #expect(throws: LuaError.self) { _ = try eval(String(repeating: "a < b && ", count: 300)) as LuaValue }
        #expect(try eval(comparisons) as LuaValue == true)
        let many = "[" + String(repeating: "1 < 2, ", count: 60) + "true][1]"
        #expect(try eval(many) as LuaValue == true)
      }
    }

    @Test("a thread with little stack can evaluate what is deeply nested", arguments: LuaEngines.available)
    func littleStack(_ engine: any LuaEngine) async throws {
      let text = String(repeating: "(", count: 60) + "1" + String(repeating: ")", count: 60)
      let result = await withCheckedContinuation { continuation in
        let thread = Thread {
          continuation.resume(
            returning: Result {
              var value = 0
              try withEvaluator(engine) { value = try $0.eval("swift.eval(...)", text) }
              return value
            })
        }
        thread.stackSize = 512 << 10
        thread.start()
      }
      #expect(try result.get() == 1)
    }
  }
#endif
