internal import LobaCore

private let row = ParityRows(section: 1)

private final class Person {
  var name = "Ada"
  var put = ""

  func greet(_ other: String) -> String { "\(name) greets \(other)" }
}

private struct Denied: Error, Equatable, CustomStringConvertible {
  var description: String
}

private func registerPerson(_ lua: LuaRuntime) throws {
  try lua.register(
    LuaClass<Person>("Person") {
      $0.property("name", get: { $0.name }, set: { $0.name = $1 })
      $0.property("put", get: { $0.put }, set: { $0.put = $1 })
      $0.method("greet") { (person, other: String) in person.greet(other) }
      $0.metamethod(.call) { (person: Person, other: String) in person.greet(other) }
    })
  try lua.globals.set("person", to: lua.wrap(Person()))
  try lua.globals.set("map", to: lua.wrap(["secret": "s", "open": "o"]))
}

private let filter = LuaMemberAccess.filter { _, name, isWriting in
  guard case .string(let text) = name else { throw Denied(description: "not a name") }
  if text == "secret" { throw Denied(description: "access denied") }
  if isWriting, text == "name" { throw Denied(description: "not to be written") }
  return text == "alias" ? "name" : name
}

private let handlers = LuaMemberAccess.handlers { object, name in
  if name == "yes" { return 123 }
  throw Denied(description: "not allowed to read attribute \"\(name)\"")
} set: { object, name, value in
  guard name == "put" else { throw Denied(description: "not allowed to write attribute \"\(name)\"") }
  (object as? Person)?.put = try value.as(String.self)
}

/// 1.12: restricting what scripts reach of Swift objects.
let parityAccessChecks: [ConformanceCheck] = [
  row.configured(114, "a filter is asked for every access and its name is used") {
    $0.memberAccess = filter
  } _: { lua in
    try registerPerson(lua)
    try expectEqual(try lua.eval("person.alias") as String, "Ada")
    try expectEqual(try lua.eval("person.name") as String, "Ada")
    try expectEqual(try lua.eval("person:greet('you')") as String, "Ada greets you")
    try expectEqual(try lua.eval("person('you')") as String, "Ada greets you")
    try expectEqual(try lua.eval("map.open") as String, "o")
  },
  row.configured(115, "a filter refuses by throwing, and the error arrives as itself") {
    $0.memberAccess = filter
  } _: { lua in
    try registerPerson(lua)
    for code in ["person.secret", "map.secret"] {
      try expectError(Denied(description: "access denied")) { _ = try lua.eval(code) as LuaValue }
    }
    try expectEqual(try lua.eval("pcall(function() return person.secret end)") as Bool, false)
  },
  row.configured(115, "a filter is asked about calls of an object") {
    $0.memberAccess = .filter { _, name, _ in
      guard name != "__call" else { throw Denied(description: "not to be called") }
      return name
    }
  } _: { lua in
    try registerPerson(lua)
    try expectError(Denied(description: "not to be called")) { _ = try lua.eval("person('you')") as LuaValue }
    try expectEqual(try lua.eval("person:greet('you')") as String, "Ada greets you")
  },
  row.configured(116, "a filter knows reading from writing") {
    $0.memberAccess = filter
  } _: { lua in
    try registerPerson(lua)
    try expectEqual(try lua.eval("person.name") as String, "Ada")
    try expectError(Denied(description: "not to be written")) { try lua.execute("person.name = 'B'") }
    try lua.execute("person.put = 'x'")
    try expectEqual(try lua.eval("person.put") as String, "x")
  },
  row.configured(117, "a filter gets keys that are not strings as they are") {
    $0.memberAccess = filter
  } _: { lua in
    try registerPerson(lua)
    for code in ["person[1]", "map[1]", "map[{}]"] {
      try expectError(Denied(description: "not a name")) { _ = try lua.eval(code) as LuaValue }
    }
  },
  row.configured(118, "a filter covers every object, the runtime itself included") {
    $0.memberAccess = filter
  } _: { lua in
    try lua.register(
      LuaClass<LuaRuntime>("Runtime") {
        $0.property("secret", get: { _ in "globals" })
        $0.method("eval") { (lua, code: String) in try lua.eval(code) as LuaValue }
      })
    let f: LuaFunction = try lua.eval("function(runtime) return runtime.secret end")
    try expectError(Denied(description: "access denied")) { _ = try f(lua.wrap(lua)) as LuaValue }
    try expectEqual(try lua.eval("(...):eval('1 + 1')", lua.wrap(lua)) as Int, 2)
    try expectError(Denied(description: "access denied")) {
      _ = try lua.eval("(...).secret", lua.wrap(lua, as: .attributes)) as LuaValue
    }
  },
  row.configured(119, "without swift.eval there is none") {
    $0.evaluator = { _, _ in 1 }
    $0.swiftLibrary = .all.subtracting(.eval)
  } _: { lua in
    try expect(try lua.eval("swift.eval == nil and swift.iter ~= nil") as Bool)
  },
  row(120, "scripts reach declared members only") { lua in
    try registerPerson(lua)
    for name in ["secret", "__class", "globals", "description"] {
      try expectLuaError(.runtime) { _ = try lua.eval("person.\(name)") as LuaValue }
    }
    try expect(try lua.eval("getmetatable(person) == false") as Bool)
  },
  row.configured(121, "a getter gives what is read") {
    $0.memberAccess = handlers
  } _: { lua in
    try registerPerson(lua)
    try expectEqual(try lua.eval("person.yes") as Int, 123)
    try expectEqual(try lua.eval("map.yes") as Int, 123)
    struct Undeclared {}
    try expectEqual(try lua.eval("(...).yes", lua.wrap(Undeclared())) as Int, 123)
    try expectError(Denied(description: "not allowed to write attribute \"no\"")) {
      try lua.execute("local object = ... object.no = 1", lua.wrap(Undeclared()))
    }
  },
  row.configured(122, "a setter takes what is written") {
    $0.memberAccess = handlers
  } _: { lua in
    try registerPerson(lua)
    let person: Person = try lua.globals["person"]
    try lua.execute("person.put = 'ABC'")
    try expectEqual(person.put, "ABC")
  },
  row.configured(123, "handlers refuse in their own words") {
    $0.memberAccess = handlers
  } _: { lua in
    try registerPerson(lua)
    try expectError(Denied(description: "not allowed to write attribute \"noway\"")) {
      try lua.execute("person.noway = 1")
    }
    try expectError(Denied(description: "not allowed to read attribute \"name\"")) {
      _ = try lua.eval("person.name") as LuaValue
    }
  },
]
