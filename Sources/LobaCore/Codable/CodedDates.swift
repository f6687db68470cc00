internal import Foundation

// What dates are in Lua, of the ways that there are.

extension ValueEncoder {
  func encode(_ date: Date) throws {
    switch context.options.dates {
    case .custom(let encode, _): try encode(date, self)
    case .secondsSince1970:
      guard date.isWithinReach else { throw unrepresentable(date) }
      result.value = try converted(date)
    case .iso8601:
      guard date.isWithinReach, let text = CivilTime.text(of: date.timeIntervalSince1970) else {
        throw unrepresentable(date)
      }
      result.value = try converted(text)
    case .fields(let zone):
      guard date.isWithinReach else { throw unrepresentable(date) }
      let table = try runtime.newTable(hash: 9)
      result.value = .table(table)
      let time = CivilTime(seconds: Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date))
      let fields = [
        ("year", time.year), ("month", time.month), ("day", time.day), ("hour", time.hour), ("min", time.minute),
        ("sec", time.second), ("wday", time.weekday), ("yday", time.dayOfYear),
      ]
      for (name, number) in fields { try table.rawSet(name, to: number) }
      try table.rawSet("isdst", to: zone.isDaylightSavingTime(for: date))
    }
  }

  /// (The date is not in the error: one of NaN ends the process when Foundation describes it.)
  private func unrepresentable(_ date: Date) -> EncodingError {
    let seconds = date.timeIntervalSince1970
    return .invalidValue(
      seconds,
      .init(codingPath: codingPath, debugDescription: "the date (\(seconds) seconds since 1970) is too far away"))
  }
}

extension ValueDecoder {
  func date() throws -> Date {
    switch context.options.dates {
    case .secondsSince1970: return try converted(to: Date.self)
    case .custom(_, let decode): return try decode(self)
    case .iso8601:
      let text = try converted(to: String.self)
      guard let seconds = CivilTime.seconds(of: text) else {
        throw noDate("expected a date such as 2001-02-03T04:05:06Z, got \"\(text.prefix(40))\"")
      }
      return Date(timeIntervalSince1970: seconds)
    case .fields(let zone):
      let table = try table(for: Date.self)
      func field(_ name: String, _ otherwise: Int? = nil) throws -> Int {
        let part = ValueDecoder(value: try table[name], codingPath: codingPath + [LuaCodingKey(name)], context: context)
        if let otherwise, part.value.isNil { return otherwise }
        let number = try part.converted(to: Int.self)
        guard abs(number) < 10_000_000_000 else { throw part.noDate("\(number) is too much for a date") }
        return number
      }
      var time = CivilTime(year: try field("year"), month: try field("month"), day: try field("day"))
      time.hour = try field("hour", 12)
      time.minute = try field("min", 0)
      time.second = try field("sec", 0)
      let date = zone.date(of: time.seconds, isSummer: try table["isdst"])
      guard date.isWithinReach else { throw noDate("the date is too far away") }
      return date
    }
  }

  private func noDate(_ text: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: text))
  }
}

extension TimeZone {
  /// When clocks show a time. The hour that they show twice, in autumn, is the earlier one if it is not said.
  fileprivate func date(of seconds: Int, isSummer: Bool?) -> Date {
    func date(_ offset: Int) -> Date { Date(timeIntervalSince1970: Double(seconds - offset)) }
    let around = [-86400.0, 86400].map { secondsFromGMT(for: date(0).addingTimeInterval($0)) }
    let dates = around.map { date($0) }
    // In spring clocks leave out an hour: of a time then, both are of another offset.
    let possible = zip(around, dates).filter { secondsFromGMT(for: $1) == $0 }.map(\.1)
    return possible.first { isSummer == nil || isDaylightSavingTime(for: $0) == isSummer } ?? possible.first ?? dates[0]
  }
}
