/// An SVG picture, written as text. Colours are readable on a light page and on a dark one.
struct SVG {
  let width: Double, height: Double
  private var elements: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// One colour per engine or kind of work, told apart by people who see colours differently as well (Okabe and Ito).
  static let colours = [
    "#0f8ed0", "#e08a00", "#12a17a", "#c9679f", "#d55e00", "#8a78d8", "#7a9a1f", "#a0765b", "#5b8aa0", "#d64f6f",
    "#8c8c8c",
  ]

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String = "grid") {
    elements.append("<line class=\"\(kind)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>")
  }

  mutating func segment(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, colour: String, width: Double) {
    elements.append(
      "<line x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\" stroke=\"\(colour)\" stroke-width=\"\(n(width))\"/>"
    )
  }

  mutating func path(_ points: [(Double, Double)], colour: String) {
    let text = points.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ")
    elements.append("<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>")
  }

  mutating func dot(_ x: Double, _ y: Double, _ radius: Double, colour: String) {
    elements.append("<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(colour)\"/>")
  }

  mutating func diamond(_ x: Double, _ y: Double, _ radius: Double, colour: String) {
    let r = radius
    elements.append(
      "<path d=\"M\(n(x)) \(n(y - r))L\(n(x + r)) \(n(y))L\(n(x)) \(n(y + r))L\(n(x - r)) \(n(y))Z\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"/>"
    )
  }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, size: Double = 11, anchor: String = "start", colour: String? = nil,
    isBold: Bool = false
  ) {
    let fill = colour.map { " fill=\"\($0)\"" } ?? " class=\"text\""
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    elements.append(
      "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" text-anchor=\"\(anchor)\"\(fill)\(isBold ? " font-weight=\"600\"" : "")>\(escaped)</text>"
    )
  }

  var text: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(height))" width="\(n(width))" height="\(n(height))" font-family="-apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif">
    <style>
    .text { fill: #57606a } .grid { stroke: #8c959f; stroke-opacity: 0.3 } .base { stroke: #57606a; stroke-width: 1.5 }
    .goal { stroke: #57606a; stroke-width: 1.2; stroke-dasharray: 4 3 }
    @media (prefers-color-scheme: dark) { .text { fill: #9198a1 } .base, .goal { stroke: #9198a1 } }
    </style>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  /// A coordinate: short, so that the picture's text changes little from run to run.
  private func n(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
