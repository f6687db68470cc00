// Three Lua implementations in one process: the same script on each, and each one's own answers.
import Loba

/// Asks one engine; the answers in the order of the questions.
func ask(_ engine: any LuaEngine) throws -> (release: String, answers: [[String]]) {
  let lua = try LuaRuntime(engine: engine)
  let answers: [[String]] = try lua.compile(bytes: PackageResources.questions_lua, name: "@questions.lua")()
  return (lua.release, answers)
}

func pad(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Prints rows of cells under each other, as wide as they need to be.
func printColumns(_ rows: [[String]]) {
  let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
  for (index, row) in rows.enumerated() {
    print(zip(row, widths).map { pad($0, to: $1) }.joined(separator: "  "))
    if index == 0 { print(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")) }
  }
}

// All runtimes live at once: none is in another's way.
let runtimes = try LuaEngines.available.map { try LuaRuntime(engine: $0) }
for (index, lua) in runtimes.enumerated() { try lua.globals.set("mine", to: index) }
for (index, lua) in runtimes.enumerated() {
  let mine: Int = try lua.globals["mine"]
  precondition(mine == index, "the runtimes must not share globals")
  print("\(pad(lua.engine.name, to: 8)) \(pad(lua.release, to: 20)) \(lua.engine.libraryPath ?? "")")
}
print()

let replies = try LuaEngines.available.map(ask)
let questions = replies[0].answers.map { $0[0] }
printColumns(
  [["the script asks"] + replies.map(\.release)]
    + questions.indices.map { row in [questions[row]] + replies.map { $0.answers[row][1] } })
