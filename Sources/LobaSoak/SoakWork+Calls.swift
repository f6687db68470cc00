internal import LobaCore

// A million calls in every direction.

private final class SoakObject {
  var number = 0
  let tracker: SoakTracker

  init(_ tracker: SoakTracker) {
    self.tracker = tracker
  }

  func add(_ n: Int) -> Int {
    number += n
    return number
  }
}

private struct SoakVector: Equatable {
  var x = 0.0
  var y = 0.0
}

let soakCalls: [SoakWork] = [
  SoakWork("calls from Swift to Lua") { bench in
    let f = try bench.script("function(n, s) return n + 1, s end")
    return { count in
      for i in 0..<count {
        let (n, s): (Int, String) = try f(i, "text \(i % 100)")
        try expect(n == i + 1 && s.utf8.count < 10, "a call gives \(n), \(s)")
      }
    }
  },
  SoakWork("calls from Lua to Swift") { bench in
    let f = try bench.lua.function { (n: Int, s: String) in (n + 1, s) }
    let loop = try bench.script(
      "function(f, n) for i = 1, n do local m, s = f(i, 's' .. i % 100) assert(m == i + 1) end end")
    return { count in try loop(f, count) as Void }
  },
  SoakWork("chunks compiled and run", count: 100_000) { bench in
    { count in
      for i in 0..<count {
        let n: Int = try bench.lua.eval("\(i % 1000) + ...", 1)
        try expect(n == i % 1000 + 1, "a chunk gives \(n)")
      }
    }
  },
  SoakWork("coroutines resumed") { bench in
    let body = try bench.script("function(n) for i = 1, n do coroutine.yield(i) end end")
    return { count in
      // One in a hundred is left as it is.
      for i in 0..<max(1, count / 10) {
        let coroutine = try body.coroutine(9)
        while let n: Int = try coroutine.next() { if i % 100 == 0, n == 5 { break } }
      }
    }
  },
  SoakWork("members of objects") { bench in
    try bench.lua.register(
      LuaClass<SoakObject>("Object") {
        $0.property("number", get: { $0.number }, set: { $0.number = $1 })
        $0.method("add") { (object, n: Int) in object.add(n) }
      })
    let counter = bench.counter
    let make = try bench.lua.function { SoakObject(counter.makeTracker()) }
    let loop = try bench.script(
      """
      function(make, n)
        for i = 1, n / 5 do
          local o = make()
          o.number = o.number + i
          assert(o:add(1) == i + 1 and o.add == o.add)
        end
      end
      """)
    return { count in try loop(make, count) as Void }
  },
  SoakWork("values in place") { bench in
    try bench.lua.register(
      LuaClass<SoakVector>("Vector") {
        $0.initializer { (x: Double, y: Double) in SoakVector(x: x, y: y) }
        $0.property("x", get: { $0.x }, set: { $0.x = $1 })
        $0.mutatingMethod("move") { (v: inout SoakVector, by: Double) in v.y += by }
        $0.metamethod(.add) { (a: SoakVector, b: SoakVector) in SoakVector(x: a.x + b.x, y: a.y + b.y) }
      })
    let loop = try bench.script(
      """
      function(n)
        local one = Vector(1, 1)
        for i = 1, n / 5 do
          local v = Vector(i, 0) + one
          v.x = v.x + 1
          v:move(2)
          if i % 100 == 0 then assert(swift.as_attrgetter(v).x == i + 2 and v.move == v.move) end
        end
      end
      """)
    return { count in try loop(count) as Void }
  },
  SoakWork("elements of buffers") { bench in
    let loop = try bench.script(
      """
      function(b)
        for i = 1, #b do b[i] = i + b[i] end
        local s = b:slice(2, -2)
        assert(s[1] == 2 and #s == #b - 2)
      end
      """)
    return { count in
      for _ in 0..<max(1, count / 100) {
        let buffer = try LuaBuffer<Double>(count: 100)
        try loop(buffer) as Void
        try expect(buffer[99] == 100, "a buffer has \(buffer[99])")
      }
    }
  },
  SoakWork("leaves") { bench in
    struct Negative: Error {}
    let f = try bench.lua.leaf { (a: Double, b: Double) in
      if a < 0 { throw Negative() }
      return a + b
    }
    let loop = try bench.script(
      """
      function(f, n)
        local sum = 0
        for i = 1, n do sum = f(i, 0.5) end
        for i = 1, n / 1000 do assert(not pcall(f, -1, 2)) end
        assert(sum == n + 0.5)
      end
      """)
    return { count in try loop(f, count) as Void }
  },
  SoakWork("tables written and read", count: 200_000) { bench in
    let echo = try bench.script("function(t) t.list[4] = 4 return t end")
    struct Record: Codable, Equatable {
      var list = [1, 2, 3]
      var name = "name"
    }
    return { count in
      let encoder = LuaEncoder(bench.lua), decoder = LuaDecoder()
      for i in 0..<count / 2 {
        let back: [String: [Int]] = try echo(["list": [i, 2, 3]])
        try expect(back["list"]?.count == 4, "a table has come back as \(back)")
        let record = try decoder.decode(Record.self, from: echo(encoder.encode(Record())) as LuaValue)
        try expect(record.list.count == 4, "a record has come back as \(record)")
      }
    }
  },
]

/// Errors that are on their way a million times.
let soakErrors: [SoakWork] = [
  SoakWork("callbacks that throw") { bench in
    let counter = bench.counter
    let fail = try bench.lua.function { (n: Int) -> Int in throw counter.makeTracker(n) }
    let caught = try bench.script("function(f, n) for i = 1, n do assert(not pcall(f, i)) end end")
    let passed = try bench.script("function(f, i) return f(i) + 1 end")
    return { count in
      try caught(fail, count / 2) as Void
      for i in 0..<count / 2 {
        do {
          try passed(fail, i) as Void
        } catch let error as SoakTracker {
          try expect(error.number == i, "error \(i) arrives as \(error.number)")
        }
      }
    }
  },
  SoakWork("errors of scripts", count: 200_000) { bench in
    let fail = try bench.script("function(i) if i % 2 == 0 then error({i}) else error('text ' .. i % 100) end end")
    return { count in
      for i in 0..<count {
        do {
          try fail(i) as Void
        } catch let error as LuaError {
          guard error.kind == .runtime, (error.value.type == .table) == (i % 2 == 0) else { throw error }
        }
      }
    }
  },
]
