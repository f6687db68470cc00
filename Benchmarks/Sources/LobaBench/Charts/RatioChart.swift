import Foundation

/// The ratios to plain C: a row per case, in it a line per engine, on a logarithmic axis.
struct RatioChart {
  private let measurements: [Measurement]

  init(_ measurements: [Measurement]) { self.measurements = measurements }

  private func unique(_ values: [String]) -> [String] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  var svg: String {
    let cases = unique(measurements.map(\.name)), engines = unique(measurements.map(\.engine))
    let others = Set(measurements.flatMap(\.others.keys))
    let ratios = measurements.flatMap { m in
      [m.ratio] + [Others.staticC, Others.lupa].compactMap { m.others[$0]?.ratio }
    }
    let lowest = min(0.5, ratios.min() ?? 1) / 1.1, highest = max(4, ratios.max() ?? 1) * 1.15

    let left = 170.0, right = 730.0, top = 92.0, step = 9.0
    let row = Double(engines.count) * step + 9
    var picture = SVG(width: 900, height: top + Double(cases.count) * row + 30)
    let bottom = picture.height - 26
    func x(_ ratio: Double) -> Double { left + (right - left) * log(ratio / lowest) / log(highest / lowest) }
    func column(_ engine: Int) -> Double { 788 + Double(engine) * 48 }

    picture.text(left, 22, "Time per operation, as a multiple of plain C's on the same engine", size: 15, isBold: true)
    var place = left
    for (i, engine) in engines.enumerated() {
      picture.dot(place + 5, 42, 4.5, colour: SVG.colours[i])
      picture.text(place + 15, 46, "Loba, \(engine)")
      place += 120
    }
    place = left
    if others.contains(Others.staticC) {
      picture.segment(place + 5, 56, place + 5, 66, colour: SVG.colours[0], width: 2.5)
      picture.text(place + 15, 65, "C, static library")
      place += 120
    }
    if others.contains(Others.lupa) {
      picture.diamond(place + 5, 61, 4.5, colour: SVG.colours[0])
      picture.text(place + 15, 65, "Lupa (host: Python)")
    }

    for tick in [0.25, 0.5, 1, 1.25, 2, 4, 8, 16, 32, 64, 128, 256] where tick >= lowest && tick <= highest {
      picture.line(x(tick), top - 4, x(tick), bottom, tick == 1 ? "base" : tick == 1.25 ? "goal" : "grid")
      let label = tick == tick.rounded() ? String(Int(tick)) : String(tick)
      // 1.25 lies close to 1.
      for y in [top - 9, bottom + 14] {
        picture.text(
          x(tick) + (tick == 1.25 ? 3 : tick == 1 ? -2 : 0), y, label, anchor: tick == 1.25 ? "start" : "middle")
      }
    }
    for (i, engine) in engines.enumerated() {
      picture.text(
        column(i), top - 9, engine.replacing("Lua ", with: ""), anchor: "end", colour: SVG.colours[i], isBold: true)
    }
    for (i, name) in cases.enumerated() {
      let y = top + Double(i) * row
      picture.line(10, y - 1, column(engines.count - 1) + 6, y - 1)
      picture.text(left - 12, y + row / 2 + 3, name, size: 12, anchor: "end")
      for (j, engine) in engines.enumerated() {
        guard let m = measurements.first(where: { $0.name == name && $0.engine == engine }) else { continue }
        let middle = y + 8 + Double(j) * step, colour = SVG.colours[j]
        picture.segment(x(1), middle, x(m.ratio), middle, colour: colour, width: 2)
        if let ratio = m.others[Others.staticC]?.ratio {
          picture.segment(x(ratio), middle - 4, x(ratio), middle + 4, colour: colour, width: 2.5)
        }
        if let ratio = m.others[Others.lupa]?.ratio { picture.diamond(x(ratio), middle, 3.5, colour: colour) }
        picture.dot(x(m.ratio), middle, 3.8, colour: colour)
        picture.text(column(j), y + row / 2 + 3, number(m.ratio, 2), anchor: "end")
      }
    }
    return picture.text
  }
}
