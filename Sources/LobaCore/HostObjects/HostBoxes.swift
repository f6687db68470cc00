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

/// A Swift value as Lua holds it.
final class HostValue {
  let value: Any

  init(_ value: Any) {
    self.value = value
  }

  static func from(_ box: UnsafeMutableRawPointer) -> HostValue {
    Unmanaged<HostValue>.fromOpaque(box).takeUnretainedValue()
  }
}
