internal import LobaCore

/// Structures that are userdata themselves, where boxes refer to them: views, and methods that are bound to one.
let randomInPlaceActions: [RandomAction] = [
  RandomAction("views of a value in place", weight: 4, needs: [.inPlace, .members, .views]) { world in
    let number = world.pick(1000)
    let registrations = world.registrations
    let f: LuaFunction = try world.lua.eval(
      """
      function(n)
        local p = Point(n)
        local view, bound = swift.as_attrgetter(p), swift.as_attrgetter(p).twice
        local isSame = rawequal(view, swift.as_attrgetter(p))
        keep.view, keep.bound = view, bound
        act()
        view.x = view.x + 1
        p = nil
        collectgarbage('step', 1)
        act()
        view.move(5)
        return view.x, bound(), isSame
      end
      """)
    let (x, twice, isSame): (Int, Int, Bool) = try f(number)
    // Of a closed runtime each view has a copy.
    guard !world.wasClosed else { return }
    if x != number + 6 || twice != 2 * x { world.fail("a value of \(number) in place has \(x), \(twice)") }
    if !isSame, registrations == world.registrations { world.fail("a value has two views") }
  },
  RandomAction("a view that was kept", weight: 3, needs: [.inPlace, .members, .views]) { world in
    let type: String = try world.lua.execute(
      """
      local view, bound = keep.view, keep.bound
      if not view then return 'number' end
      act()
      local a = view.x
      assert(type(bound()) == 'number' and view == view)
      return type(a)
      """)
    if type != "number" { world.fail("a member of a value that was kept is of type \(type)") }
  },
  RandomAction("values in place through a host function", weight: 3, needs: [.inPlace, .members]) { world in
    let swap = try world.lua.function { (a: RandomPoint, b: RandomPoint) in
      try RandomWorld.current?.disturb("host function of values", [])
      return (b, a)
    }
    let (x, y) = (world.pick(1000), world.pick(1000))
    let f: LuaFunction = try world.lua.eval(
      """
      function(swap, a, n)
        local b = Point(n)
        b, a = swap(a, b)
        act()
        local list = {a, b, swap(b, a)}
        return list[1], list[2].x, list[3]
      end
      """)
    let (a, b, c): (RandomPoint, Int, RandomPoint) = try f(swap, RandomPoint(x: x), y)
    // swap(a, b) gives b, a: so each is what it was.
    if a.x != x || b != y || c.x != x { world.fail("values \(x) and \(y) are \(a.x), \(b), \(c.x)") }
  },
]
