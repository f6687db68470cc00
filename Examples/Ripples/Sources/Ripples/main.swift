// Drops fall into water: Swift lets them fall, Lua computes the waves and paints them, and both work on the same memory.
// Each engine of the build does the same, and paints the same picture.
//
//   Ripples [PICTURE]
import Foundation
import Loba
import Picture

let size = 200, stepsPerDrop = 22
let drops: [(x: Int, y: Int)] = [(56, 70), (144, 44), (100, 138), (38, 156), (162, 150)]

/// What one engine makes of the water, and how long that takes.
func ripple(on engine: any LuaEngine) throws -> (pixels: LuaBuffer<UInt8>, flow: Duration, paint: Duration) {
  let lua = try LuaRuntime(engine: engine)
  let water: LuaTable = try lua.compile(bytes: PackageResources.ripples_lua, name: "@ripples.lua")()
  let flow: LuaFunction = try water["flow"], paint: LuaFunction = try water["paint"]
  var now = try LuaBuffer<Float>(count: size * size), before = try LuaBuffer<Float>(count: size * size)
  let pixels = try LuaBuffer<UInt8>(count: size * size * 3)
  let clock = ContinuousClock()
  var flowing = Duration.zero
  for drop in drops {
    fall(drop, into: now)
    flowing += try clock.measure { (now, before) = try flow(now, before, size, stepsPerDrop) }
  }
  let painting = try clock.measure { try paint(pixels, now, size) }
  return (pixels, flowing, painting)
}

/// A drop: a round dent in the water.
func fall(_ drop: (x: Int, y: Int), into heights: LuaBuffer<Float>) {
  let radius = 6
  for dy in -radius...radius {
    for dx in -radius...radius where dx * dx + dy * dy <= radius * radius {
      let depth = 1 - (Float(dx * dx + dy * dy) / Float(radius * radius)).squareRoot()
      heights[(drop.y + dy) * size + drop.x + dx] -= depth * 2.5
    }
  }
}

func text(_ time: Duration) -> String {
  time.formatted(.units(allowed: [.milliseconds], width: .abbreviated))
}

var pictures: [LuaBuffer<UInt8>] = []
for engine in LuaEngines.available {
  let (pixels, flow, paint) = try ripple(on: engine)
  pictures.append(pixels)
  let steps = drops.count * stepsPerDrop
  print("\(engine.name): \(steps) steps of \(size) x \(size) cells in \(text(flow)), painted in \(text(paint))")
}
// The heights are numbers of 32 bits, computed with 64: the same everywhere.
precondition(pictures.allSatisfy { $0.elementsEqual(pictures[0]) }, "the engines have painted different pictures")
if CommandLine.arguments.count > 1 {
  let file = URL(fileURLWithPath: CommandLine.arguments[1])
  try pictures[0].withUnsafeBufferPointer { try PNG.write($0, width: size, height: size, to: file) }
  print("The picture: \(file.path)")
}
