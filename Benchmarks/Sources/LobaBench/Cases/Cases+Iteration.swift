import CTwin
import Loba

extension Case {
  /// What reads a table without a snapshot, or as a dictionary.
  static let iteration = [
    Case("iterate_each", units: arrayCount) { lua in
      let table: LuaTable = try lua.execute("local t = {} for i = 1, \(arrayCount) do t[i] = i end return t")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          try table.forEachEntry { (_: Int, value: Int) in sum += Int64(value) }
        }
        return sum
      }
    },
    Case("iterate_names", units: dictionaryCount) { lua in
      let table: LuaTable = try lua.execute(
        "local t = {} for i = 0, \(dictionaryCount) - 1 do t['key' .. i] = i end return t")
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          try table.forEachEntry { (key: String, value: Int) in sum += Int64(key.utf8.count + value) }
        }
        return sum
      }
    },
    // No Lua on either side: what of dict_from_lua is the dictionary's.
    Case("dict_without_lua", units: dictionaryCount) { _ in
      let strings = (0..<dictionaryCount).map { ContiguousArray("key\($0)".utf8) }
      return { times in
        var sum: Int64 = 0
        for _ in 0..<times {
          var entries = [String: Int](minimumCapacity: strings.count)
          for i in 0..<strings.count {
            entries[strings[i].withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }] = i
          }
          sum += Int64(entries.count + (entries["key77"] ?? 0))
        }
        return sum
      }
    },
  ]
}
