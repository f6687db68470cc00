import Foundation
import Loba
import Testing

/// C modules as the system has them. Each test is a process of its own: one engine in a process may have them.
@Suite struct CModuleTests {
  @Test("parity 1.125: the system's C modules load and work", arguments: LuaEngines.available)
  func modules(_ engine: any LuaEngine) async {
    await #expect(processExitsWith: .success) { [identifier = engine.identifier as String] in
      let engine = try #require(LuaEngines.named(identifier))
      let lua: LuaRuntime
      do {
        lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(allowsCModules: true))
      } catch let error as LuaError where engine.isStatic {
        // Whether a program exports the functions is the linker's to say.
        #expect(error.kind == .engine && error.message.contains("--export-dynamic"), "\(error)")
        print("skipped: \(engine.name) is part of a program that does not export it")
        return
      }
      for (module, code) in [
        ("cjson", "module.decode(module.encode({a = {1, 2}})).a[2] == 2"),
        ("lpeg", "module.match(module.C(module.R('az') ^ 1), 'abc1') == 'abc'"),
        ("socket", "module.gettime() > 0"),
        ("posix", "require('posix.unistd').getpid() > 0"),
      ] {
        try lua.execute("found, module = pcall(require, ...)", module)
        guard try lua.globals["found"] as Bool else {
          let problem: String = try lua.globals["module"]
          #expect(problem.contains("'\(module)' not found"), "\(problem)")
          print("skipped: \(engine.name) has no module \(module) here")
          continue
        }
        #expect(try lua.eval(code) as Bool, "\(module)")
      }
      // Errors of a module arrive as errors.
      if try lua.eval("pcall(require, 'cjson')") as Bool {
        #expect(throws: LuaError.self) { try lua.execute("require('cjson').decode('{')") }
      }
    }
  }

  // Libraries that are opened without RTLD_DEEPBIND, which AddressSanitizer does not allow, take what is global for their own.
  private static let canHaveOthers = LuaEngines.available.count > 1 && dlsym(nil, "__asan_init") == nil

  @Test("parity 1.125: one engine of a process has them", .enabled(if: canHaveOthers, "one engine, or a sanitizer"))
  func oneEngine() async {
    await #expect(processExitsWith: .success) {
      let configuration = LuaConfiguration(allowsCModules: true)
      let engines = LuaEngines.available
      let first = try LuaRuntime(engine: engines[0], configuration: configuration)
      let again = try LuaRuntime(engine: engines[0], configuration: configuration)
      for lua in [first, again] { #expect(try lua.eval("1 + 1") as Int == 2) }
      for other in engines.dropFirst() {
        let error = #expect(throws: LuaError.self) { try LuaRuntime(engine: other, configuration: configuration) }
        #expect(error?.kind == .engine)
        #expect(error?.message.contains(engines[0].identifier) == true, "\(error?.message ?? "")")
        #expect(try LuaRuntime(engine: other).eval("1 + 1") as Int == 2)
      }
    }
  }
}
