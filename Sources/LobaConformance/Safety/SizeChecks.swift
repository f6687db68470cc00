internal import LobaCore

// The length of a table is a border, and a script may place it wherever the engine looks for one. What reads a table by
// its length takes nothing for there that is not. Where that goes wrong, the process goes.

private let area = Area("sizes")

/// A table of few entries, none of which can be in an array, whose length is the largest that a script can place. Where the
/// engine looks next, from one entry on, is twice as far; or one more than that, which Lua 5.5 makes depend on chance.
private func vastTable(_ lua: LuaRuntime) throws -> LuaTable {
  var (keys, table) = ([1], try lua.table(1))
  search: while true {
    let (next, overflows) = keys.last!.multipliedReportingOverflow(by: 2)
    if overflows { break }
    for candidate in [next, next + 1] {
      // Not constants, which a compiler would sort into an array.
      let entries = (keys + [candidate]).map { "[n * \($0)] = 1" }.joined(separator: ", ")
      let longer: LuaTable = try lua.execute("local n = ... return {\(entries)}", 1)
      guard longer.count == candidate else { continue }
      (keys, table) = (keys + [candidate], longer)
      continue search
    }
    break
  }
  try expect(keys.count > 29, "no table has a vast length")
  return table
}

private func expectUndecodable<T: Decodable>(_ type: T.Type, _ value: LuaValue) throws {
  do {
    _ = try LuaDecoder().decode(type, from: value)
  } catch is DecodingError {
    return
  }
  try expect(false, "a vast table was decoded as \(type)")
}

let sizeChecks: [ConformanceCheck] = [
  area("a list that is nearly all holes throws, as whatever it is read") { lua in
    let vast = try vastTable(lua)
    let attempts: [() throws -> Void] = [
      { _ = try vast.as([Double].self) }, { _ = try vast.as([Int].self) }, { _ = try vast.as([String].self) },
      { _ = try vast.as([Double?].self) }, { _ = try vast.as([Int?].self) }, { _ = try vast.as([LuaValue].self) },
      { _ = try vast.as([Any].self) }, { _ = try vast.as([Bool?].self) },
    ]
    for attempt in attempts { try expectLuaError(.conversion, attempt) }
    try expectContains(try expectLuaError(.conversion) { _ = try vast.as([Int?].self) }.message, "sparse", "dictionary")
  },
  area("a list that is nearly all holes, as an argument and as a result") { lua in
    let vast = try vastTable(lua)
    let functions = [
      try lua.function { (list: [Double]) in list.count }, try lua.function { (list: [Int]) in list.count },
      try lua.function { (list: [Double?]) in list.count }, try lua.function { (list: [LuaValue]) in list.count },
    ]
    for function in functions { try expectLuaError(.conversion) { _ = try function(vast) as Int } }
    let give: LuaFunction = try lua.eval("function(...) return ... end")
    try expectLuaError(.conversion) { _ = try give(vast) as [Double] }
    try expectLuaError(.conversion) { _ = try give(vast) as [Int?] }
  },
  area("the entries of a table with a vast length are those that it has") { lua in
    let vast = try vastTable(lua)
    let count = vast.entries.count
    try expect(count < 100)
    try expectEqual(vast.keys.count, count)
    try expectEqual(vast.values, Array(repeating: 1, count: count))
    var seen = 0
    for _ in vast { seen += 1 }
    try expectEqual(seen, count)
    try expectEqual(try vast.as([Int: Int].self).count, count)
    try expectEqual((try vast.swiftValue() as? [AnyHashable: Any])?.count, count)
    try expectEqual(try lua.table(from: vast).entries.count, count)
    let pairs: LuaTable = try lua.execute("local t = ... return swift.builtins.zip(t, t)", vast)
    try expectEqual(pairs.count, count)
  },
  area("a value appended to a table with a vast length is after its end") { lua in
    let vast = try vastTable(lua)
    let count = vast.count
    try vast.append(7, 8)
    try expectEqual(try vast[count + 1] as Int, 7)
    try expectEqual(try vast[count + 2] as Int, 8)
  },
  area("nothing can be appended after the last index that there is", requires: .integers) { lua in
    let vast = try vastTable(lua)
    try vast.rawSet(Int.max, to: 1)
    // No border of Lua 5.3 is there.
    if vast.count != .max { return try expect(vast.count < .max / 2) }
    try expectContains(try expectLuaError(.runtime) { try vast.append(1) }.message, "too large")
    try vast.append()
    try expectLuaError(.conversion) { _ = try vast.as([Double?].self) }
  },
  area("a list that is nearly all holes is not decoded") { lua in
    let vast = LuaValue.table(try vastTable(lua))
    try expectUndecodable([Int?].self, vast)
    try expectUndecodable([Int].self, vast)
    try expectUndecodable([[Double]].self, vast)
    try expectUndecodable(Set<Int?>.self, vast)
  },
  area("ranges that no memory holds throw") { lua in
    try expectLuaError(.memory) { _ = try lua.table(from: 1...Int.max) }
    try expectLuaError(.memory) { _ = try lua.table(from: Int.min...Int.max) }
    try expectLuaError(.memory) { _ = try lua.table(from: 0..<Int.max) }
    try expectLuaError(.memory) { _ = try lua.table(from: ["a": 1], Int.min..<Int.max) }
    try expectEqual(try lua.table(from: 5...5).count, 1)
  },
  area("a list with some holes is a list") { lua in
    let list = try lua.table(from: 1...3000)
    try lua.execute("local t = ... for i = 2, 2998, 3 do t[i] = nil end", list)
    // Where the list ends is the engine's choice.
    try expect(list.count > 1000)
    let read = try list.as([Int?].self)
    try expectEqual(read, (1...list.count).map { $0 % 3 == 2 && $0 < 3000 - 1 ? nil : $0 })
    try expectEqual(try LuaDecoder().decode([Int?].self, from: .table(list)), read)
    let short = try lua.table(from: 1...900)
    try lua.execute("local t = ... for i = 1, 899 do t[i] = nil end", short)
    if short.count == 900 { try expectEqual(try short.as([Double?].self).last, 900) }
  },
  area("large lists of one type are whole, and say where they are not") { lua in
    for count in [1, 5_000, 1 << 20, (1 << 20) + 1, 1_300_000] {
      let list: LuaTable = try lua.execute("local t = {} for i = 1, ... do t[i] = i end return t", count)
      try expect(try list.as([Int].self) == Array(1...count))
      try expect(try list.as([Double].self) == Array(stride(from: 1.0, through: Double(count), by: 1)))
      if count < 10_000 { try expectEqual(try list.as([Int16].self), (1...count).map { Int16($0) }) }
      try list.set(count, to: "x")
      for attempt in [{ _ = try list.as([Int].self) }, { _ = try list.as([Double].self) }] {
        try expectContains(try expectLuaError(.conversion, attempt).message, "element \(count):", "\"x\"")
      }
    }
  },
  area("a list that ends within has its entries, and loses none") { lua in
    let table: LuaTable = try lua.execute("local t = {1, nil, 3} t[10] = 10 return t")
    let value = try table.swiftValue()
    if let list = value as? [Any] {
      try expect(false, "\(list) is not all of it")
    }
    try expectEqual((value as? [AnyHashable: Any])?.count, 3)
  },
]
