import Loba
import Testing

/// The parts of the API that no engine takes part in.
@Suite struct ValueTypeTests {
  @Test("LuaString is bytes")
  func luaString() {
    let text: LuaString = "aä"
    #expect(text.bytes == [97, 0xC3, 0xA4])
    #expect(text.count == 3)
    #expect(text.text == "aä")
    #expect(LuaString("aä") == text)
    #expect(LuaString("xaä".dropFirst()) == text)
    #expect(LuaString(bytes: [255]).text == nil)
    #expect(LuaString(bytes: [97, 255]).description == "a\u{FFFD}")
    #expect(LuaString(bytes: []) == "")
    #expect(LuaString(bytes: [1, 2]) < LuaString(bytes: [1, 3]))
    #expect(LuaString(bytes: [1]) < LuaString(bytes: [1, 0]))
    #expect(!(LuaString(bytes: [255]) < LuaString(bytes: [1, 0])))
    #expect(Set([text, LuaString("aä"), "b"]).count == 2)
    // Lua compares bytes: two ways to write the same character are two strings.
    #expect(LuaString("é") != LuaString("e\u{301}"))
  }

  @Test("a LuaValue takes two words")
  func layout() {
    #expect(MemoryLayout<LuaValue>.stride == 16)
  }

  @Test("LuaValue equality and hashing")
  func equality() {
    #expect(LuaValue.integer(1) == .number(1.0))
    #expect(LuaValue.integer(1).hashValue == LuaValue.number(1.0).hashValue)
    #expect(LuaValue.number(-0.0) == .number(0.0))
    #expect(LuaValue.number(-0.0).hashValue == LuaValue.number(0.0).hashValue)
    #expect(LuaValue.integer(0) == .number(-0.0))
    #expect(LuaValue.integer(1) != .number(1.5))
    #expect(LuaValue.number(.nan) != .number(.nan))
    #expect(LuaValue.integer(.max) != .number(0x1p63))
    #expect(LuaValue.integer(.min) == .number(-0x1p63))
    #expect(LuaValue.integer((1 << 53) + 1) != .number(0x1p53))
    #expect(LuaValue.nil == nil)
    #expect(LuaValue.nil != false)
    #expect(LuaValue.string("1") != 1)
    #expect(LuaValue.boolean(true) != 1)
    #expect(LuaValue.pointer(1) == .pointer(1))
    #expect(LuaValue.pointer(1) != .integer(1))
    #expect(Set<LuaValue>([1, .number(1), "1", true, nil, .number(1.5)]).count == 5)
  }

  @Test("LuaValue descriptions")
  func descriptions() {
    #expect(LuaValue.nil.description == "nil")
    #expect(LuaValue.boolean(true).description == "true")
    #expect(LuaValue.integer(-5).description == "-5")
    #expect(LuaValue.number(1.5).description == "1.5")
    #expect(LuaValue.string("x").description == "x")
    #expect(LuaValue.pointer(255).description == "userdata: 0xff")
    #expect(LuaValues([1, "x", nil]).description == "1, x, nil")
  }

  @Test("LuaValue converts without a runtime")
  func plainConversions() throws {
    #expect(try LuaValue.integer(3).as(Double.self) == 3)
    #expect(try LuaValue.number(3).as(Int.self) == 3)
    #expect(try LuaValue.number(0.5).as(Float.self) == 0.5)
    #expect(try LuaValue.string("x").as(String.self) == "x")
    #expect(try LuaValue.string(LuaString(bytes: [255])).as([UInt8].self) == [255])
    #expect(try LuaValue.nil.as(Int?.self) == nil)
    #expect(try LuaValue.integer(1).as(Int?.self) == 1)
    #expect(try LuaValue.boolean(false).as(Bool.self) == false)
    #expect(try LuaValue.integer(1).as(LuaValue.self) == 1)
    #expect(try LuaValue.integer(1).as(Any.self) as? Int == 1)
    #expect(try LuaValue.integer(1).as(AnyHashable.self) == AnyHashable(1))
    #expect(throws: LuaError.self) { try LuaValue.integer(300).as(UInt8.self) }
    #expect(throws: LuaError.self) { try LuaValue.integer(.max).as(Double.self) }
    #expect(throws: LuaError.self) { try LuaValue.number(1e300).as(Float.self) }
    #expect(throws: LuaError.self) { try LuaValue.number(0.5).as(Int.self) }
    #expect(throws: LuaError.self) { try LuaValue.string(LuaString(bytes: [255])).as(String.self) }
    #expect(throws: LuaError.self) { try LuaValue.string("1").as(Int.self) }
    #expect(throws: LuaError.self) { try LuaValue.boolean(true).as(LuaTable.self) }
    #expect(throws: LuaError.self) { try LuaValue.integer(1).x as LuaValue }
    #expect(throws: LuaError.self) { try LuaValue.string("x")() as LuaValue }
  }

  @Test("LuaValues is a collection")
  func luaValues() {
    var values: LuaValues = [1, 2]
    values.append("x")
    values.append(contentsOf: [nil, true])
    #expect(values.count == 5)
    #expect(values[2] == "x")
    values[2] = "y"
    values.removeFirst()
    #expect(values == [2, "y", nil, true])
    #expect(values.firstOrNil == 2)
    #expect(LuaValues().firstOrNil == .nil)
    #expect(LuaValues([1, 2].map { LuaValue.integer($0) }.lazy).count == 2)
  }

  @Test("LuaCapabilities names what it holds")
  func capabilities() {
    #expect(LuaCapabilities([.integers, .goto]).description == "integers, goto")
    #expect(LuaCapabilities().description == "")
    for engine in LuaEngines.available {
      #expect(
        engine.capabilities.description.split(separator: ", ").count == engine.capabilities.rawValue.nonzeroBitCount)
    }
  }

  @Test("LuaError says what it is")
  func errors() {
    struct Cause: Error {}
    let error = LuaError(kind: .conversion, message: "no", underlying: Cause())
    #expect(error.kind == .conversion)
    #expect(error.message == "no")
    #expect(error.description == "no")
    #expect(error.value == "no")
    #expect(error.traceback.isEmpty)
    #expect(error.traceback.frames.isEmpty)
    #expect(error.underlying is Cause)
    #expect(LuaError(message: "m").kind == .runtime)
    #expect(LuaError(message: "m", value: 5).value == 5)
    #expect(LuaError.Kind.syntax != .runtime)
    #expect(LuaError.Kind.stackOverflow.description == "stackOverflow")
  }

  @Test("engines are found by name, and say who they are")
  func engines() {
    #expect(!LuaEngines.available.isEmpty)
    #expect(Set(LuaEngines.available.map(\.identifier)).count == LuaEngines.available.count)
    // Everything that messages and documents say of an engine follows from its trait.
    let order = LuaEngines.traits.map { $0.lowercased() }
    #expect(LuaEngines.available.map(\.identifier) == order.filter { LuaEngines.named($0) != nil })
    for engine in LuaEngines.available {
      #expect(LuaEngines.named(engine.identifier)?.name == engine.name)
      #expect(engine.libraryVariable == "LOBA_\(engine.identifier.uppercased())_LIBRARY")
      #expect(!engine.packages.isEmpty)
    }
    #expect(LuaEngines.named("lua99") == nil)
    #expect(LuaEngines.default?.identifier == LuaEngines.available[0].identifier)
  }

  @Test("libraries are sets")
  func libraries() {
    #expect(LuaLibraries.all.isSuperset(of: .safe))
    #expect(LuaLibraries.safe.isDisjoint(with: [.io, .os, .package, .debug, .ffi, .jit]))
  }
}
