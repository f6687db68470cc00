internal import LobaCore

/// One thing to do to the runtime, at the outermost level or in a callback.
struct RandomAction: Sendable {
  let name: String
  /// How often it is chosen, compared to others.
  let weight: Int
  /// It is left out unless the round has all of these.
  let needs: RandomFeatures
  let requires: LuaCapabilities
  /// Kinds of errors of Loba's that it may throw itself.
  let allows: [LuaError.Kind]
  let body: @Sendable (RandomWorld) throws -> Void

  init(
    _ name: String, weight: Int = 2, needs: RandomFeatures = [], requires: LuaCapabilities = [],
    allows: [LuaError.Kind] = [], _ body: @escaping @Sendable (RandomWorld) throws -> Void
  ) {
    self.name = name
    self.weight = weight
    self.needs = needs
    self.requires = requires
    self.allows = allows
    self.body = body
  }

  private static let all: [RandomAction] =
    randomCallActions + randomTableActions + randomHostActions + randomCoroutineActions + randomMemoryActions
    + randomScriptActions + randomLeafActions + randomInPlaceActions + randomLimitActions
    + randomHookActions + randomIntrospectionActions + randomWaitingActions

  /// What there is to do in a world, each as often as it weighs.
  static func all(for world: RandomWorld) -> [RandomAction] {
    if let known = world.actions { return known }
    let actions = all.filter { world.has($0.needs) && $0.requires.isSubset(of: world.engine.capabilities) }
      .flatMap { Array(repeating: $0, count: $0.weight) }
    world.actions = actions
    return actions
  }
}
