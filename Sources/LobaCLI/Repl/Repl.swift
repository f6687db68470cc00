import Loba

/// Reads chunks, runs them and prints their results, until the input ends.
struct Repl {
  private let lua: LuaRuntime
  private let input: ReplInput
  private let interrupts: Interrupts
  private let style = Style.of(descriptor: 2)

  init(_ interpreter: Interpreter) {
    lua = interpreter.lua
    input = ReplInput.best(for: lua)
    interrupts = Interrupts(lua)
  }

  func run() {
    if input.isInteractive { greet() }
    while let line = input.line(continuing: false) {
      guard !line.isEmpty else { continue }
      switch ChunkReader(lua: lua, next: { input.line(continuing: true) }).chunk(from: line) {
      case .chunk(let chunk): evaluate(chunk)
      case .error(let error): show(error)
      case .dropped: continue
      }
    }
    if input.isInteractive { Console.write([10], to: 1) }
  }

  private func greet() {
    let style = Style.of(descriptor: 1)
    let title = "\(style.bold(lua.release)) on Loba"
    Console.output("\(title)  \(style.dim("(Ctrl-D ends, Tab completes)"))")
  }

  private func evaluate(_ chunk: LuaFunction) {
    do {
      let results: LuaValues = try interrupts.allowed { try chunk(LuaValues()) }
      if !results.isEmpty { printResults(results) }
    } catch {
      show(error)
    }
    Console.write([], to: 1)
  }

  /// Results are shown by the global `print`, which a program may have replaced.
  private func printResults(_ results: LuaValues) {
    do {
      let print: LuaValue = try lua.globals["print"]
      let _: LuaValues = try print(results)
    } catch {
      let report = Report(error)
      Console.error(Array("error calling 'print' (".utf8) + report.message + Array(")".utf8))
    }
  }

  private func show(_ error: any Error) {
    let report = Report(error)
    guard style.isEnabled else { return Console.error(report.bytes) }
    Console.error(Array(style.error(String(decoding: report.message, as: UTF8.self)).utf8))
    if !report.traceback.isEmpty {
      Console.error(Array(style.dim(String(decoding: report.traceback, as: UTF8.self)).utf8))
    }
  }
}
