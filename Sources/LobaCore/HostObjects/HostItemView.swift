internal import CLobaEngine

/// The metamethods of item views: a Swift collection used in place.
enum HostItemView {
  static func index(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    var writer = LuaWriter(results: frame)
    let key = LuaReader(slot: frame.pointee.arguments + 1, state: frame.pointee.state, position: 2)
    if case .open = runtime.configuration.memberAccess {
      try box.writeItem(key, to: &writer)
    } else {
      try HostAccess.read(box, key, runtime, &writer) { try box.writeItem($0, to: &$1) }
    }
    writer.giveResults(to: frame)
  }

  static func newIndex(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    let key = LuaReader(slot: frame.pointee.arguments + 1, state: frame.pointee.state, position: 2)
    let value = LuaReader(slot: frame.pointee.arguments + 2, state: frame.pointee.state, position: 3)
    try HostAccess.write(box, key, value, runtime) { try box.setItem($0, to: value) }
  }

  static func length(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    try HostArguments.give(any: subject(frame).box.itemCount, to: frame)
  }

  /// `pairs(object)`, where the engine asks for it: keys and items of a dictionary, indices and items of a sequence.
  static func pairs(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    let next = try runtime.makePairIterator(box.anyValue)
    try HostArguments.give(any: next, to: frame)
  }

  static func subject(
    _ frame: UnsafeMutablePointer<loba_call_frame>
  ) throws -> (box: AnyHostBox, runtime: LuaRuntime) {
    guard frame.pointee.argument_count > 0, frame.pointee.arguments.pointee.tag == LOBA_HOST else {
      throw LuaError(kind: .conversion, message: "not a host object")
    }
    return (AnyHostBox.from(frame.pointee.arguments.pointee.pointer!), LuaRuntime.from(frame.pointee.state))
  }
}

/// What a mirror shows of a value of an undeclared type: its stored properties, read-only.
enum HostMirror {
  static func index(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try HostItemView.subject(frame)
    var writer = LuaWriter(results: frame)
    let key = LuaReader(slot: frame.pointee.arguments + 1, state: frame.pointee.state, position: 2)
    try HostAccess.read(box, key, runtime, &writer) { key, writer in
      guard key.bytes != nil else {
        throw LuaError(message: "\(type(of: box.anyValue)) has no property for a key of type \(key.type)")
      }
      let name: String = try key.read()
      var mirror: Mirror? = Mirror(reflecting: box.anyValue)
      while let shown = mirror {
        if let child = shown.children.first(where: { $0.label == name }) { return try writer.write(item: child.value) }
        mirror = shown.superclassMirror
      }
      throw LuaError(message: "\(type(of: box.anyValue)) has no property '\(name)'")
    }
    writer.giveResults(to: frame)
  }
}
