internal import CLobaEngine

/// The metamethods of item views: a Swift collection used in place.
enum HostItemView {
  static func index(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    try HostAccess.read(frame, box, runtime) { key in
      try HostArguments.giving(frame) { try box.writeItem(key, to: &$0) }
    }
  }

  static func newIndex(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    try HostAccess.write(frame, box, runtime) { key, value in try box.setItem(key, to: value) }
  }

  static func length(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    try HostArguments.give(any: subject(frame).box.itemCount, to: frame)
  }

  /// `pairs(object)`, where the engine asks for it: keys and items of a dictionary, indices and items of a sequence.
  static func pairs(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try subject(frame)
    let next = try runtime.makePairIterator(box.presentValue())
    try HostArguments.give(any: next, to: frame)
  }

  static func subject(
    _ frame: UnsafeMutablePointer<loba_call_frame>
  ) throws -> (box: AnyHostBox, runtime: LuaRuntime) {
    guard frame.pointee.argument_count > 0, frame.pointee.arguments.pointee.tag == LOBA_HOST,
      let box = LuaReader(slot: frame.pointee.arguments, state: frame.pointee.state).box
    else { throw LuaError(kind: .conversion, message: "not a host object") }
    return (AnyHostBox.from(box), LuaRuntime.from(frame.pointee.state))
  }
}

/// What a mirror shows of a value of an undeclared type: its stored properties, read-only.
enum HostMirror {
  static func index(_ frame: UnsafeMutablePointer<loba_call_frame>) throws {
    let (box, runtime) = try HostItemView.subject(frame)
    try HostAccess.read(frame, box, runtime) { key in
      guard key.bytes != nil else {
        throw LuaError(message: "\(box.valueType) has no property for a key of type \(key.type)")
      }
      let name: String = try key.read()
      var mirror: Mirror? = Mirror(reflecting: try box.presentValue())
      while let shown = mirror {
        if let child = shown.children.first(where: { $0.label == name }) {
          return try HostArguments.giving(frame) { try $0.write(item: child.value) }
        }
        mirror = shown.superclassMirror
      }
      throw LuaError(message: "\(box.valueType) has no property '\(name)'")
    }
  }
}
