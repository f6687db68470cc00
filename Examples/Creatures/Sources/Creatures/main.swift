// A game of 2,000 creatures whose doing is in Lua, and can be changed while it runs: the same on every engine.
import Loba

struct Wrong: Error, CustomStringConvertible {
  let description: String
}

func expect(_ condition: Bool, _ text: String) throws {
  guard condition else { throw Wrong(description: text) }
}

for engine in LuaEngines.available {
  let world = try World(
    engine: engine, scripts: ["hare": PackageResources.hare_lua, "fox": PackageResources.fox_lua])
  world.add("hare", 1990) { Double($0 % 1000) }
  world.add("fox", 10) { Double($0) * 100 }

  let time = try ContinuousClock().measure { for _ in 0..<30 { try world.update(1 / 60) } }
  let (hares, eaten) = (world.count(of: "hare"), try world.count("eaten", of: "fox"))
  print("\(engine.name): 30 frames in \(time.formatted()): \(hares) hares left, \(eaten) eaten")
  try expect(eaten > 0 && hares + eaten == 1990, "hares have been lost, or no fox was hungry")

  // Somebody saves another fox.lua. What foxes have eaten is not forgotten.
  try world.setScript(of: "fox", to: PackageResources.fox2_lua)
  for _ in 0..<10 { try world.update(1 / 60) }
  try expect(world.count(of: "hare") == hares, "the new script is not in force")
  try expect(try world.count("eaten", of: "fox") == eaten, "what the script has counted is lost")
  try expect(world.creatures.contains { $0.kind == "fox" && $0.energy == 100 }, "foxes do not do what is new")

  // One that does not compile changes nothing.
  do {
    try world.setScript(of: "fox", to: Array("return {update = function(".utf8))
    try expect(false, "an error in a script must be thrown")
  } catch let error as LuaError where error.kind == .syntax {
    print("  a wrong fox.lua: \(error.message.split(separator: "\n").last ?? "")")
  }
  try world.update(1 / 60)
}

extension Duration {
  func formatted() -> String { "\(Int(self / .milliseconds(1))) ms" }
}
