import Loba

// What leaves do for the cases of the same names without `leaf_`, beside the same twins: plain C functions.
extension Case {
  static let leaves = [
    Case("leaf_call") { lua in
      let loop: LuaFunction = try lua.eval(
        "function(add, n) local s = 0 for i = 1, n do s = add(s, i) end return s end")
      let add = try lua.leaf { (a: Int, b: Int) in a + b }
      return { times in
        let sum: Int = try loop(add, times)
        return Int64(sum)
      }
    },
    Case("leaf_prop") { lua in try loop(lua, propertyLoop, over: leafCounter(lua)) },
    Case("leaf_method") { lua in try loop(lua, methodLoop, over: leafCounter(lua)) },
    Case("leaf_struct_prop") { lua in try loop(lua, propertyLoop, over: leafTally(lua)) },
    Case("leaf_struct_method") { lua in try loop(lua, methodLoop, over: leafTally(lua)) },
  ]

  private static func leafCounter(_ lua: LuaRuntime) throws -> LuaUserdata {
    try lua.register(
      LuaClass<Counter>("Counter") {
        $0.leafProperty("value", get: { $0.value }, set: { $0.value = $1 })
        $0.leafMethod("add") { (counter, n: Int) in counter.add(n) }
      })
    return try lua.wrap(Counter())
  }

  private static func leafTally(_ lua: LuaRuntime) throws -> LuaUserdata {
    try lua.register(
      LuaClass<Tally>("Tally") {
        $0.leafProperty("value", get: { $0.value }, set: { $0.value = $1 })
        $0.leafMutatingMethod("add") { (tally: inout Tally, n: Int) in tally.add(n) }
      })
    return try lua.wrap(Tally())
  }
}
