import Foundation
import Loba
import Synchronization

/// A picture that several threads paint, each with a Lua runtime of its own.
///
/// A runtime is not Sendable, so it is made, used and dropped on one thread; what threads share is in here, behind a lock.
final class Painting: Sendable {
  private struct Shared {
    var pixels: [UInt8]
    var nextRow = 0
    var rowsDone = 0
    var error: (any Error)?
  }

  private let engine: any LuaEngine
  private let size: Int
  private let samples: Int
  private let shared: Mutex<Shared>

  init(engine: any LuaEngine, size: Int, samples: Int) {
    self.engine = engine
    self.size = size
    self.samples = samples
    shared = Mutex(Shared(pixels: [UInt8](repeating: 0, count: size * size * 3)))
  }

  /// Paints the picture.
  ///
  /// - Parameters:
  ///   - threads: How many threads paint.
  ///   - progress: Called on this thread now and then with the share of the picture that is done.
  /// - Returns: The pixels, three bytes each.
  func paint(threads: Int, progress: (Double) -> Void) throws -> [UInt8] {
    let finished = DispatchSemaphore(value: 0)
    for _ in 0..<threads {
      Thread.detachNewThread {
        self.paintBands()
        finished.signal()
      }
    }
    for _ in 0..<threads {
      while finished.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
        progress(shared.withLock { Double($0.rowsDone) / Double(size) })
      }
    }
    return try shared.withLock {
      if let error = $0.error { throw error }
      return $0.pixels
    }
  }

  /// Paints one band after the other until none is left: the work of one thread.
  private func paintBands() {
    do {
      let lua = try LuaRuntime(engine: engine, configuration: LuaConfiguration(libraries: [.safe, .jit]))
      let paint: LuaFunction = try lua.compile(bytes: PackageResources.mandelbrot_lua, name: "@mandelbrot.lua")()
      while let rows = takeBand() {
        let band: [UInt8] = try paint(size, rows.lowerBound, rows.upperBound - 1, samples)
        keep(band, for: rows)
      }
    } catch {
      shared.withLock { $0.error = $0.error ?? error }
    }
  }

  private func takeBand() -> Range<Int>? {
    shared.withLock {
      guard $0.error == nil, $0.nextRow < size else { return nil }
      let rows = $0.nextRow..<min($0.nextRow + 8, size)
      $0.nextRow = rows.upperBound
      return rows
    }
  }

  private func keep(_ band: [UInt8], for rows: Range<Int>) {
    shared.withLock {
      let start = rows.lowerBound * size * 3
      $0.pixels.replaceSubrange(start..<start + band.count, with: band)
      $0.rowsDone += rows.count
    }
  }
}
