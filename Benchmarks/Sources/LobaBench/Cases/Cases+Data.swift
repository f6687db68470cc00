import CTwin
import Loba

extension Case {
  static let tables = [
    Case("table_get") { lua in
      let table: LuaTable = try lua.eval("{value = 7}")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let value: Int = try table["value"]
          sum += Int64(value)
        }
        return sum
      }
    },
    Case("table_set") { lua in
      let table: LuaTable = try lua.eval("{value = 7}")
      return { times in
        for i in 0..<times { try table.set("value", to: i) }
        let last: Int = try table["value"]
        return Int64(last)
      }
    },
    Case("array_to_lua", units: arrayCount) { lua in
      let numbers = (0..<arrayCount).map { Double($0) + 0.5 }
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let table = try lua.table(from: numbers)
          let last: Double = try table[arrayCount]
          sum += Int64(last)
        }
        return sum
      }
    },
    Case("array_from_lua", units: arrayCount) { lua in
      let table: LuaTable = try lua.execute(
        "local t = {} for i = 1, \(arrayCount) do t[i] = i - 0.5 end return t")
      return { times in
        var sum: Int64 = 0
        for n in 0..<times {
          let numbers = try table.as([Double].self)
          sum += Int64(numbers[n % arrayCount])
        }
        return sum
      }
    },
    Case("dict_to_lua", units: dictionaryCount) { lua in
      let entries = Dictionary(uniqueKeysWithValues: (0..<dictionaryCount).map { ("key\($0)", $0) })
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let table = try lua.table(from: entries)
          let value: Int = try table["key77"]
          sum += Int64(value)
        }
        return sum
      }
    },
    Case("dict_from_lua", units: dictionaryCount) { lua in
      let table: LuaTable = try lua.execute(
        "local t = {} for i = 0, \(dictionaryCount) - 1 do t['key' .. i] = i end return t")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let entries = try table.as([String: Int].self)
          sum += Int64(entries.count + (entries["key77"] ?? 0))
        }
        return sum
      }
    },
    Case("iterate_table", units: arrayCount) { lua in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, \(arrayCount) do t[i] = i end return t")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          for (_, value) in table {
            guard case .integer(let integer) = value else { throw Failure("not an integer") }
            sum += Int64(integer)
          }
        }
        return sum
      }
    },
  ]

  static let strings = [
    stringIn("string_in_short", length: 16),
    Case("string_in_many") { lua in
      let length: LuaFunction = try lua.eval("function(s) return #s end")
      let strings = (0..<Int(TWIN_MANY_STRINGS)).map { i in
        let digits = String(i)
        return "a string" + String(repeating: " ", count: 8 - digits.utf8.count) + digits
      }
      return { times in
        var sum: Int64 = 0
        for i in 0..<times {
          let count: Int = try length(strings[i % strings.count])
          sum += Int64(count)
        }
        return sum
      }
    },
    stringOut("string_out_short", length: 16),
    stringIn("string_in_1MB", length: longString),
    stringOut("string_out_1MB", length: longString),
  ]

  private static func stringIn(_ name: String, length: Int) -> Case {
    Case(name) { lua in
      let count: LuaFunction = try lua.eval("function(s) return #s end")
      let string = String(decoding: [UInt8](repeating: UInt8(ascii: "x"), count: length), as: UTF8.self)
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let length: Int = try count(string)
          sum += Int64(length)
        }
        return sum
      }
    }
  }

  private static func stringOut(_ name: String, length: Int) -> Case {
    Case(name) { lua in
      let give: LuaFunction = try lua.execute(
        "local s = string.rep('x', \(length)) return function() return s end")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          let string: String = try give()
          sum += Int64(string.utf8.count) + Int64(UInt8(ascii: "x"))
          if string.utf8.first != UInt8(ascii: "x") { throw Failure("not the string") }
        }
        return sum
      }
    }
  }
}
