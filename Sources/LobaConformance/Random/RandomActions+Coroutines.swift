internal import LobaCore

let randomCoroutineActions: [RandomAction] = [
  RandomAction("a coroutine, begun", weight: 3, needs: .coroutines) { world in
    let token = world.makeToken()
    let body: LuaFunction = try world.lua.eval(
      """
      function(a)
        check(\(token.number), a)
        for i = 1, 3 do
          act()
          local back = coroutine.yield(token(\(token.number)))
          local ok, e = pcall(act)
          if not ok then dropped(e) end
          if back == 'fail' then local e = raise() if e ~= nil then error(e, 0) end end
        end
        return token(\(token.number))
      end
      """)
    let coroutine = try body.coroutine(RandomWritten(token: token))
    world.expect([try coroutine.send(as: RandomRead.self).token], [token])
    world.remember(coroutine)
  },
  RandomAction("resume", weight: 5, needs: .coroutines, allows: [.coroutine]) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    let coroutine = world.pick(from: world.pools.coroutines)
    switch world.pick(3) {
    case 0: _ = try coroutine.next(as: RandomRead.self)
    case 1: _ = try coroutine.send("fail") as LuaValue
    default: _ = try coroutine.send(RandomWritten(token: world.makeToken())) as LuaValues
    }
  },
  RandomAction("throw into a coroutine", weight: 2, needs: .coroutines, allows: [.coroutine]) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    _ = try world.pick(from: world.pools.coroutines).throw(world.makeError()) as LuaValue
  },
  RandomAction("close a coroutine", weight: 1, needs: .coroutines, allows: [.coroutine]) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    let coroutine = world.pick(from: world.pools.coroutines)
    try coroutine.close()
    if coroutine.status != .dead { world.fail("a coroutine that was closed is \(coroutine.status)") }
  },
  RandomAction("drop a coroutine", weight: 1, needs: .coroutines) { world in
    guard !world.pools.coroutines.isEmpty else { return }
    world.pools.coroutines.remove(at: world.pick(world.pools.coroutines.count))
  },
  RandomAction("collect a coroutine", needs: .coroutines) { world in
    let token = world.makeToken()
    let body: LuaFunction = try world.lua.eval(
      "function(n) for i = 1, n do act() coroutine.yield(token(\(token.number))) end end")
    let values = try body.coroutine(3).collect(as: RandomRead.self)
    world.expect(values.map(\.token), [token, token, token])
  },
  RandomAction("variables to be closed", needs: .coroutines, requires: .toBeClosed) { world in
    let body: LuaFunction = try world.lua.eval(
      """
      function()
        local a <close> = setmetatable({}, {__close = function() act() end})
        local b <close> = setmetatable({}, {__close = function() act() end})
        coroutine.yield(1)
        act()
      end
      """)
    let coroutine = try body.coroutine()
    _ = try coroutine.next() as LuaValue?
    if world.flip() { try coroutine.close() } else { _ = try coroutine.next() as LuaValue? }
  },
  RandomAction("the main thread, had by a script", weight: 1, needs: [.coroutines, .mainThread]) { world in
    try world.lua.execute("main = coroutine.running()")
    let body: LuaFunction = try world.lua.eval(
      """
      function()
        if main then
          pcall(coroutine.resume, main)
          if coroutine.close then pcall(coroutine.close, main) end
          pcall(coroutine.status, main)
        end
      end
      """)
    _ = try body.coroutine().next() as LuaValue?
  },
]

extension RandomWorld {
  func remember(_ coroutine: LuaCoroutine) {
    if pools.coroutines.count < 6 { return pools.coroutines.append(coroutine) }
    pools.coroutines[pick(6)] = coroutine
  }
}

extension LuaCoroutine {
  fileprivate func send<R>(as type: R.Type) throws -> R { try send() }
}
