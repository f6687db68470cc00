public import Foundation

/// How ``LuaEncoder`` and ``LuaDecoder`` code what there are several ways for. Given to both, a value comes back as it was.
///
/// ```swift
/// let options = LuaCodingOptions(dates: .iso8601, unknownKeys: .refused)
/// let settings = try LuaDecoder(options: options).decode(Settings.self, from: lua.eval("{colour = 'red'}"))
/// // throws: there is no 'colour'; did you mean 'color'?
/// ```
public struct LuaCodingOptions: Sendable {
  /// What dates are in Lua.
  public enum Dates: Sendable {
    /// Seconds since 1970, as `os.time()` has them, but with fractions.
    case secondsSince1970
    /// A text by ISO 8601, in UTC, with a fraction of a second if there is one: `2001-02-03T04:05:06.5Z`. What is read may
    /// be of another time zone: `2001-02-03T04:05:06+09:00`. Years are those from 0 to 9999.
    case iso8601
    /// A table with fields, as `os.date("*t")` makes them and `os.time` reads them: `year`, `month`, `day`, `hour`, `min`,
    /// `sec`, `isdst`, and `wday` and `yday`, which are not read. Fractions of a second are left out.
    case fields(in: TimeZone = .current)
    /// What two closures make of a date and read as one.
    case custom(
      encode: @Sendable (Date, any Encoder) throws -> Void, decode: @Sendable (any Decoder) throws -> Date)
  }

  /// What nil is in an array or a dictionary. A field that is nil is never there.
  public enum Nils: Sendable {
    /// `swift.none`, so that every element keeps its index, and every key is there.
    case kept
    /// Nothing: elements that come after one move up, and the key is not there.
    case dropped
  }

  /// What happens to keys of a table that nothing asks for.
  public enum UnknownKeys: Sendable {
    /// They are nobody's business.
    case ignored
    /// They are errors: those that the coding keys of a type do not have, and in a list all that is not an element of it.
    case refused
  }

  /// What the fields of a structure are called in Lua. (Keys of dictionaries are what they are.)
  public enum Keys: Sendable {
    /// As its coding keys are.
    case unchanged
    /// `user_name` for `userName`, `home_url` for `homeURL`.
    case snakeCase
  }

  /// What dates are in Lua.
  public var dates: Dates
  /// What nil is in an array or a dictionary, when it is encoded.
  public var nils: Nils
  /// What happens to keys of a table that nothing asks for, when it is decoded.
  public var unknownKeys: UnknownKeys
  /// What the fields of a structure are called in Lua.
  public var keys: Keys
  /// What a type's own `encode(to:)` and `init(from:)` find in the `userInfo` of the encoder or decoder.
  public var userInfo: [CodingUserInfoKey: any Sendable]

  /// Makes options; what is not said is as it usually is.
  public init(
    dates: Dates = .secondsSince1970, nils: Nils = .kept, unknownKeys: UnknownKeys = .ignored,
    keys: Keys = .unchanged, userInfo: [CodingUserInfoKey: any Sendable] = [:]
  ) {
    self.dates = dates
    self.nils = nils
    self.unknownKeys = unknownKeys
    self.keys = keys
    self.userInfo = userInfo
  }
}
