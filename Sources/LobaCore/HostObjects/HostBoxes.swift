/// A host function as Lua holds it.
@usableFromInline
final class HostFunction {
  @usableFromInline typealias Body = (HostCall) throws -> Void

  let body: Body
  /// Whether argument packs are spread before the body runs; a body that is not told looks at them itself.
  let spreadsPacks: Bool
  /// The object that the function stands for: read as the object's type, the function is the object.
  let subject: AnyHostBox?
  /// Whether compiled code calls `leaf`, and then this, which tells what is left to tell.
  let isLeaf: Bool
  let leaf: LeafBody.Run

  init(_ body: @escaping Body, spreadsPacks: Bool = true, subject: AnyHostBox? = nil) {
    self.body = body
    self.spreadsPacks = spreadsPacks
    self.subject = subject
    isLeaf = false
    leaf = { _, _, _, _, _ in .nan }
  }

  init(_ body: @escaping Body, leaf: LeafBody) {
    self.body = body
    self.leaf = leaf.run
    isLeaf = true
    spreadsPacks = false
    subject = nil
  }

  /// Runs the function: 0, or what it raises, as `raise` says.
  @inline(never)
  func run(_ call: HostCall) -> Int32 {
    do {
      if call.state.hasArgumentPacks, spreadsPacks {
        try CallArguments.spreadingPacks(call, body)
      } else if isLeaf {
        try afterLeaf(call)
      } else {
        try body(call)
      }
      return 0
    } catch {
      return call.raise(error)
    }
  }
}

/// A Swift error as Lua holds it: one box per error, so that it stays itself through pcall, tables and coroutines.
final class HostError {
  let error: any Error

  init(_ error: any Error) {
    self.error = error
  }

  static func from(_ box: UnsafeMutableRawPointer) -> HostError {
    Unmanaged<HostError>.fromOpaque(box).takeUnretainedValue()
  }
}
