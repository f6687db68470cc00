public import CLobaEngine

extension loba_slot {
  @inlinable
  init(reference: loba_reference) {
    self.init()
    tag = LOBA_REFERENCE
    index = reference
  }

  /// The value in words, for error messages: `number 1`, `table`.
  var summary: String {
    switch tag {
    case LOBA_NIL: return "nil"
    case LOBA_BOOLEAN: return boolean ? "true" : "false"
    case LOBA_INTEGER: return "number \(integer)"
    case LOBA_NUMBER: return "number \(number)"
    case LOBA_STRING:
      return "string"
    default: return LuaType(tag: tag).rawValue
    }
  }
}
