internal import LobaCore

/// Hooks of Swift's: there is one at a time, and what it does may set another.
let randomHookActions: [RandomAction] = [
  RandomAction("set a hook", weight: 3, needs: .hooks) { world in
    let kinds = world.pickKinds()
    let hook = try world.lua.hook(world.events(kinds)) { try RandomWorld.current?.hooked($0, kinds) }
    if !hook.isActive, !world.wasClosed { world.fail("a hook that has been set is none") }
    if world.pools.hooks.count == 4 { world.pools.hooks.remove(at: 0) }
    world.pools.hooks.append(hook)
  },
  RandomAction("remove a hook", weight: 2, needs: .hooks) { world in
    guard !world.pools.hooks.isEmpty else { return }
    let active = world.pools.hooks.first(where: \.isActive)
    let hook = world.pick(from: world.pools.hooks)
    hook.remove()
    if hook.isActive { world.fail("a hook that has been removed is active") }
    if let active, active !== hook, !active.isActive, !world.wasClosed {
      world.fail("a hook is gone with one that it had replaced")
    }
  },
  RandomAction("remove the hook", weight: 2, needs: .hooks) { world in
    world.lua.removeHook()
    if world.pools.hooks.contains(where: \.isActive) { world.fail("there is a hook after it has been removed") }
  },
  RandomAction("a hook that counts nothing", weight: 1, needs: .hooks) { world in
    do {
      try world.lua.hook(.count(-world.pick(2))) { _ in }
      world.fail("a hook counts nothing")
    } catch let error as LuaError where error.kind == .runtime {}
  },
  RandomAction("a hook while a script runs", weight: 4, needs: [.hooks, .scripts], allows: [.runtime]) { world in
    let script = RandomScript.make(in: world)
    world.note(script)
    let kinds = world.pickKinds()
    let hook = try world.lua.hook(world.events(kinds)) { try RandomWorld.current?.hooked($0, kinds) }
    defer { hook.remove() }
    try world.lua.execute(script)
  },
  RandomAction("a hook that sets a variable", weight: 3, needs: .hooks) { world in
    let (before, after) = (world.makeToken(), world.makeToken())
    final class Change { var isDone = false }
    let change = Change()
    let hook = try world.lua.hook(.line) { event in
      guard let world = RandomWorld.current, event.line == 3 else { return }
      let frame = try event.stack[0]
      let function = try frame.info.function
      guard function.shortSource == "variable", function.kind == .mainChunk else { return }
      try world.disturb("hook that sets a variable", .hooks)
      try frame.setLocal("x", to: RandomWritten(token: after))
      change.isDone = true
    }
    defer { hook.remove() }
    let (x, y): (RandomRead, RandomRead) = try world.lua.execute(
      "local x = token(\(before.number))\nact()\nlocal y = x\nreturn x, y", name: "=variable")
    let expected = change.isDone ? after : before
    world.expect([x.token, y.token], [expected, expected])
  },
  RandomAction("hooks within a limit", weight: 2, needs: [.hooks, .limits], allows: [.limit]) { world in
    world.isLimited = true
    let kinds = world.pickKinds()
    try world.lua.withLimits(LuaLimits(instructions: world.pick(1000))) {
      guard let world = RandomWorld.current else { return }
      let hook = try world.lua.hook(world.events(kinds)) { try RandomWorld.current?.hooked($0, kinds) }
      defer { if world.flip() { hook.remove() } }
      try world.lua.execute("for i = 1, 100 do\n  act()\n  local t = {i}\nend")
    }
  },
]

extension RandomWorld {
  fileprivate func pickKinds() -> [LuaHookEvent.Kind] {
    [.call, .return, .line, .count].filter { _ in flip() }
  }

  fileprivate func events(_ kinds: [LuaHookEvent.Kind]) -> LuaHookEvents {
    let events: [LuaHookEvents] = kinds.map {
      switch $0 {
      case .call, .tailCall: .call
      case .return: .return
      case .line: .line
      case .count: .count(1 + pick(20))
      }
    }
    return events.reduce([]) { [$0, $1] }
  }

  /// What a hook does.
  fileprivate func hooked(_ event: LuaHookEvent, _ kinds: [LuaHookEvent.Kind]) throws {
    guard !isQuiet, failure == nil, runtime != nil else { return }
    if !kinds.contains(event.kind == .tailCall ? .call : event.kind) {
      fail("a hook for \(kinds) is told of a \(event.kind)")
    }
    do {
      if has(.introspection), chance(1, in: 4), !wasClosed {
        let stack = try event.stack
        guard !stack.isEmpty else { return fail("a hook has interrupted nothing") }
        let info = try stack[0].info
        // That a function returns which a tail call has replaced is an event without a line, on Lua 5.1.
        if let line = event.line, line != info.line { fail("a \(event.kind) in line \(line) is in \(info.line ?? 0)") }
        try look(at: stack)
      }
      try disturb("hook of Swift's", .hooks)
    } catch {
      // Message handlers are hooked as well, and on LuaJIT that is an error in one.
      if engine.capabilities.contains(.jit) { hasHandlerFailed = true }
      throw error
    }
  }
}
