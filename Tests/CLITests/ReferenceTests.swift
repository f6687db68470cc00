import Foundation
import Loba
import Testing

/// Programs whose output, standard error and exit status are what Lua's own interpreter makes of them.
@Suite struct ReferenceTests {
  static let programs = [
    "print(#arg, arg[0], arg[1], arg[2], ...)",
    "print(package.path) print(package.cpath)",
    "print(_VERSION, math.type and math.type(1), jit and jit.version)",
    "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) print(table.concat(t, ' '))",
    "local t = {} for k in pairs(package.loaded) do t[#t + 1] = k end table.sort(t) print(table.concat(t, ' '))",
    "local t = {} for k in pairs(debug) do t[#t + 1] = k end table.sort(t) print(table.concat(t, ' '))",
    "print(debug.getinfo(1, 'S').source, debug.getinfo(2, 'S').what, debug.getinfo(3))",
    "if warn then print(collectgarbage('incremental')) else print(collectgarbage('step')) end",
    "if warn then warn('off') warn('@on') warn('on', 'e') end",
    "io.write(10, ' ', 1e15, ' ', 2^53, ' ', -0.0, ' ', 1/0, ' ', 7 / 2, ' ', 3 % -2)",
    "print(select('#', ...), (...))",
    "print(string.format('%q', 'a\\nb\\0c'), ('x'):rep(3, ','), tostring(1e100))",
    "print(pcall(error, {})  and 1, select(2, pcall(error, 'm', 0)))",
    "local co = coroutine.wrap(function(...) print(...) print(coroutine.yield(1, 2)) return 'end' end) "
      + "print(co(0)) print(co('x'))",
    "print(io.read('*n'), io.read('*l'), io.read('*a'))",
    "print(pcall(require, 'no.such.module'))",
    "print(os.getenv('HOME'), os.tmpname and 1, os.time{year = 2020, month = 1, day = 1, hour = 12})",
    "print(pcall(string.rep)) print(pcall(setmetatable, 1)) print(#('é'))",
    "local f = io.popen('exit 3') print(f:close()) print(os.execute('exit 4'))",
    "io.stdout:setvbuf('full') print('buffered') os.exit(5)",
    "print('a') error('message', 0)",
    "local x = nil; x.field = 1",
    "error(setmetatable({}, {__tostring = function() return 'custom' end}))",
    "goto_ = 1 for i = 1 do end",
    "error()",
    "return 1, 2, 3",
    "os.exit(300)",
    "print(#string.dump(function() return 1 end) > 10, load('return 1', 'n', 't') and load('return 1')())",
    "print(os.setlocale(nil), os.setlocale(nil, 'ctype'))",
    "local t = setmetatable({}, {__gc = function() print('table finalized') end}) t = nil",
    "print(pcall(debug.sethook)) print(debug.gethook())",
    "print(tostring(io.stdin):match('^file'), io.type(io.stdout))",
  ]

  @Test("a program does what it does in Lua's own interpreter", arguments: Subject.all)
  func sameAsOriginal(_ subject: Subject) async throws {
    guard let original = subject.original else {
      try Test.cancel("the interpreter of \(subject.engine.name) is not installed")
    }
    for program in Self.programs {
      let workspace = try Workspace()
      try workspace.write(program, to: "p.lua")
      let input = "12 rest\nof it\n"
      let expected = try await workspace.run(original, ["p.lua", "a", "-b"], input: input)
      let outcome = try await workspace.loba(["run", "--engine", subject.identifier, "p.lua", "a", "-b"], input: input)
      // Lua 5.2 finds functions of _G under either name, as chance has it.
      func named(_ text: String) -> String { text.replacingOccurrences(of: "'_G.", with: "'") }
      #expect(named(outcome.output) == named(expected.output), "\(program)")
      #expect(outcome.status == expected.status, "\(program)")
      // Versions differ in how they write tracebacks, and 5.1 in what it says of error objects.
      if program.contains("__tostring"), subject.engine.version < (5, 2), !subject.engine.capabilities.contains(.jit) {
        continue
      }
      let name = original.lastPathComponent
      var message = expected.errors
      if message.hasPrefix(name) || message.hasPrefix(original.path) {
        message = "loba" + message[message.range(of: ": ")!.lowerBound...]
      }
      if subject.engine.version >= (5, 2) {
        #expect(named(outcome.errors) == named(message), "\(program)")
      } else {
        #expect(outcome.errors.prefix { $0 != "\n" } == message.prefix { $0 != "\n" }, "\(program)")
      }
    }
  }
}
