internal import Foundation
internal import LobaCore

// Types of Foundation and ranges: the same in and outside of Codable.

private let area = Area("Foundation's types")

private struct Holder<Value: Codable & Equatable>: LuaCodable, Equatable { var value: Value }

/// Passes values through Lua as they are and as a field, in a list and as a part of a `Codable` type; checks what they are.
private func roundTrip<T: Codable & Equatable>(
  _ values: [T], as source: (T) -> String, _ lua: LuaRuntime, file: StaticString = #fileID, line: UInt = #line
) throws {
  for value in values {
    try expectEqual(try lua.eval("...", value) as T, value, file: file, line: line)
    try expectEqual(try lua.eval(source(value)) as T, value, file: file, line: line)
    try expectEqual(try lua.eval("...", [value]) as [T], [value], file: file, line: line)
    try expectEqual(try LuaDecoder().decode(T.self, from: LuaEncoder(lua).encode(value)), value, file: file, line: line)
    let holder = Holder(value: value)
    try expectEqual(try lua.eval("...", holder) as Holder<T>, holder, file: file, line: line)
    let isSame: LuaFunction = try lua.eval(
      "function(x, y) if type(x) ~= 'table' then return x == y.value end return x[1] == y.value[1] and x[2] == y.value[2] end"
    )
    try expect(try isSame(value, holder), "\(value) is not the same in Codable", file: file, line: line)
    try expect(try isSame(lua.eval(source(value)) as LuaValue, holder), "\(value) in source", file: file, line: line)
  }
}

private func refuses<T: Codable & Equatable>(
  _ type: T.Type, _ sources: [String], _ words: String = "expected", _ lua: LuaRuntime, file: StaticString = #fileID,
  line: UInt = #line
) throws {
  for source in sources {
    for body: () throws -> Void in [
      { _ = try lua.eval(source) as T }, { _ = try lua.eval("{value = \(source)}") as Holder<T> },
    ] {
      do {
        try body()
      } catch let error as LuaError where error.kind == .conversion {
        if source != "nil" { try expectContains(error.message, words, file: file, line: line) }
        continue
      }
      throw ConformanceFailure(message: "\(source) was read as \(type)", file: file, line: line)
    }
  }
}

