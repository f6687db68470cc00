#if Macros
  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// What Lua itself says of a source's syntax: the libraries of the build's engines, as far as they are installed.
  enum SyntaxCheck {
    struct Problem {
      let line: Int
      let message: String
    }

    /// What is wrong with a source; nil if nothing is for one of the engines, or there is none to ask.
    static func problem(in source: String) -> Problem? {
      var first: Problem?
      for engine in engines {
        switch engine.check(source) {
        case .right: return nil
        case .wrong(let problem): first = first ?? problem
        case .unknown: break
        }
      }
      return first
    }

    private static let engines: [Engine] = {
      var engines: [Engine] = []
      #if Lua54
        engines.append(Engine("lua5.4", "lua.so.5.4", variable: "LOBA_LUA54_LIBRARY"))
      #endif
      #if Lua53
        engines.append(Engine("lua5.3", "lua.so.5.3", variable: "LOBA_LUA53_LIBRARY"))
      #endif
      #if LuaJIT
        engines.append(Engine("luajit-5.1", "luajit.so.2", variable: "LOBA_LUAJIT_LIBRARY"))
      #endif
      #if Lua52
        engines.append(Engine("lua5.2", "lua.so.5.2", variable: "LOBA_LUA52_LIBRARY"))
      #endif
      #if Lua51
        engines.append(Engine("lua5.1", "lua.so.5.1", variable: "LOBA_LUA51_LIBRARY"))
      #endif
      return engines
    }()
  }

  private enum Verdict {
    case right
    case wrong(SyntaxCheck.Problem)
    case unknown
  }

  /// A library that a source is loaded with. Loading raises nothing, and nothing of it is run.
  private struct Engine {
    let names: [String]

    init(_ name: String, _ other: String, variable: String) {
      let given = getenv(variable).map { String(cString: $0) }
      names =
        (given.map { [$0] } ?? [])
        + ["lib\(name).so.0", "lib\(name).so", "lib\(other)", "lib\(name).dylib", "/opt/homebrew/lib/lib\(name).dylib"]
    }

    private typealias State = OpaquePointer
    private typealias NewState = @convention(c) () -> State?
    private typealias Close = @convention(c) (State) -> Void
    private typealias Load = @convention(c) (State, UnsafePointer<CChar>, Int, UnsafePointer<CChar>) -> Int32
    private typealias LoadOfMode =
      @convention(c) (State, UnsafePointer<CChar>, Int, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    private typealias ToString = @convention(c) (State, Int32, UnsafeMutablePointer<Int>?) -> UnsafePointer<CChar>?

    func check(_ source: String) -> Verdict {
      guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return .unknown }
      func find<F>(_ name: String, as type: F.Type) -> F? {
        dlsym(library, name).map { unsafeBitCast($0, to: type) }
      }
      guard let make = find("luaL_newstate", as: NewState.self), let close = find("lua_close", as: Close.self),
        let text = find("lua_tolstring", as: ToString.self), let state = make()
      else { return .unknown }
      defer { close(state) }
      let code: Int32
      if let load = find("luaL_loadbufferx", as: LoadOfMode.self) {
        code = load(state, source, source.utf8.count, "=lua", "t")
      } else if let load = find("luaL_loadbuffer", as: Load.self) {
        code = load(state, source, source.utf8.count, "=lua")
      } else {
        return .unknown
      }
      if code == 0 { return .right }
      // "lua:LINE: what is wrong"
      let message = text(state, -1, nil).map { String(cString: $0) } ?? "lua:1: it does not compile"
      let parts = message.split(separator: ":", maxSplits: 2)
      guard parts.count == 3, let line = Int(parts[1]) else { return .wrong(.init(line: 1, message: message)) }
      return .wrong(.init(line: line, message: "Lua: \(parts[2].drop { $0 == " " })"))
    }
  }
#endif
