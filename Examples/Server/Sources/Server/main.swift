// A web server whose pages are functions in Lua. With a port it serves; without, it asks itself for every page, and ends.
//
//   swift run Server 8080      then: curl localhost:8080/hello/world
import FlyingFox
import Foundation
import Loba

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

struct Wrong: Error, CustomStringConvertible {
  let description: String
}

let pages = PageServer(pages: PackageResources.pages_lua, counters: Counters())
let arguments = CommandLine.arguments.dropFirst()
if let port = arguments.first.flatMap(UInt16.init) {
  print("http://localhost:\(port)/hello")
  try await HTTPServer(port: port, handler: pages).run()
} else if !arguments.isEmpty {
  print("usage: Server [PORT]")
  exit(2)
}

let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled, handler: pages)
let running = Task { try await server.run() }
try await server.waitUntilListening()
guard case .ip4(_, let port) = await server.listeningAddress else { throw Wrong(description: "the server has no port") }

@Sendable func get(_ path: String) async throws -> (status: Int, text: String) {
  let (data, response) = try await URLSession.shared.data(from: URL(string: "http://127.0.0.1:\(port)/\(path)")!)
  return ((response as! HTTPURLResponse).statusCode, String(decoding: data, as: UTF8.self))
}

func expect(_ path: String, _ status: Int, _ text: String) async throws {
  let answer = try await get(path)
  print("/\(path): \(answer.status) \(answer.text.trimmingCharacters(in: .newlines))")
  guard answer.status == status, answer.text.contains(text) else {
    throw Wrong(description: "expected \(status) with '\(text)'")
  }
}

try await expect("hello/world", 200, "Hello, world!")
try await expect("sum/1,2,39", 200, "42")
try await expect("nothing", 404, "no such page")
try await expect("loop", 503, "too long")
try await expect("broken", 500, "broken")

let visitors = try await withThrowingTaskGroup(of: String.self) { group in
  for _ in 0..<50 { group.addTask { try await get("visit").text } }
  var answers: Set<String> = []
  for try await answer in group { answers.insert(answer) }
  return answers
}
print("50 visits side by side, by two runtimes: \(visitors.count) different answers")
guard visitors.count == 50 else { throw Wrong(description: "a visitor was counted twice") }
try await expect("hello", 200, "Hello, moon!")

await server.stop()
running.cancel()
