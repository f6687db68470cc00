internal import CLobaEngine

/// What there is to know of a function: ``LuaFunction/info``.
public struct LuaFunctionInfo: Sendable, Hashable {
  /// What kind of function it is.
  public enum Kind: Sendable, Hashable {
    /// A function written in Lua; a function of C; a Swift closure; a whole chunk; or, of a frame on Lua 5.1, one that a tail
    /// call has replaced.
    case lua, c, host, mainChunk, tailCall
  }

  /// What kind of function it is.
  public let kind: Kind
  /// The name of the chunk as it was given: `@file`, `=name`, or the source itself; `=[C]` for functions of C.
  public let source: String
  /// The name of the chunk in short, for people: `main.lua`, `[string "x = 1"]`.
  public let shortSource: String
  /// The line where the function begins; nil for a chunk, and if it is not known.
  public let lineDefined: Int?
  /// The line where the function ends; nil if it is not known.
  public let lastLineDefined: Int?
  /// How many upvalues it has. Of Loba's own functions they are not shown.
  public let upvalueCount: Int
  /// How many parameters it has, without `...`; nil on Lua 5.1, which does not tell.
  public let parameterCount: Int?
  /// Whether it has `...`; nil on Lua 5.1 and LuaJIT, which do not tell.
  public let isVariadic: Bool?
}

extension LuaFunctionInfo {
  init(_ raw: loba_function_info) {
    let frame = LuaTraceback.Frame(raw.frame)
    kind =
      switch frame.kind {
      case .c: raw.is_host ? .host : .c
      case .lua: .lua
      case .mainChunk: .mainChunk
      case .tailCall: .tailCall
      }
    source = raw.source.map { String(cString: $0) } ?? ""
    shortSource = frame.source
    lineDefined = frame.lineDefined
    lastLineDefined = raw.last_line > 0 ? Int(raw.last_line) : nil
    upvalueCount = Int(raw.upvalue_count)
    parameterCount = raw.parameter_count < 0 ? nil : Int(raw.parameter_count)
    isVariadic = raw.is_variadic < 0 ? nil : raw.is_variadic != 0
  }
}

/// What there is to know of a call that is under way: ``LuaFrame/info``.
public struct LuaFrameInfo: Sendable, Hashable {
  /// The name that the function was called by, if there is one.
  public let name: String?
  /// What kind of name that is: `global`, `local`, `method`, `field`, `upvalue`, `metamethod` …
  public let nameKind: String?
  /// The line that is being executed; nil if it is not known, as for functions of C.
  public let line: Int?
  /// Whether the function was called by a tail call, so that its caller is not there any more; nil on Lua 5.1 (which has a
  /// frame of kind `tailCall` instead) and LuaJIT.
  public let isTailCall: Bool?
  /// The function that is being called.
  public let function: LuaFunctionInfo
}

extension LuaFrameInfo {
  init(_ raw: loba_function_info) {
    let frame = LuaTraceback.Frame(raw.frame)
    name = frame.name
    nameKind = frame.nameKind
    line = frame.line
    isTailCall = raw.is_tail_call < 0 ? nil : raw.is_tail_call != 0
    function = LuaFunctionInfo(raw)
  }
}
