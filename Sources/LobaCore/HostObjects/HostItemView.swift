/// The metamethods of item views: a Swift collection used in place.
enum HostItemView {
  static func index(_ call: HostCall) throws {
    let (box, runtime) = try subject(call)
    try HostAccess.read(call, box, runtime) { key in
      try call.returning { try box.writeItem(key, to: &$0) }
    }
  }

  static func newIndex(_ call: HostCall) throws {
    let (box, runtime) = try subject(call)
    try HostAccess.write(call, box, runtime) { key, value in try box.setItem(key, to: value) }
  }

  static func length(_ call: HostCall) throws {
    try call.returnValue(any: subject(call).box.itemCount)
  }

  /// `pairs(object)`, where the engine asks for it: keys and items of a dictionary, indices and items of a sequence.
  static func pairs(_ call: HostCall) throws {
    let (box, runtime) = try subject(call)
    let next = try runtime.makePairIterator(box.presentValue())
    try call.returnValue(any: next)
  }

  static func subject(
    _ call: HostCall
  ) throws -> (box: AnyHostBox, runtime: LuaRuntime) {
    guard let box = try call.box else { throw LuaError(kind: .conversion, "not a host object") }
    return (box, call.runtime)
  }
}

/// What a mirror shows of a value of an undeclared type: its stored properties, read-only.
enum HostMirror {
  static func index(_ call: HostCall) throws {
    let (box, runtime) = try HostItemView.subject(call)
    try HostAccess.read(call, box, runtime) { key in
      guard key.bytes != nil else {
        throw LuaError(kind: .runtime, "\(box.valueType) has no property for a key of type \(key.type)")
      }
      let name: String = try key.read()
      var mirror: Mirror? = Mirror(reflecting: try box.presentValue())
      while let shown = mirror {
        if let child = shown.children.first(where: { $0.label == name }) {
          return try call.returning { try $0.write(item: child.value) }
        }
        mirror = shown.superclassMirror
      }
      throw LuaError(kind: .runtime, "\(box.valueType) has no property '\(name)'")
    }
  }
}
