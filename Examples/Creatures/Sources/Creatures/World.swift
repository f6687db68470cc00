import Loba

/// A creature as the game has it: what it does is in Lua.
final class Creature {
  let kind: String
  unowned let world: World
  var x: Double
  var speed: Double
  var energy = 50.0
  private(set) var isAlive = true

  init(_ kind: String, in world: World, x: Double, speed: Double) {
    self.kind = kind
    self.world = world
    self.x = x
    self.speed = speed
  }

  func die() { isAlive = false }
}

/// Creatures on a line, each with a script of its kind.
final class World {
  let width = 1000.0
  private(set) var creatures: [Creature] = []
  private let lua: LuaRuntime
  private var updates: [String: LuaFunction] = [:]

  init(engine: any LuaEngine, scripts: [String: [UInt8]]) throws {
    lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: .safe))
    try lua.register(
      LuaClass<Creature>("Creature") {
        $0.leafProperty("x", get: { $0.x }, set: { $0.x = $1 })
        $0.leafProperty("speed", get: { $0.speed }, set: { $0.speed = $1 })
        $0.leafProperty("energy", get: { $0.energy }, set: { $0.energy = $1 })
        $0.property("kind", \.kind)
        $0.property("world", get: { $0.world })
        $0.method("die", Creature.die)
      })
    try lua.register(
      LuaClass<World>("World") {
        $0.property("width", \.width)
        $0.method("nearest", World.nearest)
      })
    for (kind, source) in scripts { try setScript(of: kind, to: source) }
  }

  deinit { lua.close() }

  /// Gives creatures of a kind another script, also in the middle of the game: what the old one has counted stays.
  func setScript(of kind: String, to source: [UInt8]) throws {
    try lua.modules.set(kind, to: .source(String(decoding: source, as: UTF8.self), name: "@\(kind).lua"))
    let isNew = try !lua.modules.isLoaded(kind)
    let script = isNew ? try lua.require(kind) : try lua.modules.reload(kind).as(LuaTable.self)
    updates[kind] = try script["update"]
  }

  /// What a script has counted.
  func count(_ name: String, of kind: String) throws -> Int { try (lua.require(kind) as LuaTable)[name] }

  func add(_ kind: String, _ count: Int, _ place: (Int) -> Double) {
    for i in 0..<count {
      creatures.append(Creature(kind, in: self, x: place(i), speed: Double(i % 7) * 5 - 15))
    }
  }

  func nearest(to creature: Creature, _ kind: String) -> Creature? {
    creatures.lazy.filter { $0.isAlive && $0.kind == kind }.min { abs($0.x - creature.x) < abs($1.x - creature.x) }
  }

  /// A frame of the game.
  func update(_ dt: Double) throws {
    for creature in creatures where creature.isAlive {
      if let update = updates[creature.kind] { try update(creature, dt) }
    }
    creatures.removeAll { !$0.isAlive }
  }

  func count(of kind: String) -> Int { creatures.count { $0.kind == kind } }
}
