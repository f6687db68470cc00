import Loba
import Testing

/// Rows of docs/parity.md that take more than one engine, or an asynchronous context.
@Suite struct ParityTests {
  @Test("parity 1.99: a coroutine is an asynchronous sequence", arguments: LuaEngines.available)
  func asynchronousSequence(_ engine: any LuaEngine) async throws {
    let lua = try LuaRuntime(engine: engine)
    let f: LuaFunction = try lua.eval(
      "function(n) for i = 1, n do coroutine.yield(i) end if n > 3 then error('too many', 0) end end")
    var values: [Int] = []
    for try await value in try f.coroutine(3).elements(as: Int.self) {
      values.append(value)
      await Task.yield()
      #expect(try lua.eval("1 + 1") as Int == 2)
    }
    #expect(values == [1, 2, 3])
    var untyped: [LuaValue] = []
    for try await value in try f.coroutine(2) { untyped.append(value) }
    #expect(untyped == [1, 2])
    let failure = await #expect(throws: LuaError.self) {
      for try await value in try f.coroutine(4).elements(as: Int.self) { values.append(value) }
    }
    #expect(failure?.message == "too many")
    #expect(values == [1, 2, 3, 1, 2, 3, 4])
  }

  @MainActor @Test("parity 1.99: the sequence runs in the isolation of its loop", arguments: LuaEngines.available)
  func isolation(_ engine: any LuaEngine) async throws {
    let lua = try LuaRuntime(engine: engine)
    try lua.globals.set("isOnMain", to: lua.function { MainActor.assumeIsolated { true } })
    let f: LuaFunction = try lua.eval("function() coroutine.yield(isOnMain()) end")
    for try await isOnMain in try f.coroutine().elements(as: Bool.self) { #expect(isOnMain) }
  }

  @Test("parity 1.99: the loop ends with its task", arguments: LuaEngines.available)
  func cancellation(_ engine: any LuaEngine) async throws {
    let task = Task {
      let f: LuaFunction = try LuaRuntime(engine: engine).eval("function() while true do coroutine.yield(1) end end")
      for try await _ in try f.coroutine() { await Task.yield() }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("parity 1.5: runtimes of several tasks work in parallel", arguments: LuaEngines.available)
  func parallel(_ engine: any LuaEngine) async throws {
    let sums = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for n in 0..<8 {
        group.addTask {
          let lua = try LuaRuntime(engine: engine)
          let sum: Int = try lua.execute("local s = 0 for i = 1, 100000 do s = s + i % (... + 1) end return s", n)
          return (n, sum)
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for n in 0..<8 { #expect(sums[n] == (1...100_000).reduce(0) { $0 + $1 % (n + 1) }) }
  }

  @Test("parity 2.6: all engines of a build work side by side in one process")
  func together() throws {
    let runtimes = try LuaEngines.available.map { try LuaRuntime(engine: $0) }
    #expect(Set(runtimes.map(\.engine.name)).count == LuaEngines.available.count)
    for (index, lua) in runtimes.enumerated() { try lua.execute("x = ...", index) }
    for (index, lua) in runtimes.enumerated() {
      #expect(try lua.eval("x") as Int == index)
      #expect(try lua.eval("_VERSION") as String == "Lua 5.\(lua.engine.version.minor)")
    }
  }

  @Test("parity 2.7: types and errors are the same for all engines, values of another one are refused")
  func sameTypes() throws {
    for engine in LuaEngines.available {
      let lua = try LuaRuntime(engine: engine)
      let error = #expect(throws: LuaError.self) { try lua.execute("error('no', 0)") }
      #expect(error?.message == "no")
      #expect(luaType(of: try lua.table()) == .table)
      for other in LuaEngines.available {
        let stranger = try LuaRuntime(engine: other).table(1)
        let refusal = #expect(throws: LuaError.self) { try lua.globals.set("t", to: stranger) }
        #expect(refusal?.kind == .foreignValue)
        #expect(try lua.table(from: stranger).values == [1])
      }
    }
  }
}
