import ArgumentParser
import Foundation
import Loba
import Picture

@main
struct Mandelbrot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mandelbrot",
    abstract: "Paints the Mandelbrot set with Lua: one Lua runtime per thread, each painting bands of the picture.",
    discussion: "The engines of this build: \(LuaEngines.available.map(\.identifier).joined(separator: ", ")).")

  @Option(help: "The engine to run on.")
  var engine = "luajit"

  @Option(help: "The picture's width and height in pixels.")
  var size = 1200

  @Option(help: "How many threads, each with a runtime of its own.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Each pixel is the mean of this many points, squared.")
  var samples = 2

  @Option(name: .shortAndLong, help: "Where to write the picture.")
  var output = "mandelbrot.png"

  func validate() throws {
    guard LuaEngines.named(engine) != nil else {
      let known = LuaEngines.available.map(\.identifier).joined(separator: ", ")
      throw ValidationError("there is no engine '\(engine)' in this build; there are: \(known)")
    }
    guard (16...16_384).contains(size) else { throw ValidationError("--size must be from 16 to 16384") }
    guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256") }
    guard (1...8).contains(samples) else { throw ValidationError("--samples must be from 1 to 8") }
  }

  func run() throws {
    let engine = LuaEngines.named(engine)!
    let release = try LuaRuntime(engine: engine).release
    let start = ContinuousClock.now
    let painting = Painting(engine: engine, size: size, samples: samples)
    let progress = Progress("Painting on \(release)")
    let pixels = try painting.paint(threads: threads) { progress.show($0) }
    progress.clear()
    let time = ContinuousClock.now - start

    let file = URL(fileURLWithPath: output)
    try pixels.withUnsafeBufferPointer { try PNG.write($0, width: size, height: size, to: file) }
    let seconds = time.formatted(.units(allowed: [.seconds], width: .narrow, fractionalPart: .show(length: 2)))
    print("\(size) x \(size) pixels in \(seconds) on \(release), \(threads == 1 ? "one thread" : "\(threads) threads")")
    print("The picture: \(file.path)")
  }
}
