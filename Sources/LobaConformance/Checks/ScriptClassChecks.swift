internal import LobaCore

private let area = Area("classes and scripts")

private class Creature {
  let name: String
  var energy = 10.0
  var fields: [String: LuaValue] = [:]
  var friends: [Creature] = []
  init(_ name: String) { self.name = name }
  func eat(_ n: Double) { energy += n }
}

private final class Bird: Creature {}

private enum Colour: String, CaseIterable {
  case red, green
  var isWarm: Bool { self == .red }
}

private enum Shape: Equatable {
  case circle(Double)
  case point
}

extension LuaRuntime {
  fileprivate func openCreatures(isExtensible: Bool = true) throws {
    try register(
      LuaClass<Creature>("Creature") {
        $0.isExtensible = isExtensible
        $0.initializer { (name: String) in Creature(name) }
        $0.property("name", \.name)
        $0.property("energy", \.energy)
        $0.method("eat", Creature.eat)
        $0.method("befriend") { (a: Creature, b: Creature) in a.friends.append(b) }
        $0.method("friend") { (a: Creature, i: Int) in a.friends[i] }
        $0.constant("LIMIT", 100)
        $0.staticMethod("count") { 2 }
        $0.metamethod(.lessThan) { (a: Creature, b: Creature) in a.energy < b.energy }
        $0.metamethod(.add) { (a: Creature, b: Creature) in a.energy + b.energy }
      })
    try register(
      LuaClass<Bird>("Bird", inheriting: Creature.self) {
        $0.initializer { (name: String) in Bird(name) }
        $0.method("sing") { (bird: Bird) in bird.name }
      })
  }
}

