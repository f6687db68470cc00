// The object that a member is called on.

extension HostArguments {
  /// The object that a member is called on.
  mutating func nextSelf<T>(of member: String) throws -> T {
    index = 1
    uncounted = 1
    let (reader, box) = try selfBox(of: member, as: T.self)
    if let box = box as? HostBox<T> { return try box.value }
    guard let value = try box.presentValue() as? T else { throw Self.wrongSelf(reader, member, T.self) }
    return value
  }

  /// Changes the object that a member is called on. What the change needs is read before: a conversion may change the object
  /// too.
  func changeSelf<T, A, R>(
    of member: String, reading read: () throws -> A, _ body: (inout T, A) throws -> R
  ) throws -> R {
    let (reader, box) = try selfBox(of: member, as: T.self)
    if let box = box as? HostBox<T> {
      let arguments = try read()
      return try box.change(by: member) { try body(&$0, arguments) }
    }
    guard try box.presentValue() is T else { throw Self.wrongSelf(reader, member, T.self) }
    let arguments = try read()
    return try box.change(T.self, by: member) { try body(&$0, arguments) }
  }

  private func selfBox<T>(of member: String, as type: T.Type) throws -> (LuaReader, AnyHostBox) {
    guard call.count > 0 else {
      throw LuaError(
        kind: .conversion, message: "'\(member)' needs a \(T.self) before the dot: call it as object:\(member)(…)")
    }
    let reader = call.argument(0)
    guard reader.slot.pointee.kind == .host, let box = reader.box else {
      throw Self.wrongSelf(reader, member, T.self)
    }
    return (reader, AnyHostBox.from(box))
  }

  private static func wrongSelf<T>(_ reader: LuaReader, _ member: String, _ type: T.Type) -> LuaError {
    LuaError(
      kind: .conversion,
      message: "'\(member)' is a member of \(T.self), got \(reader.summary): call it as object:\(member)(…)")
  }

  /// Runs a conversion, saying in errors what it was for.
  static func named<R>(_ place: @autoclosure () throws -> String, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as LuaError where error.kind == .conversion {
      throw LuaError(kind: .conversion, message: "\(try place()): \(error.message)")
    }
  }
}
