import Loba

final class Counter {
  var value = 0
  var more = [Int](repeating: 0, count: 32)

  func add(_ n: Int) -> Int {
    value += n
    return value
  }
}

struct Tally {
  var value = 0

  mutating func add(_ n: Int) -> Int {
    value += n
    return value
  }
}

extension Case {
  static let propertyLoop =
    "function(o, n) for i = 1, n do o.value = o.value + 1 end return o.value end"
  static let methodLoop = "function(o, n) for i = 1, n do o:add(1) end return o.value end"

  static func loop(_ lua: LuaRuntime, _ source: String, over object: LuaUserdata) throws -> Body {
    let loop: LuaFunction = try lua.eval(source)
    return { times in
      let sum: Int = try loop(object, times)
      return Int64(sum)
    }
  }

  private static func counter(_ lua: LuaRuntime) throws -> LuaUserdata {
    try lua.register(
      LuaClass<Counter>("Counter") {
        $0.property("value", get: { $0.value }, set: { $0.value = $1 })
        $0.method("add") { (counter, n: Int) in counter.add(n) }
      })
    return try lua.wrap(Counter())
  }

  private static func tally(_ lua: LuaRuntime) throws -> LuaUserdata {
    try lua.register(
      LuaClass<Tally>("Tally") {
        $0.property("value", get: { $0.value }, set: { $0.value = $1 })
        $0.mutatingMethod("add") { (tally: inout Tally, n: Int) in tally.add(n) }
      })
    return try lua.wrap(Tally())
  }

  static let objects = [
    Case("userdata_prop") { lua in try loop(lua, propertyLoop, over: counter(lua)) },
    Case("userdata_method") { lua in try loop(lua, methodLoop, over: counter(lua)) },
    Case("struct_prop") { lua in try loop(lua, propertyLoop, over: tally(lua)) },
    Case("struct_method") { lua in try loop(lua, methodLoop, over: tally(lua)) },
    Case("class_30") { lua in
      try lua.register(
        LuaClass<Counter>("Counter") {
          for i in 1..<30 { $0.property("member\(i)", get: { $0.more[i] }, set: { $0.more[i] = $1 }) }
          $0.method("add") { (counter, n: Int) in counter.add(n) }
        })
      return try loop(
        lua, "function(o, n) for i = 1, n do o.member29 = o.member28 + 1 end return o.member29 end",
        over: lua.wrap(Counter()))
    },
  ]
}
