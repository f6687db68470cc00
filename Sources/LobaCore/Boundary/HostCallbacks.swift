internal import CLobaEngine

/// What the engines call in Swift.
enum HostCallbacks {
  /// Sendable in effect: it is never written to after it has been made.
  nonisolated(unsafe) static let table: UnsafePointer<loba_callbacks> = {
    let table = UnsafeMutablePointer<loba_callbacks>.allocate(capacity: 1)
    table.initialize(
      to: loba_callbacks(
        invoke: invoke, release: release, describe: describe, closed: closed, leaf: leaf, warn: warn,
        is_cancelled: isCancelled))
    return UnsafePointer(table)
  }()

  private static let invoke:
    @convention(c) (
      UnsafeMutablePointer<loba_state>, UnsafeMutableRawPointer, UnsafeMutablePointer<loba_call_frame>
    ) -> Int32 = { _, box, frame in
      // The C side keeps the box alive while it runs.
      Unmanaged<HostFunction>.fromOpaque(box)._withUnsafeGuaranteedRef { $0.run(HostCall(frame)) }
    }

  private static let leaf:
    @convention(c) (
      UnsafeMutablePointer<loba_state>, UnsafeMutableRawPointer, UnsafeMutableRawPointer?, Double, Double, Double,
      Double
    ) -> Double = { state, box, object, a, b, c, d in
      Unmanaged<HostFunction>.fromOpaque(box)._withUnsafeGuaranteedRef {
        $0.runLeaf(LuaState(state), object, a, b, c, d)
      }
    }

  private static let warn: @convention(c) (UnsafeMutablePointer<loba_state>, UnsafePointer<CChar>, Int) -> Void = {
    state, text, length in
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    let text = LuaString(bytes: bytes, encoding: state.pointee.text_encoding).description
    Unmanaged<LuaRuntime>.fromOpaque(state.pointee.context!)._withUnsafeGuaranteedRef { $0.warn(text) }
  }

  private static let isCancelled: @convention(c) () -> Bool = { withUnsafeCurrentTask { $0?.isCancelled ?? false } }

  private static let release: @convention(c) (UnsafeMutablePointer<loba_state>, UnsafeMutableRawPointer) -> Void = {
    _, box in
    Unmanaged<AnyObject>.fromOpaque(box).release()
  }

  private static let closed: @convention(c) (UnsafeMutablePointer<loba_state>) -> Void = { state in
    Unmanaged<LuaRuntime>.fromOpaque(state.pointee.context!)._withUnsafeGuaranteedRef { $0.forgetClasses() }
  }

  private static let describe:
    @convention(c) (
      UnsafeMutablePointer<loba_state>, UnsafeMutableRawPointer, UInt32, UnsafeMutablePointer<Int>
    ) -> UnsafePointer<UInt8> = { state, pointer, tag, length in
      var text: String
      switch SlotKind(tag) {
      case .error:
        let error = HostError.error(in: pointer)
        text = (error as? LuaError)?.message ?? String(describing: error)
      case .value:
        text = String(describing: InPlace(at: pointer).anyValue)
      default:
        text = String(describing: AnyHostBox.from(pointer).anyValue)
      }
      if state.pointee.has_foreign_text {
        let bytes = LuaTextEncoding(code: state.pointee.text_encoding).encodeAsFarAsPossible(text)
        length.pointee = bytes.count
        return bytes.withUnsafeBufferPointer { loba_arena_copy(loba_results(state), $0.baseAddress, $0.count) }
      }
      return text.withUTF8 {
        length.pointee = $0.count
        return loba_arena_copy(loba_results(state), $0.baseAddress, $0.count)
      }
    }
}
