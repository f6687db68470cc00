import FlyingFox
import Foundation
import Loba

/// What pages count: one for all runtimes.
actor Counters {
  private var counts: [String: Int] = [:]

  func add(_ name: String, _ n: Int) -> Int {
    counts[name, default: 0] += n
    return counts[name]!
  }
}

/// Answers requests with what functions in Lua return: each in a runtime that it has for itself meanwhile.
struct PageServer: HTTPHandler {
  private let pool: LuaPool

  init(pages: [UInt8], counters: Counters) {
    var configuration = LuaConfiguration.sandbox
    configuration.limits = LuaLimits(deadline: .milliseconds(250))
    pool = LuaPool(count: 2, engine: .lua54, configuration: configuration) { lua in
      try lua.globals.set(
        "add", to: lua.asyncFunction { (name: String, n: Int) in await counters.add(name, n) })
      try lua.globals.set(
        "sleep", to: lua.asyncFunction { (ms: Int) in try await Task.sleep(for: .milliseconds(ms)) })
      let table: LuaTable = try lua.compile(bytes: pages, name: "@pages.lua")()
      try lua.globals.set("pages", to: table)
    }
  }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let parts = request.path.split(separator: "/", maxSplits: 1).map(String.init)
    do {
      guard let page = try await answer(parts.first ?? "hello", rest: parts.count > 1 ? parts[1] : "") else {
        return HTTPResponse(statusCode: .notFound, body: Data("There is no such page.\n".utf8))
      }
      return HTTPResponse(statusCode: .ok, body: Data(page.utf8))
    } catch let error as LuaError where error.kind == .limit {
      return HTTPResponse(statusCode: .serviceUnavailable, body: Data("This page takes too long.\n".utf8))
    } catch {
      // For the log; visitors need not know.
      print("\(request.path): \(error)")
      return HTTPResponse(statusCode: .internalServerError, body: Data("This page is broken.\n".utf8))
    }
  }

  /// nil if there is no such page.
  private func answer(_ page: String, rest: String) async throws -> String? {
    try await pool.run { lua in
      let pages: LuaTable = try lua.globals["pages"]
      guard let function: LuaFunction = try pages[page] else { return nil }
      return try await function.callAsync(lua.table(fields: ["page": page, "rest": rest]))
    }
  }
}
