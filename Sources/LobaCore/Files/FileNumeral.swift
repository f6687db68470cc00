extension LuaValue {
  /// The number that a numeral is; nil if it is none.
  init(numeral: String, hasIntegers: Bool) {
    let isNegative = numeral.hasPrefix("-")
    let digits = numeral.drop { $0 == "-" || $0 == "+" }
    if hasIntegers, let integer = Int(digits.isEmpty ? "" : numeral) {
      self = .integer(integer)
    } else if hasIntegers, digits.hasPrefix("0x") || digits.hasPrefix("0X"), digits.count > 2,
      digits.dropFirst(2).allSatisfy(\.isHexDigit)
    {
      // As Lua has it: what is too large is taken modulo 2^64.
      let bits = digits.dropFirst(2).reduce(0 as UInt64) { $0 &* 16 &+ UInt64($1.hexDigitValue!) }
      self = .integer(Int(truncatingIfNeeded: isNegative ? 0 &- bits : bits))
    } else {
      self = numeralOfC(numeral).map { .number($0) } ?? .nil
    }
  }
}
