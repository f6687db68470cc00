internal import LobaCore

let randomHostActions: [RandomAction] = [
  RandomAction("register the classes", weight: 1, needs: .members) { world in try world.registerClasses() },
  RandomAction("wrap an object", weight: 3) { world in
    let object = world.makeObject()
    let userdata = try world.lua.wrap(object)
    let again = try world.lua.wrap(object)
    if userdata != again { world.fail("an object has two userdata") }
    let back: RandomObject = try LuaValue.userdata(userdata).as()
    if back !== object { world.fail("token \(object.token.number) comes back as \(back.token.number)") }
    if world.pools.userdata.count < 6 {
      world.pools.userdata.append((userdata, object))
    } else {
      world.pools.userdata[world.pick(6)] = (userdata, object)
    }
  },
  RandomAction("an object that was wrapped") { world in
    guard !world.pools.userdata.isEmpty else { return }
    let (userdata, object) = world.pick(from: world.pools.userdata)
    let back: RandomObject = try LuaValue.userdata(userdata).as()
    if back !== object { world.fail("token \(object.token.number) comes back as \(back.token.number)") }
    _ = try userdata.tostring()
    _ = userdata.description
  },
  RandomAction("drop an object") { world in
    guard !world.pools.userdata.isEmpty else { return }
    world.pools.userdata.remove(at: world.pick(world.pools.userdata.count))
  },
  RandomAction("members", weight: 6, needs: .members) { world in
    let object = world.makeObject()
    let other = world.makeToken()
    let f: LuaFunction = try world.lua.eval(
      """
      function(o, n)
        check(\(object.token.number), o.token)
        o.slot = n
        check(\(other.number), o.slot)
        check(\(other.number), (o:echo(n)))
        check(\(object.token.number), o + 1)
        check(\(other.number), (o(n)))
        return #o, o.limit, o < o, o.number
      end
      """)
    let (length, limit, isLess, number): (Int, Int, Bool, Int) = try f(object, RandomWritten(token: other))
    if length != object.token.number || limit != 7 || !isLess || number != object.token.number {
      world.fail("members are \(length), \(limit), \(isLess), \(number)")
    }
  },
  RandomAction("a member that is several long strings", weight: 3, needs: .members) { world in
    let object = world.makeObject()
    let f: LuaFunction = try world.lua.eval(
      "function(o) local a = o.many act() local b = o.many return a, b, o:pair(token(1), token(2)) end")
    let (a, b, c, d): (RandomRead, RandomRead, String, String) = try f(object)
    world.expect([a.token, b.token], [RandomToken(number: 36), RandomToken(number: 36)])
    if c != "text 2".replacing("text 2", with: describe(RandomToken(number: 2)))
      || d != describe(RandomToken(number: 1))
    {
      world.fail("a method of two gives \(c), \(d)")
    }
  },
  RandomAction("objects compared", weight: 2, needs: [.members, .equality]) { world in
    let object = world.makeObject()
    let f: LuaFunction = try world.lua.eval("function(a, b) return a == b, a == a end")
    let registrations = world.registrations
    let (equal, same): (Bool, Bool) = try f(object, RandomObject(object.token))
    if !same { world.fail("an object is not equal to itself") }
    // Lua 5.1 and LuaJIT compare what has the same __eq, and a class that is registered again has another.
    if !equal, type(of: object) == RandomObject.self, world.registrations == registrations {
      world.fail("equal objects are not equal")
    }
  },
  RandomAction("text of an object", needs: .descriptions) { world in
    let object = world.makeObject()
    let text: String = try world.lua.eval("tostring(...)", world.lua.wrap(object))
    if text != object.token.text { world.fail("tostring of token \(object.token.number) is \(text)") }
  },
  RandomAction("a structure changed in place", weight: 2, needs: .members) { world in
    let (a, b, c): (Int, Int, Int) = try world.lua.execute(
      """
      local p = Point(1)
      p.x = p.x + 1
      local two = p.x
      pcall(act)
      p:move(5)
      return two, p.x, Point.new(3).x
      """)
    if (a, b, c) != (2, 7, 3) { world.fail("a structure has \(a), \(b), \(c)") }
  },
  RandomAction("items are read", weight: 4, needs: .items) { world in
    let (a, b) = (world.makeToken(), world.makeToken())
    let array = try world.lua.wrap([RandomWritten(token: a), RandomWritten(token: b)])
    let dictionary = try world.lua.wrap([RandomKey(number: 1): RandomWritten(token: a)])
    let set = try world.lua.wrap(Set([RandomKey(number: 1), RandomKey(number: 5)]))
    let f: LuaFunction = try world.lua.eval(
      """
      function(array, dictionary, set)
        local a, b = array[0], array[1]
        act()
        check(\(a.number), a) check(\(b.number), b) check(\(a.number), dictionary[1])
        return array[2] == nil, dictionary[9] == nil, set[5], set[9]
      end
      """)
    let (beyond, missing, isMember, isNone): (Bool, Bool, Bool, Bool) = try f(array, dictionary, set)
    if !beyond || !missing || !isMember || isNone {
      world.fail("items are \(beyond), \(missing), \(isMember), \(isNone)")
    }
  },
  RandomAction("items are changed", weight: 4, needs: [.items, .itemChanges]) { world in
    let token = world.makePlainToken()
    let array = try world.lua.wrap([Any]())
    let objects = try world.lua.wrap([world.makeObject(), world.makeObject()])
    let dictionary = try world.lua.wrap([RandomKey: Any]())
    let set = try world.lua.wrap(Set([RandomKey(number: 1), RandomKey(number: 5)]))
    world.remember(.userdata(world.pick(from: [array, objects, dictionary, set])))
    let f: LuaFunction = try world.lua.eval(
      """
      function(array, objects, dictionary, set)
        array[0] = token(\(token.number))
        array[0] = \(world.makeToken().integer)
        array[1] = token(\(token.number))
        dictionary[1] = token(\(token.number))
        dictionary[5] = 5
        dictionary[5] = nil
        objects[0] = objects[1]
        objects[1] = Object(7)
        set[5] = false set[9] = true set[1] = nil
        check(\(token.number), array[1])
        return set[9], objects[1].number
      end
      """)
    let (isMember, number): (Bool, Int) = try f(array, objects, dictionary, set)
    if !isMember || number != 7 { world.fail("changed items are \(isMember), \(number)") }
  },
  RandomAction("items that are their own containers", weight: 1, needs: [.items, .itemChanges, .cycles]) { world in
    let array = try world.lua.wrap([Any]())
    // Refused, or done so that nothing lives for ever.
    try world.lua.execute("local a = ... pcall(function() a[0] = a end) pcall(function() a[1] = {a} end)", array)
  },
  RandomAction("iteration", weight: 4, needs: .iteration) { world in
    let count = world.pick(5)
    let f: LuaFunction = try world.lua.eval(
      """
      function(s, name)
        local n = 0
        for a, b in swift[name](s) do
          act()
          n = n + 1
          check(100 + \(count) - n, name == 'enumerate' and b or a)
        end
        return n
      end
      """)
    let name = world.pick(from: ["iter", "iterex", "enumerate"])
    let found: Int = try f(world.lua.wrap(RandomSequence(left: count)), name)
    if found != count { world.fail("\(name) has given \(found) of \(count)") }
  },
  RandomAction("views", needs: [.views, .items]) { world in
    let token = world.makeToken()
    let items = try world.lua.wrap([RandomWritten(token: token)], as: .items)
    let attributes = try world.lua.wrap(world.makeObject(), as: .attributes)
    let f: LuaFunction = try world.lua.eval(
      "function(i, a) check(\(token.number), swift.as_itemgetter(i)[0]) return a.limit, swift.as_attrgetter(a).limit end"
    )
    let (a, b): (Int, Int) = try f(items, attributes)
    if a != 7 || b != 7 { world.fail("a constant is \(a), \(b)") }
  },
  RandomAction("an object as a function", weight: 1, needs: [.views, .members]) { world in
    let token = world.makeToken()
    let f: LuaFunction = try world.lua.eval("function(o) return swift.as_function(o)(token(\(token.number))) end")
    world.expect([try f(world.lua.wrap(world.makeObject()), as: RandomRead.self).token], [token])
  },
  RandomAction("swift.eval and builtins", needs: .evaluation) { world in
    let (a, b): (String, Int) = try world.lua.eval("swift.eval('text'), swift.builtins.probe(4)")
    if a != "text" || b != 4 { world.fail("eval gives \(a), a builtin \(b)") }
  },
]

extension LuaFunction {
  fileprivate func callAsFunction<A, R: LuaConstructible>(_ argument: A, as type: R.Type) throws -> R {
    try self(argument)
  }
}

extension RandomWorld {
  func makeObject() -> RandomObject { flip() ? RandomObject(makeToken()) : RandomSubobject(makeToken()) }
}
