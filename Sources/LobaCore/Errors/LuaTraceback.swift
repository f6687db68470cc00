internal import CLobaEngine

/// The levels of Lua's stack where an error was raised, innermost first.
///
/// The levels are recorded as plain bytes when the error passes and turned into text when they are read.
public struct LuaTraceback: Sendable {
  /// One level of the stack.
  public struct Frame: Sendable, Hashable {
    /// What kind of function runs at this level.
    public enum Kind: Sendable, Hashable {
      /// A function written in Lua; one of C, Swift closures among them; a chunk; on engines that keep a level for it,
      /// a function that a tail call has replaced.
      case lua, c, mainChunk, tailCall
    }

    /// What runs at this level.
    public let kind: Kind
    /// The name of the chunk in short, for example `main.lua` or `[string "x = 1"]`.
    public let source: String
    /// The current line, if known.
    public let line: Int?
    /// The line where the function begins, if known.
    public let lineDefined: Int?
    /// The name the function was called by, if known.
    public let name: String?
    /// What kind of name that is: `global`, `local`, `method`, `field`, `upvalue` …
    public let nameKind: String?
  }

  private let recorded: [loba_trace_frame]
  private let skipped: Int

  /// A traceback without levels.
  public init() {
    recorded = []
    skipped = 0
  }

  init(_ trace: UnsafePointer<loba_traceback>?) {
    guard let trace, trace.pointee.count > 0 else {
      self = LuaTraceback()
      return
    }
    let count = Int(trace.pointee.count)
    let frames = UnsafeRawPointer(trace).advanced(by: MemoryLayout<loba_traceback>.offset(of: \.frames)!)
    recorded = Array(
      UnsafeBufferPointer(start: frames.assumingMemoryBound(to: loba_trace_frame.self), count: count))
    skipped = Int(trace.pointee.skipped)
  }

  /// Whether there are no levels: no Lua code has raised the error, or memory was short.
  public var isEmpty: Bool { recorded.isEmpty }

  /// The levels that were recorded. Of a very deep stack, ``skippedCount`` levels in the middle are missing.
  public var frames: [Frame] { recorded.map(Frame.init) }

  /// How many levels are missing after the first 24.
  public var skippedCount: Int { skipped }

  /// Chunk and line of the innermost level of Lua, as messages begin, or the chunk alone; empty if there is none.
  var place: String {
    guard let frame = frames.first(where: { $0.kind != .c }) else { return "" }
    return "\(frame.source):\(frame.line.map { "\($0):" } ?? "") "
  }
}

/// Where a script has called a host function.
struct CallSite {
  private let raw: loba_trace_frame
  private let isCalled: Bool

  fileprivate init(_ raw: loba_trace_frame, isCalled: Bool) {
    self.raw = raw
    self.isCalled = isCalled
  }

  private var frame: LuaTraceback.Frame { LuaTraceback.Frame(raw) }

  /// Chunk and line, as messages begin; empty if no script has called it.
  var place: String { isCalled ? "\(frame.source):\(raw.line): " : "" }
  /// The name of the function there, if it has one.
  var name: String? { frame.name }
  /// Whether it was called with a colon.
  var isMethodCall: Bool { frame.nameKind == "method" }
}

extension LuaState {
  /// Where a script has called the host function that runs.
  var callSite: CallSite {
    var raw = loba_trace_frame()
    let isCalled = op.pointee.call_site(pointer, &raw)
    return CallSite(raw, isCalled: isCalled)
  }
}

extension LuaTraceback.Frame {
  init(_ raw: loba_trace_frame) {
    kind =
      switch UInt8(bitPattern: raw.kind) {
      case UInt8(ascii: "C"): .c
      case UInt8(ascii: "m"): .mainChunk
      case UInt8(ascii: "t"): .tailCall
      default: .lua
      }
    source = withUnsafeBytes(of: raw.source) { Self.text($0) }
    line = raw.line > 0 ? Int(raw.line) : nil
    lineDefined = raw.line_defined > 0 ? Int(raw.line_defined) : nil
    name = raw.name_kind == 0 ? nil : withUnsafeBytes(of: raw.name) { Self.text($0) }
    nameKind =
      switch UInt8(bitPattern: raw.name_kind) {
      case UInt8(ascii: "g"): "global"
      case UInt8(ascii: "l"): "local"
      case UInt8(ascii: "m"): "method"
      case UInt8(ascii: "M"): "metamethod"
      case UInt8(ascii: "f"): "field"
      case UInt8(ascii: "u"): "upvalue"
      case 0: nil
      default: "function"
      }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension LuaTraceback.Frame: CustomStringConvertible {
  /// One line in the form of Lua's own tracebacks.
  public var description: String {
    if kind == .tailCall { return "(...tail calls...)" }
    let place = line.map { "\(source):\($0)" } ?? source
    let function: String
    if let name {
      function = nameKind == "global" ? "function '\(name)'" : "\(nameKind ?? "function") '\(name)'"
    } else if kind == .mainChunk {
      function = "main chunk"
    } else if kind == .c {
      function = "?"
    } else {
      function = "function <\(source):\(lineDefined ?? 0)>"
    }
    return "\(place): in \(function)"
  }
}

extension LuaTraceback: CustomStringConvertible {
  /// The traceback in the form of Lua's own: a heading and a line for each level.
  public var description: String {
    var lines = ["stack traceback:"]
    for (index, frame) in frames.enumerated() {
      if index == Int(LOBA_TRACE_HEAD), skipped > 0 { lines.append("\t...\t(skipping \(skipped) levels)") }
      lines.append("\t\(frame)")
    }
    return lines.joined(separator: "\n")
  }
}
