// A host of plugins in Lua that trusts none of them, on every engine.
import Foundation
import Loba

struct Wrong: Error, CustomStringConvertible {
  let description: String
}

func expect(_ condition: Bool, _ text: String) throws {
  guard condition else { throw Wrong(description: text) }
}

guard let folder = Bundle.module.url(forResource: "plugins", withExtension: nil) else {
  throw Wrong(description: "the plugins are not there")
}
let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  .sorted { $0.path < $1.path }

for engine in LuaEngines.available {
  print("\(engine.name):")
  let host = try PluginHost(engine: engine)
  for file in files { try host.load(file) }
  var said: [String] = []
  for event in [
    Event(name: "join", from: "Ada", text: ""), Event(name: "message", from: "Ada", text: "Hello"),
    Event(name: "message", from: "Bea", text: "six words are said by now"),
    Event(name: "message", from: "Ada", text: "and that is all"),
  ] {
    let replies = try host.tell(event)
    for reply in replies { print("  \(reply)") }
    said += replies
  }
  try expect(said.contains("greeter: Hello, Ada!") && said.contains("greeter: Welcome, Ada."), "nobody greets")
  try expect(said.last(where: { $0.hasPrefix("counter") }) == "counter: 11 words already", "nobody counts")
  try expect(host.plugins.map(\.name) == ["counter", "greeter"], "who fails is still there, or who does not is gone")
}