/// What scripts add to the host's classes, and classes of their own.
let scriptClassChecks: [ConformanceCheck] = [
  area("scripts add members to a class that is open to them, and to those that inherit from it") { lua in
    try lua.openCreatures()
    try lua.execute(
      """
      fox, lark = Creature('fox'), Bird('lark')
      function Creature:howl(n) return self.name .. string.rep('!', n) end
      Creature.LEGS = 4
      assert(fox:howl(2) == 'fox!!' and lark:howl(1) == 'lark!' and Creature.howl(fox, 0) == 'fox')
      assert(fox.LEGS == 4 and Creature.LEGS == 4 and Bird.LEGS == 4)
      function Bird:howl() return 'tweet' end
      Bird.LEGS = 2
      assert(lark:howl() == 'tweet' and fox:howl(0) == 'fox' and fox.LEGS == 4 and lark.LEGS == 2)
      function Creature:howl() return 'new' end
      assert(fox:howl() == 'new' and lark:howl() == 'tweet')
      Bird.howl = nil
      assert(lark:howl() == 'new')
      Creature.howl = nil
      assert(not pcall(function() return fox.howl end) and Creature.howl == nil)
      function Creature:again() return 1 end
      assert(fox:again() == 1)
      assert(Creature.count() == 2 and Creature.LIMIT == 100 and Creature.new('x').name == 'x')
      fox:eat(3)
      assert(fox.energy == 13)
      """)
    // A class that is registered later has them too.
    final class Fish: Creature {}
    try lua.register(
      LuaClass<Fish>("Fish", inheriting: Creature.self) { $0.initializer { (name: String) in Fish(name) } })
    try expectEqual(
      try lua.execute("local f = Fish('pike') return f:again(), f.LEGS, Fish.again(f)") as LuaValues, [1, 4, 1])
  },
  area("what is declared stays what it is") { lua in
    try lua.openCreatures()
    try lua.execute("fox, lark = Creature('fox'), Bird('lark')")
    for name in ["eat", "energy", "name", "LIMIT", "count", "new"] {
      let error = try expectLuaError(.runtime) { try lua.execute("Creature.\(name) = function() end") }
      try expectContains(error.message, "Creature has a '\(name)' of the host's")
    }
    try lua.execute("Creature.sing = function() return 'la' end")
    try expectEqual(try lua.execute("return fox:sing(), lark:sing()") as LuaValues, ["la", "lark"])
    try expectLuaError(.runtime) { try lua.execute("Bird.eat = 1") }
    try expectLuaError(.conversion) { try lua.execute("Creature[1] = 2") }
    try expectLuaError(.conversion) { try lua.execute("Creature[{}] = 2") }
    let file: LuaValue? = try lua.eval("io and io.stdout")
    if let file {
      let error = try expectLuaError(.conversion) { try lua.execute("Creature.file = ...", file) }
      try expectContains(error.message, "cannot be a member of Creature")
      // What has failed has left nothing behind.
      try expectLuaError(.conversion) { try lua.execute("Bird.file = ...", file) }
      try lua.execute("Creature.file = 1 assert(Bird.file == 1 and lark.file == 1)")
    }
    try lua.execute("Creature.other = fox Creature.list = {1}")
    try expectEqual(try lua.eval("lark.other == fox and lark.list[1] == 1"), true)
  },
  area("a class that is not open has what it had") { lua in
    try lua.openCreatures(isExtensible: false)
    try lua.execute("fox = Creature('fox') Creature.howl = function() end")
    try expectLuaError(.runtime) { try lua.execute("fox:howl()") }
  },
  area("added members go through a filter of members") { lua in
    var configuration = lua.configuration
    configuration.memberAccess = .filter { _, key, _ in
      if key == "secret" { throw LuaError(message: "no") }
      return key
    }
    let lua = try LuaRuntime(engine: lua.engine, configuration: configuration)
    defer { lua.close() }
    try lua.openCreatures()
    try lua.execute("fox = Creature('fox') function Creature:howl() return 1 end function Creature:secret() end")
    try expectEqual(try lua.eval("fox:howl()"), 1)
    try expectLuaError(.runtime) { try lua.execute("fox:secret()") }
  },
  area("objects with fields of their own") { lua in
    try lua.register(
      LuaClass<Creature>("Creature") {
        $0.property("energy", \.energy)
        $0.property("name", get: { $0.name })
        $0.method("eat", Creature.eat)
        $0.constant("LIMIT", 100)
        $0.fields(\.fields)
      })
    let fox = Creature("fox")
    try lua.globals.set("fox", to: lua.wrap(fox))
    try lua.execute("fox.mood, fox.age, fox.energy = 'sly', 3, 7")
    try expect(fox.fields["mood"] == "sly" && fox.fields["age"] == 3 && fox.energy == 7 && fox.fields["energy"] == nil)
    try expectEqual(try lua.eval("fox.mood .. fox.age"), "sly3")
    try expect(try lua.eval("fox.nothing == nil") as Bool)
    try lua.execute("fox.mood = nil")
    try expect(fox.fields["mood"] == nil && fox.fields.count == 1)
    try expectLuaError(.conversion) { try lua.execute("fox.pal = fox") }
    let error = try expectLuaError(.conversion) { try lua.execute("fox.t = {}") }
    try expectContains(error.message, "'t'")
    try expectLuaError(.conversion) { try lua.execute("fox[1] = 2") }
    // What is declared is no field, also where the host asks before each access.
    for name in ["name", "eat", "LIMIT"] {
      let error = try expectLuaError(.runtime) { try lua.execute("\n\nfox.\(name) = 5") }
      try expectContains(error.message, "Creature has no settable member '\(name)'")
    }
    try expect(fox.fields.count == 1 && fox.name == "fox")
    try lua.register(LuaClass<Lock>("Lock") { $0.fields(\.fields) })
    try lua.globals.set("lock", to: lua.wrap(Lock()))
    try lua.execute("lock.fox, lock.n, lock.me = fox, 2.5, lock")
    try expect(try lua.eval("lock.fox == fox and lock.n == 2.5 and lock.me == lock and lock.x == nil") as Bool)
    try expectLuaError(.conversion) { try lua.execute("lock.f = print") }
    try lua.execute("lock.me = nil")
    // Who is replaced may look at the fields as he goes, and write to them.
    let lock = Lock()
    lock.fields["key"] = Key { [unowned lock] in lock.fields["lost"] = lock.fields.count }
    try lua.globals.set("lock", to: lua.wrap(lock))
    try lua.execute("lock.key = nil")
    try expectEqual(lock.fields["lost"] as? Int, 0)
  },
  area("messages call a type what scripts call it") { lua in
    try lua.register(
      LuaClass<Creature>("Beast") {
        $0.method("eat", Creature.eat)
        $0.fields(\.fields)
      })
    try lua.globals.set("fox", to: lua.wrap(Creature("fox")))
    try lua.globals.set("feed", to: lua.function { (_: Creature) in })
    for (source, words) in [
      ("fox.eat()", "'eat' needs a Beast before the dot"), ("fox.eat(1, 2)", "'eat' is a member of Beast, got"),
      ("feed(5)", "expected Beast, got"), ("fox:eat(fox)", "expected Double, got a Beast"),
      ("fox.pal = fox", "'pal': a script cannot store a Beast as a LuaValue"),
    ] {
      try expectContains(try expectLuaError(.conversion) { try lua.execute(source) }.message, words)
    }
  },
  area("cases of enumerations") { lua in
    try lua.register(
      LuaClass<Colour>("Colour") {
        $0.cases()
        $0.property("warm", \.isWarm)
        $0.property("rawValue", \.rawValue)
      })
    try lua.register(
      LuaClass<Shape>("Shape") {
        $0.constant("point", Shape.point)
        $0.staticMethod("circle", Shape.circle)
        $0.property("radius", get: { if case .circle(let r) = $0 { r } else { nil as Double? } })
      })
    try expectEqual(try lua.eval("Colour.red") as Colour, .red)
    try expectEqual(
      try lua.execute("return Colour.red.warm, Colour.green.warm, Colour.red == Colour.red, Colour.red == Colour.green")
        as LuaValues, [true, false, true, false])
    try expectEqual(try lua.eval("Colour.green.rawValue"), "green")
    try expectEqual(try lua.eval("Shape.circle(2)") as Shape, .circle(2))
    try expect(try lua.eval("Shape.point.radius == nil and Shape.circle(3).radius == 3") as Bool)
    try expect(try lua.eval("Colour.blue == nil") as Bool)
  },
  area("a table stands for the object in its field __object") { lua in
    try lua.openCreatures()
    try lua.execute("fox, hare = {__object = Creature('fox')}, Creature('hare')")
    let (a, b): (Creature, Creature) = try lua.eval("fox, fox.__object")
    try expect(a === b)
    try lua.execute("Creature.eat(fox, 5) hare:befriend(fox) assert(hare:friend(0) == fox.__object)")
    try expectEqual(try lua.eval("fox.__object.energy"), 15.0)
    let optional: Creature? = try lua.eval("fox")
    try expect(optional?.name == "fox")
    let list: [Creature] = try lua.eval("{fox, hare}")
    try expectEqual(list.map(\.name), ["fox", "hare"])
    try expectLuaError(.conversion) { try lua.execute("hare:befriend({})") }
    try expectLuaError(.conversion) { try lua.execute("hare:befriend({__object = 1})") }
    try expectLuaError(.conversion) { try lua.execute("hare:befriend({__object = {}})") }
    try expectLuaError(.conversion) { try lua.execute("Bird.sing(fox)") }
    try expectLuaError(.conversion) { try lua.execute("Creature.eat(setmetatable({}, {__index = fox}), 1)") }
    try expect(try (lua.eval("fox") as LuaValue).type == .table)
  },
  area("classes in Lua that inherit from the host's") { lua in
    try lua.openCreatures()
    try lua.execute(
      """
      Wolf = swift.extend(Creature)
      function Wolf:init(name, pack) self.pack = pack end
      function Wolf:howl() return self.name .. ' of ' .. self.pack end
      function Wolf:eat(n) Creature.eat(self, 2 * n) end
      local w, v = Wolf('grey', 'the north'), Wolf.new('white', 'the south')
      assert(w:howl() == 'grey of the north' and v:howl() == 'white of the south')
      w:eat(5)
      assert(w.energy == 20 and v.energy == 10)
      w.energy = 7
      assert(w.energy == 7 and w.__object.energy == 7 and rawget(w, 'energy') == nil)
      assert(w.LIMIT == 100 and w.nothing == nil and Wolf.count() == 2)
      assert(w < v and not (v < w) and w + v == 17)
      assert(_VERSION == 'Lua 5.1' or w < Creature('x'))  -- there, both must be tables
      w:befriend(v)
      assert(w:friend(0) == v.__object)
      local hare = Creature('hare')
      hare:befriend(w)
      assert(hare:friend(0) == w.__object)
      assert(not pcall(function() w.name = 'x' end) and w.name == 'grey')
      assert(tostring(w) == tostring(w.__object))
      function Wolf:__tostring() return 'wolf ' .. self.name end
      function Wolf.__concat(a, b) return 'joined' end
      assert(tostring(w) == 'wolf grey' and w .. v == 'joined')

      Cub = swift.extend(Wolf)
      function Cub:howl() return 'yip, ' .. Wolf.howl(self) end
      local c = Cub('small', 'the east')
      assert(c:howl() == 'yip, small of the east' and tostring(c) == 'wolf small' and c.pack == 'the east')
      c:eat(1)
      assert(c.energy == 12 and Cub.LIMIT == 100)

      local tame = Wolf.from(hare)
      assert(tame.name == 'hare' and tame.energy == 10)
      function Creature:late() return 'late ' .. self.name end
      assert(w:late() == 'late grey' and c:late() == 'late small')
      """)
    for (source, line) in [
      ("\n\nWolf('a', 'b').name = 'x'", ":3: Creature"), ("Bad.init = 3\n\nBad('a')", ":3: 'init'"),
    ] {
      try lua.execute("Bad = swift.extend(Creature)")
      let error = try expectLuaError(.runtime) { try lua.execute(source) }
      try expectContains(error.message, line)
    }
    // Recursion that is in Loba's own Lua alone.
    try lua.execute("Bad = swift.extend(Creature) Bad.init = Bad assert(not pcall(Bad, 'a'))")
    try lua.globals.set("bad", to: lua.function { throw LuaError(placed: "bad") })
    try lua.execute(
      """
      Deep, depth = swift.extend(Creature), 0
      Deep.init = setmetatable({}, {__call = function(_, ...) depth = depth + 1 if depth > 50 then bad() end Deep('a') end})
      assert(not pcall(Deep, 'a') and depth > 50)
      """)
    let traceback = try expectLuaError(.runtime) { try lua.execute("\nWolf('a', 'b').name = 'x'") }.traceback
    try expect(traceback.frames.allSatisfy { $0.source != "[Swift]" }, "\(traceback)")
    let wolf: Creature = try lua.eval("Wolf('red', 'all')")
    try expectEqual(wolf.name, "red")
  },
  area("what cannot be extended says so") { lua in
    try lua.openCreatures()
    for wrong in ["1", "nil", "", "{}", "Creature('x')", "string", "print"] {
      try expectLuaError(.conversion) { try lua.execute("swift.extend(\(wrong))") }
    }
    try lua.register(LuaClass<Lock>("Lock") { $0.property("isOpen", \.isOpen) })
    let error = try expectLuaError(.runtime) { try lua.execute("swift.extend(Lock)()", name: "=here") }
    try expectContains(error.message, "here:1: objects of this class can only be made by the host")
    for wrong in ["1", "nil", "{}"] {
      try expectLuaError(.runtime) { try lua.execute("swift.extend(Creature).from(\(wrong))") }
    }
    try expectLuaError(.conversion) { try lua.execute("swift.extend(Creature)(nil)") }
    try lua.execute("broken = swift.extend(Creature)('x') broken.__object = nil")
    try expectLuaError(.runtime) { try lua.execute("return broken.name") }
    try expectLuaError(.conversion) { try lua.execute("broken:eat(1)") }
    try lua.execute("setmetatable = nil swift.extend(Bird)")
  },
  area("classes in Lua keep nothing alive") { lua in
    let counter = LifetimeCounter()
    try lua.register(LuaClass<LifetimeTracker>("Tracker") { $0.initializer { counter.makeTracker() } })
    try lua.execute(
      """
      for i = 1, 20 do
        local class = swift.extend(Tracker)
        function class:init() self.me, self.class = self, class end
        class.last = class()
      end
      """)
    try lua.collectGarbage()
    try lua.collectGarbage()
    try expectEqual(counter.alive, 0)
  },
]

private final class Lock {
  var isOpen = false
  var fields: [String: Any] = [:]
}

private final class Key {
  let whenLost: () -> Void
  init(_ whenLost: @escaping () -> Void) { self.whenLost = whenLost }
  deinit { whenLost() }
}
