public import CLobaEngine

/// A host function as Lua holds it.
@usableFromInline
final class HostFunction {
  @usableFromInline let body: (UnsafeMutablePointer<loba_call_frame>) throws -> Void

  @usableFromInline
  init(_ body: @escaping (UnsafeMutablePointer<loba_call_frame>) throws -> Void) {
    self.body = body
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

/// A Swift value as Lua holds it, whatever its type.
class AnyHostBox {
  var anyValue: Any { fatalError("abstract") }

  static func from(_ box: UnsafeMutableRawPointer) -> AnyHostBox {
    Unmanaged<AnyHostBox>.fromOpaque(box).takeUnretainedValue()
  }
}

/// A Swift value of a type as Lua holds it.
final class HostBox<T>: AnyHostBox {
  var value: T

  init(_ value: T) {
    self.value = value
  }

  override var anyValue: Any { value }
}
