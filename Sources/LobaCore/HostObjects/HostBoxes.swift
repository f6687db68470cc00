/// A host function as Lua holds it.
@usableFromInline
final class HostFunction {
  @usableFromInline typealias Body = (HostCall) throws -> Void

  let body: Body
  /// What messages call it; nil for what the script does.
  let name: String?
  /// Whether argument packs are spread before the body runs; a body that is not told looks at them itself.
  let spreadsPacks: Bool
  /// Whether compiled code calls `leaf`, and then this, which tells what is left to tell.
  let isLeaf: Bool
  /// The object that the function stands for: read as the object's type, the function is the object.
  let subject: AnyHostBox?
  let leaf: LeafBody.Run
  /// The type of the closure that it was made of, of which type stubs are written; nil if it is not known.
  let type: Any.Type?
  /// The names of its parameters, if they have some.
  let parameterNames: [String]

  init(
    _ body: @escaping Body, name: String? = nil, type: Any.Type? = nil, parameterNames: [String] = [],
    spreadsPacks: Bool = true, subject: AnyHostBox? = nil
  ) {
    self.body = body
    self.name = name
    self.spreadsPacks = spreadsPacks
    self.subject = subject
    isLeaf = false
    leaf = { _, _, _, _, _ in .nan }
    self.type = type
    self.parameterNames = parameterNames
  }

  /// What tells what a leaf has left to tell.
  init(after leaf: LeafBody, of function: HostFunction) {
    body = function.body
    name = function.name
    self.leaf = leaf.run
    isLeaf = true
    spreadsPacks = false
    subject = nil
    type = nil
    parameterNames = []
  }

  /// Runs the function: 0, or what it raises, as `raise` says.
  @inline(__always)
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
      return raise(error, from: call)
    }
  }

  /// Not inlined: what it needs would be kept at hand in every call.
  @inline(never)
  private func raise(_ error: any Error, from call: HostCall) -> Int32 { call.raise(error, of: name) }
}

/// A Swift error as Lua holds it, so that it stays itself through pcall, tables and coroutines. Swift has put it into a box
/// already, which is an object and all that an `any Error` is.
enum HostError {
  /// The error's box, retained.
  static func box(_ error: any Error) -> UnsafeMutableRawPointer {
    Unmanaged.passRetained(unsafeBitCast(error as any Error, to: AnyObject.self)).toOpaque()
  }

  static func error(in box: UnsafeMutableRawPointer) -> any Error {
    unsafeBitCast(Unmanaged<AnyObject>.fromOpaque(box).takeUnretainedValue(), to: (any Error).self)
  }
}
