#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Colours, where they are wanted: on terminals, unless NO_COLOR is set.
struct Style {
  let isEnabled: Bool

  static func of(descriptor: Int32) -> Style {
    Style(
      isEnabled: isatty(descriptor) == 1 && Console.environment("NO_COLOR") == nil
        && Console.environment("TERM") != "dumb")
  }

  func error(_ text: String) -> String { paint(text, "31") }
  func dim(_ text: String) -> String { paint(text, "2") }
  func bold(_ text: String) -> String { paint(text, "1") }

  private func paint(_ text: String, _ code: String) -> String {
    isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