let foundationTypeChecks: [ConformanceCheck] = [
  area("a date is seconds since 1970") { lua in
    let seconds: [Double] = [0, 1, -1, 1_764_250_273.25, -0.5, 1e9 + 0.125, 253_402_300_800, 9e12, -9e12]
    try roundTrip(seconds.map { Date(timeIntervalSince1970: $0) }, as: { "\($0.timeIntervalSince1970)" }, lua)
    try roundTrip([Date.distantPast, .distantFuture], as: { "\($0.timeIntervalSince1970)" }, lua)
    let now: Date = try lua.eval("os.time()")
    try expect(abs(now.timeIntervalSinceNow) < 60, "\(now) is not now")
    try refuses(Date.self, ["0/0", "1/0", "-1/0", "1e13", "-1e300", "'0'", "nil", "true", "{}"], "expected Date", lua)
    for number in [Double.nan, .infinity, 1e14] {
      try expectLuaError(.conversion) { _ = try lua.value(Date(timeIntervalSince1970: number)) }
      try expectLuaError(.conversion) { _ = try lua.value(Holder(value: Date(timeIntervalSince1970: number))) }
    }
  },
  area("a URL and a UUID are text") { lua in
    let urls = ["https://example.org/a%20b?c=d#e", "mailto:a@b", "relative/path", "file:///tmp/x"]
    try roundTrip(urls.map { URL(string: $0)! }, as: { "'\($0.absoluteString)'" }, lua)
    let based = URL(string: "b", relativeTo: URL(string: "https://example.org/a/"))!
    try expectEqual(try lua.eval("...", based) as String, "https://example.org/a/b")
    try refuses(URL.self, ["''", "'a b'", "'http://[x'", "5", "nil", "{}", "'\\255'"], "expected URL", lua)
    try roundTrip([UUID(), UUID()], as: { "'\($0.uuidString)'" }, lua)
    let uuid: UUID = try lua.eval("'e621e1f8-c36c-495a-93fc-0c247a3e6e5f'")
    try expectEqual(uuid.uuidString, "E621E1F8-C36C-495A-93FC-0C247A3E6E5F")
    try refuses(UUID.self, ["''", "'e621e1f8'", "1", "nil", "('x'):rep(36)"], "expected UUID", lua)
  },
  area("data is a string of the same bytes") { lua in
    let values = [Data(), Data([0, 255, 10]), Data(repeating: 200, count: 5000)]
    try roundTrip(values, as: { "'\($0.map { "\\\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)" }.joined())'" }, lua)
    try refuses(Data.self, ["5", "nil", "{1, 2}"], "expected Data", lua)
  },
  area("a decimal is a number if that is exact") { lua in
    let texts = ["0", "1", "-5", "0.1", "0.3", "123456789.123", "1e20", "-1e-5", "9007199254740992", "1e100", "0.07"]
    try roundTrip(texts.map { Decimal(string: $0)! }, as: { "\(Double($0.description)!)" }, lua)
    try expect(try lua.eval("... == 0.1", Decimal(string: "0.1")!))
    for text in ["0.12345678901234567890123", "12345678901234567890123"] {
      let decimal = Decimal(string: text)!
      let error = try expectLuaError(.conversion) { _ = try lua.value(decimal) }
      try expectContains(error.message, text, "too many digits")
      try expectLuaError(.conversion) { _ = try lua.value(Holder(value: decimal)) }
    }
    try expectLuaError(.conversion) { _ = try lua.value(Decimal.nan) }
    try refuses(Decimal.self, ["0/0", "1/0", "1e300", "1e-300", "'1'", "nil"], "Decimal", lua)
  },
  area("a decimal holds large integers", requires: .integers) { lua in
    try roundTrip([Decimal(Int.max), Decimal(Int.min), Decimal((1 << 53) + 1)], as: { "\($0) // 1 | 0" }, lua)
  },
  area("a CGFloat is a number") { lua in
    try roundTrip([0, 1.5, -1e300, .infinity] as [CGFloat], as: { $0.isInfinite ? "1/0" : "\($0)" }, lua)
    try refuses(CGFloat.self, ["'1'", "nil", "{}"], "expected", lua)
  },
  area("a range is the list of its bounds") { lua in
    try roundTrip([0..<0, 1..<5, Int(-1 << 40)..<(1 << 40)], as: { "{\($0.lowerBound), \($0.upperBound)}" }, lua)
    try roundTrip([0...0, 1...5], as: { "{\($0.lowerBound), \($0.upperBound)}" }, lua)
    try roundTrip([0.5..<1.5], as: { "{\($0.lowerBound), \($0.upperBound)}" }, lua)
    try roundTrip(["a"..."b"], as: { "{'\($0.lowerBound)', '\($0.upperBound)'}" }, lua)
    let dates = Date(timeIntervalSince1970: 1)...Date(timeIntervalSince1970: 2)
    try roundTrip([dates], as: { _ in "{1, 2}" }, lua)
    for source in ["{}", "{1}", "{2, 1}", "{1, 'x'}", "5", "nil", "{0/0, 1}"] {
      try expectThrown { _ = try lua.eval(source) as Range<Double> }
      try expectThrown { _ = try lua.eval(source) as ClosedRange<Double> }
      try expectThrown { _ = try lua.eval("{value = \(source)}") as Holder<Range<Double>> }
    }
    try expectLuaError(.conversion) { _ = try lua.eval("{1, 2, 3}") as Range<Int> }
    try lua.globals.set("f", to: lua.function { (range: Range<Int>) in Array(range) })
    try expectEqual(try lua.eval("f({1, 4})"), [1, 2, 3])
    try expectContains(
      try expectLuaError(.conversion) { try lua.execute("f({4, 1})") }.message, "#1 to 'f'", "bounds 4 and 1")
  },
]
