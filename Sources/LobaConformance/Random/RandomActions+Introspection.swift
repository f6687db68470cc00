internal import LobaCore

/// A frame, and what is known of it from when its call was under way.
struct RandomFrame {
  let frame: LuaFrame
  /// Nil if the function may be collected, and another have its place in memory.
  let function: LuaFunction?
}

/// Stacks and variables, also of calls that have returned.
let randomIntrospectionActions: [RandomAction] = [
  RandomAction("look at the stack", weight: 4, needs: .introspection) { world in
    try world.look(at: world.lua.stack)
    _ = try world.lua.traceback().frames.count
  },
  RandomAction("a frame that was kept", weight: 4, needs: .introspection, allows: [.runtime]) { world in
    guard !world.pools.frames.isEmpty else { return }
    try world.look(at: world.pick(from: world.pools.frames))
  },
  RandomAction("look at a coroutine", weight: 3, needs: [.introspection, .coroutines]) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    let coroutine = world.pick(from: world.pools.coroutines)
    try world.look(at: coroutine.stack)
    _ = try coroutine.traceback().frames.count
  },
  RandomAction("variables of a coroutine", weight: 3, needs: [.introspection, .coroutines]) { world in
    let (before, after) = (world.makeToken(), world.makeToken())
    let body: LuaFunction = try world.lua.eval(
      "function(a) local b = a act() coroutine.yield(1) act() check(\(after.number), b) return b end")
    let coroutine = try body.coroutine(RandomWritten(token: before))
    _ = try coroutine.next() as LuaValue?
    let stack = try coroutine.stack
    guard let frame = try stack.first(where: { try $0.info.function.kind == .lua }) else {
      return world.fail("a coroutine that waits runs no function")
    }
    world.remember(frame, of: body)
    world.expect([try frame.local("b", as: RandomRead.self).token], [before])
    try frame.setLocal("b", to: RandomWritten(token: after))
    world.expect([try coroutine.next(as: RandomRead.self)?.token], [after])
  },
  RandomAction("a call looks at its caller", weight: 3, needs: .introspection) { world in
    let (before, after) = (world.makeToken(), world.makeToken())
    let change = try world.lua.function { (lua: LuaRuntime) in
      let frame = try lua.stack[1]
      try RandomWorld.current?.disturb("host function with a frame", .introspection)
      RandomWorld.current?.expect([try frame.local("b", as: RandomRead.self).token], [before])
      try frame.setLocal("b", to: RandomWritten(token: after))
    }
    let f: LuaFunction = try world.lua.eval("function(f, a) local b = a f() act() return b end")
    let b: RandomRead = try f(change, RandomWritten(token: before))
    world.expect([b.token], [after])
  },
  RandomAction("upvalues", weight: 3, needs: .introspection) { world in
    let (before, after) = (world.makeToken(), world.makeToken())
    let make: LuaFunction = try world.lua.eval("function(a) local b = 1 return function() act() return a, b end end")
    let f: LuaFunction = try make(RandomWritten(token: before))
    world.expect([try f.upvalue("a", as: RandomRead.self).token], [before])
    try f.setUpvalue("a", to: RandomWritten(token: after))
    let a: RandomRead = try f()
    world.expect([a.token], [after])
    world.remember(f)
  },
  RandomAction("look at a function that is at hand", weight: 2, needs: .introspection) { world in
    guard !world.pools.functions.isEmpty else { return }
    try world.look(at: world.pick(from: world.pools.functions))
  },
]

extension RandomWorld {
  fileprivate func remember(_ frame: LuaFrame, of function: LuaFunction?) {
    let known = RandomFrame(frame: frame, function: flip() ? function : nil)
    if pools.frames.count < 8 { return pools.frames.append(known) }
    pools.frames[pick(8)] = known
  }

  /// Looks at some frames, and keeps one.
  func look(at stack: LuaStack) throws {
    guard !stack.isEmpty else { return }
    for _ in 0..<(1 + pick(3)) {
      let frame = pick(from: stack)
      try look(at: RandomFrame(frame: frame, function: nil))
      remember(frame, of: try knownFunction(of: frame))
    }
  }

  fileprivate func look(at known: RandomFrame) throws {
    let frame = known.frame
    let info = try frame.info
    if let function = known.function, let found = try knownFunction(of: frame), found != function {
      fail("a frame has another function than when its call was under way")
    }
    let locals = try frame.locals
    if info.function.kind != .lua, info.function.kind != .mainChunk, !locals.isEmpty {
      fail("a function of kind \(info.function.kind) has variables: \(locals.map(\.name))")
    }
    for variable in locals where flip() {
      try frame.setLocal(variable.index, to: variable.value)
      remember(variable.value)
    }
    for value in try frame.variadicArguments { remember(value) }
  }

  /// The function of a frame, which Lua 5.1 does not know of one that a tail call has replaced.
  private func knownFunction(of frame: LuaFrame) throws -> LuaFunction? {
    do {
      return try frame.function
    } catch let error as LuaError where error.kind == .runtime && error.message.contains("a tail call has replaced it")
    {
      return nil
    }
  }

  fileprivate func look(at function: LuaFunction) throws {
    let info = try function.info
    let upvalues = try function.upvalues
    if info.kind == .lua, upvalues.count != info.upvalueCount {
      fail("of \(info.upvalueCount) upvalues there are \(upvalues.count)")
    }
    for variable in upvalues {
      if info.kind == .lua { try function.setUpvalue(variable.index, to: variable.value) }
      remember(variable.value)
    }
    _ = try function.activeLines
  }
}
