// The object that a member is called on.

/// The name of a member, as an object: whoever changes a value is noted by it, without counting references.
@usableFromInline
final class MemberName {
  @usableFromInline let text: String

  @usableFromInline
  init(_ text: String) {
    self.text = text
  }

  /// The error of a new value that is none for the property of this name.
  @usableFromInline
  func refusing(_ error: any Error) -> any Error { (error as? LuaError)?.about(.newValue(text)) ?? error }
}

extension HostCall {
  /// The object that a member is called on.
  ///
  /// The usual case is inlined where the member is declared: a box of just this type. It costs a comparison.
  @inlinable @inline(__always)
  func object<T>(of member: MemberName, as type: T.Type = T.self) throws -> T {
    if count > 0, let value = argument(0).boxedValue(as: T.self) { return value }
    return try objectSlowly(of: member)
  }

  /// Changes the object that a member is called on. What the change needs is read before: a conversion may change the object
  /// too.
  @inlinable @inline(__always)
  func changeObject<T, A, R>(
    of member: MemberName, reading read: () throws -> A, _ body: (inout T, A) throws -> R
  ) throws -> R {
    if _canBeClass(T.self) == 1, MemoryLayout<T>.size == MemoryLayout<Int>.size {  // a constant
      // Anybody may change an object at any time: nothing has to be put aside, and its box is of no interest.
      let object: T = try self.object(of: member)
      let arguments = try read()
      var changed = object
      defer {
        if unsafeBitCast(changed, to: Int.self) != unsafeBitCast(object, to: Int.self) {
          replaceObject(with: changed, by: member)
        }
      }
      return try body(&changed, arguments)
    }
    if InPlace.isPossible(T.self), count > 0, arguments.pointee.kind == .value, InPlace(arguments).is(T.self) {
      let arguments = try read()
      return try InPlace(self.arguments).change(by: member) { try body(&$0, arguments) }
    }
    if let box = presentBox, type(of: box) == HostBox<T>.self {
      let arguments = try read()
      return try unsafeDowncast(box, to: HostBox<T>.self).change(by: member) { try body(&$0, arguments) }
    }
    return try changeObjectSlowly(of: member, reading: read, body)
  }

  /// The box of the first argument, if there is one already.
  @inlinable @inline(__always)
  var presentBox: AnyHostBox? {
    guard count > 0, arguments.pointee.kind == .host, let box = state.hostBox(of: arguments) else { return nil }
    return Unmanaged<AnyHostBox>.fromOpaque(box).takeUnretainedValue()
  }
}

// MARK: - The uncommon cases

extension HostCall {
  /// The box of the first argument, if it is a host object.
  ///
  /// - Throws: ``LuaError`` of kind `memory` if there is none for a reference.
  var box: AnyHostBox? {
    get throws {
      guard count > 0, arguments.pointee.kind != .function else { return nil }
      return try argument(0).anyHostBox
    }
  }

  @usableFromInline
  func objectSlowly<T>(of member: MemberName) throws -> T {
    if count > 0, arguments.pointee.kind == .value {
      guard let value = InPlace(arguments).anyValue as? T else { throw wrongObject(member, T.self) }
      return value
    }
    let box = try requiredBox(of: member, as: T.self)
    if let box = box as? HostBox<T> { return try box.value }
    guard let value = try box.presentValue() as? T else { throw wrongObject(member, T.self) }
    return value
  }

  @usableFromInline
  func changeObjectSlowly<T, A, R>(
    of member: MemberName, reading read: () throws -> A, _ body: (inout T, A) throws -> R
  ) throws -> R {
    let box = try requiredBox(of: member, as: T.self)
    guard try box.presentValue() is T else { throw wrongObject(member, T.self) }
    let arguments = try read()
    return try box.change(T.self, by: member) { try body(&$0, arguments) }
  }

  /// Puts another object in the place of the one that a member was called on, also if the member throws. If Lua has let go
  /// of that one meanwhile, nobody can see it any more.
  @usableFromInline
  func replaceObject<T>(with object: T, by member: MemberName) {
    try? (try box)?.change(T.self, by: member) { $0 = object }
  }

  private func requiredBox<T>(of member: MemberName, as type: T.Type) throws -> AnyHostBox {
    guard count > 0 else {
      let type = runtime.scriptsName(of: T.self)
      throw LuaError(
        kind: .conversion,
        "'\(member.text)' needs a \(type) before the dot: call it as object:\(member.text)(…)")
    }
    guard let box = try box ?? argument(0).standInBox else { throw wrongObject(member, T.self) }
    return box
  }

  private func wrongObject<T>(_ member: MemberName, _ type: T.Type) -> LuaError {
    LuaError(
      kind: .conversion,
      "'\(member.text)' is a member of \(runtime.scriptsName(of: T.self)), got \(argument(0).summary): call it as "
        + "object:\(member.text)(…)")
  }

  /// Reads the new value of a property.
  @inlinable @inline(__always)
  func newValue<V>(of member: MemberName) throws -> V {
    do {
      return try read(1, position: 0)
    } catch {
      throw member.refusing(error)
    }
  }

  /// Runs a conversion, saying in errors what it was for.
  static func named<R>(_ place: @autoclosure () throws -> String, _ body: () throws -> R) throws -> R {
    do { return try body() } catch { throw named(try place(), error) }
  }

  @usableFromInline
  static func named(_ place: String, _ error: any Error) -> any Error {
    guard let error = error as? LuaError, error.kind == .conversion else { return error }
    return LuaError(kind: .conversion, "\(place): \(error.message)")
  }
}
