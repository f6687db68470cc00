// What Foundation has of numbers and texts.
public import Foundation

/// A number. (Not as other floating-point types are converted: Foundation has no conversion from integers of any type.)
extension CGFloat: LuaConvertible {
  /// Becomes a number, as a `Double`.
  public func write(to writer: inout LuaWriter) { writer.write(number: Double(self)) }

  /// Reads a number, as a `Double` does.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, and for an integer that would change.
  public static func construct(from reader: LuaReader) throws -> CGFloat {
    CGFloat(try reader.scalar(for: "CGFloat") as Double)
  }
}

extension Date: LuaConvertible {
  /// Becomes a number: seconds since 1970, as `os.time()` has them, with a fraction.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a date that is no time, or further away than 300,000 years.
  public func write(to writer: inout LuaWriter) throws {
    guard isWithinReach else {
      throw LuaError(kind: .conversion, "the date (\(timeIntervalSince1970) seconds since 1970) is too far away")
    }
    writer.write(number: timeIntervalSince1970)
  }

  /// Reads seconds since 1970.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, and for a number that is no time (a date of NaN ends
  ///   the process when Foundation shows it), or further away than 300,000 years.
  public static func construct(from reader: LuaReader) throws -> Date {
    let seconds: Double = try reader.scalar(for: "Date")
    let date = Date(timeIntervalSince1970: seconds)
    guard date.isWithinReach else { throw reader.mismatch(expected: "Date") }
    return date
  }

  /// Whether calendars know it.
  var isWithinReach: Bool { abs(timeIntervalSince1970) < 1e13 }
}

extension URL: LuaConvertible {
  /// Becomes a string, with a relative one's base.
  ///
  /// - Throws: As `String`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: absoluteString) }

  /// Reads a string.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, and for a text that is no URL: one with spaces, for
  ///   example.
  public static func construct(from reader: LuaReader) throws -> URL {
    guard let url = URL(string: try reader.scalar(for: "URL"), encodingInvalidCharacters: false) else {
      throw reader.mismatch(expected: "URL")
    }
    return url
  }
}

extension UUID: LuaConvertible {
  /// Becomes a string, in capitals: `E621E1F8-C36C-495A-93FC-0C247A3E6E5F`.
  ///
  /// - Throws: ``LuaError`` of kind `memory` or `closed`.
  public func write(to writer: inout LuaWriter) throws { try writer.write(text: uuidString) }

  /// Reads a string, in capitals or not.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, and for a text that is no UUID.
  public static func construct(from reader: LuaReader) throws -> UUID {
    guard let uuid = UUID(uuidString: try reader.scalar(for: "UUID")) else { throw reader.mismatch(expected: "UUID") }
    return uuid
  }
}

extension Decimal: LuaConvertible {
  /// Becomes a number, if the same decimal is read from it: an integer, or one with up to 15 digits and a few with more.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for a decimal that has more digits than a number in Lua, with the advice to
  ///   pass its text.
  public func write(to writer: inout LuaWriter) throws {
    if let integer = Int64(description), integer.magnitude <= writer.state.integerLimit {
      return try writer.write(integer: integer)
    }
    guard isFinite, let number = Double(description), Decimal(digitsOf: number) == self else {
      throw LuaError(kind: .conversion, "\(self) is no number in Lua: it has too many digits; pass its description")
    }
    writer.write(number: number)
  }

  /// Reads a number, as the decimal that it is written as with the fewest digits: 0.1 is 0.1.
  ///
  /// - Throws: ``LuaError`` of kind `conversion` for any other value, and for a number that no decimal is: an infinite one,
  ///   NaN, one beyond 10^165 or too near to 0.
  public static func construct(from reader: LuaReader) throws -> Decimal {
    if reader.slot.pointee.kind == .integer { return Decimal(reader.slot.pointee.asInteger) }
    guard let decimal = Decimal(digitsOf: try reader.scalar(for: "Decimal")) else {
      throw reader.mismatch(expected: "a number that Decimal can hold")
    }
    return decimal
  }

  private init?(digitsOf number: Double) {
    guard let decimal = Decimal(string: "\(number)"), Double(decimal.description) == number else { return nil }
    self = decimal
  }
}

extension LuaReader {
  /// Reads what a type is made of, and says in an error what that type is.
  fileprivate func scalar<T>(for name: String) throws -> T {
    do {
      return try read()
    } catch let error as LuaError where error.kind == .conversion {
      throw mismatch(expected: name)
    }
  }
}
