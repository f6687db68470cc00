import Loba

extension Case {
  static let calls = [
    Case("call_lua") { lua in
      let add: LuaFunction = try lua.eval("function(a, b) return a + b end")
      return { times in
        var sum: Int64 = 0
        for i in 0..<times {
          let value: Int = try add(i, 2)
          sum += Int64(value)
        }
        return sum
      }
    },
    Case("call_host") { lua in
      let loop: LuaFunction = try lua.eval(
        "function(add, n) local s = 0 for i = 1, n do s = add(s, i) end return s end")
      let add = try lua.function { (a: Int, b: Int) in a + b }
      return { times in
        let sum: Int = try loop(add, times)
        return Int64(sum)
      }
    },
  ]

  static let running = [
    Case("coroutine") { lua in
      let generator: LuaFunction = try lua.execute(
        "local yield = coroutine.yield return function() local i = 0 while true do i = i + 1 yield(i) end end")
      let coroutine = try generator.coroutine()
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          guard let value: Int = try coroutine.next() else { throw Failure("the generator has ended") }
          sum += Int64(value)
        }
        return sum
      }
    },
    Case("eval_small") { lua in
      { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let two: Int = try lua.eval("1 + 1")
          sum += Int64(two)
        }
        return sum
      }
    },
    Case("runtime_create_close") { lua in
      let engine = lua.engine
      return { times in
        for _ in 0..<times { try LuaRuntime(engine: engine).close() }
        return Int64(times)
      }
    },
  ]

  static let errors = [
    Case("error_from_lua") { lua in
      let fail: LuaFunction = try lua.eval("function() error('boom') end", name: "=fixture")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          do {
            let _: Void = try fail()
            throw Failure("no error")
          } catch let error as LuaError {
            sum += Int64(error.message.utf8.count)
          }
        }
        return sum
      }
    },
    Case("error_from_host") { lua in
      let loop: LuaFunction = try lua.eval(
        "function(f, n) local c = 0 for i = 1, n do if not pcall(f) then c = c + 1 end end return c end")
      let fail = try lua.function { () throws -> Int in throw Failure("boom") }
      return { times in
        let count: Int = try loop(fail, times)
        return Int64(count)
      }
    },
  ]
}
