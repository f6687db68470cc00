#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Runs a body on a thread of its own and waits for its end.
///
/// The body is not required to be Sendable: the caller waits, so nothing runs at the same time.
func onAnotherThread(_ body: () -> Void) {
  withoutActuallyEscaping(body) { body in
    let box = Unmanaged.passRetained(ThreadBody(body))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(
      &thread, nil,
      { context in
        #if canImport(Darwin)
          let context: UnsafeMutableRawPointer? = context
        #endif
        Unmanaged<ThreadBody>.fromOpaque(context!).takeUnretainedValue().body()
        return nil
      }, box.toOpaque())
    precondition(status == 0, "no thread can be made")
    #if canImport(Darwin)
      pthread_join(thread!, nil)
    #else
      pthread_join(thread, nil)
    #endif
    box.release()
  }
}

private final class ThreadBody {
  let body: () -> Void

  init(_ body: @escaping () -> Void) {
    self.body = body
  }
}
