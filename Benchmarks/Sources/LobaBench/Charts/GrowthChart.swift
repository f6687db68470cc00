import Foundation

/// Time per item against the number of items, a panel per engine, both axes logarithmic: a level line is cost that grows as
/// the work does.
struct GrowthChart {
  private let measurements: [GrowthMeasurement]

  init(_ measurements: [GrowthMeasurement]) { self.measurements = measurements }

  private func unique(_ values: [String]) -> [String] {
    values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  var svg: String {
    let names = unique(measurements.map(\.name)), engines = unique(measurements.map(\.engine))
    let sizes = measurements.flatMap(\.sizes).map(Double.init), times = measurements.flatMap(\.times)
    let x1 = sizes.min() ?? 1, x2 = sizes.max() ?? 10
    let y1 = pow(10, floor(log10(times.min() ?? 1))), y2 = pow(10, ceil(log10(times.max() ?? 10)))

    let panel = 250.0, left = 58.0, gap = 18.0, top = 70.0, height = 300.0
    let legend = top + height + 58
    var picture = SVG(
      width: left + Double(engines.count) * (panel + gap) + 10, height: legend + Double(names.count) * 18 + 10)
    func y(_ time: Double) -> Double { top + height - height * log(time / y1) / log(y2 / y1) }

    picture.text(left, 22, "Nanoseconds per item, against the number of items", size: 15, isBold: true)
    picture.text(left, 40, "A level line: ten times the work takes ten times as long.")
    for (i, engine) in engines.enumerated() {
      let start = left + Double(i) * (panel + gap)
      func x(_ size: Double) -> Double { start + 8 + (panel - 16) * log(size / x1) / log(x2 / x1) }
      picture.text(start + panel / 2, top - 10, engine, size: 13, anchor: "middle", isBold: true)
      for power in stride(from: log10(x1).rounded(), through: log10(x2).rounded(), by: 1) {
        let size = pow(10, power)
        picture.line(x(size), top, x(size), top + height)
        picture.text(x(size), top + height + 16, label(size), anchor: "middle")
      }
      for power in stride(from: log10(y1).rounded(), through: log10(y2).rounded(), by: 1) {
        let time = pow(10, power)
        picture.line(start, y(time), start + panel, y(time))
        if i == 0 { picture.text(left - 8, y(time) + 4, label(time), anchor: "end") }
      }
      for (j, name) in names.enumerated() {
        guard let m = measurements.first(where: { $0.name == name && $0.engine == engine }) else { continue }
        let points = zip(m.sizes, m.times).map { (x(Double($0)), y($1)) }
        picture.path(points, colour: SVG.colours[j % SVG.colours.count])
        for point in points { picture.dot(point.0, point.1, 3, colour: SVG.colours[j % SVG.colours.count]) }
      }
      picture.text(start + panel - 8, legend - 14, "exponent", anchor: "end")
    }
    for (j, name) in names.enumerated() {
      let line = legend + Double(j) * 18 + 4
      picture.dot(left + 4, line - 4, 4.5, colour: SVG.colours[j % SVG.colours.count])
      picture.text(left + 14, line, name, size: 12)
      for (i, engine) in engines.enumerated() {
        guard let m = measurements.first(where: { $0.name == name && $0.engine == engine }) else { continue }
        let right = left + Double(i) * (panel + gap) + panel - 8
        picture.text(right, line, number(m.exponent, 2), size: 12, anchor: "end")
      }
    }
    return picture.text
  }

  private func label(_ value: Double) -> String {
    value >= 1e6 ? "\(Int(value / 1e6))M" : value >= 1000 ? "\(Int(value / 1000))k" : String(Int(value))
  }
}
