import Loba

/// Makes a chunk of a line, and of those after it for as long as it is finished neither as an expression nor as a
/// statement.
struct ChunkReader {
  let lua: LuaRuntime
  /// Another line; nil if there is none, or the person has given up.
  let next: () -> ReplInput.Line?

  enum Outcome {
    case chunk(LuaFunction)
    case error(any Error)
    case dropped
  }

  private static let name = "=stdin"

  func chunk(from first: ReplInput.Line) -> Outcome {
    var source = first.bytes
    if source.first == UInt8(ascii: "=") { source = Array("return ".utf8) + source.dropFirst() }
    while true {
      var isUnfinished = false
      do {
        return .chunk(try lua.compile(bytes: Array("return ".utf8) + source, name: Self.name))
      } catch {
        isUnfinished = Self.isUnfinished(error)
      }
      do {
        return .chunk(try lua.compile(bytes: source, name: Self.name))
      } catch {
        guard isUnfinished || Self.isUnfinished(error), let more = next() else { return .error(error) }
        if more.isDropped { return .dropped }
        source += [10] + more.bytes
      }
    }
  }

  private static func isUnfinished(_ error: any Error) -> Bool { (error as? LuaError)?.isIncompleteInput ?? false }
}
