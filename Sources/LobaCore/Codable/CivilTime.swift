// Dates as people write them, in the Gregorian calendar for all times, as C and so Lua have it. Foundation's calendars change
// to the Julian one in 1582, and its parsers take what is no date, 30 February among it.

/// A date and a time of day, somewhere.
struct CivilTime {
  var year: Int
  var month: Int
  var day: Int
  var hour = 0
  var minute = 0
  var second = 0

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Parameter seconds: Seconds since 1970, by the clocks of the place.
  init(seconds: Int) {
    let days = seconds.floorDivided(by: 86400)
    let time = seconds - days * 86400
    // Years begin in March, so that the day of a leap year is their last.
    let day = days + 719_468
    let era = day.floorDivided(by: 146_097)
    let dayOfEra = day - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    self.day = dayOfYear - (153 * month + 2) / 5 + 1
    self.month = month < 10 ? month + 3 : month - 9
    year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    hour = time / 3600
    minute = time / 60 % 60
    second = time % 60
  }

  /// Seconds since 1970, by the clocks of the place. A month may be the 14th, a second the -1st.
  var seconds: Int {
    let months = month - 1
    let year = year + months.floorDivided(by: 12)
    let month = months - months.floorDivided(by: 12) * 12 + 1
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return (days + day - 1) * 86400 + hour * 3600 + minute * 60 + second
  }

  /// The day of the week, from Sunday, which is 1.
  var weekday: Int {
    let days = seconds.floorDivided(by: 86400) + 4
    return days - days.floorDivided(by: 7) * 7 + 1
  }

  /// The day of the year, from 1 on.
  var dayOfYear: Int {
    (seconds - CivilTime(year: year, month: 1, day: 1).seconds) / 86400 + 1
  }
}

extension Int {
  fileprivate func floorDivided(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

// MARK: - ISO 8601

extension CivilTime {
  /// A text by ISO 8601, in UTC.
  ///
  /// - Parameter seconds: Seconds since 1970.
  /// - Returns: nil for a year that has not four digits.
  static func text(of seconds: Double) -> String? {
    let whole = seconds.rounded(.down)
    let time = CivilTime(seconds: Int(whole))
    guard (0...9999).contains(time.year) else { return nil }
    let parts = [time.month, time.day, time.hour, time.minute, time.second].map { padded($0, to: 2) }
    let start = "\(padded(time.year, to: 4))-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])"
    if whole == seconds { return start + "Z" }
    // With as many digits as it takes to read the same number.
    let texts = [3: 1e3, 6: 1e6, 9: 1e9].sorted { $0.key < $1.key }.map { digits, scale in
      let fraction = min(((seconds - whole) * scale).rounded(), scale - 1)
      return "\(start).\(padded(Int(fraction), to: digits))Z"
    }
    return texts.first { self.seconds(of: $0) == seconds } ?? texts.last
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Seconds since 1970 of a text by ISO 8601; nil if it is none.
  static func seconds(of text: String) -> Double? {
    var rest = Array(text.utf8)[...]
    func skip(_ characters: String) -> UInt8? {
      guard let first = rest.first, characters.utf8.contains(first) else { return nil }
      return rest.removeFirst()
    }
    func number(_ count: Int) -> Int? {
      let digits = rest.prefix(count)
      rest = rest.dropFirst(count)
      guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard
      let year = number(4), skip("-") != nil, let month = number(2), skip("-") != nil, let day = number(2),
      skip("T") != nil, let hour = number(2), skip(":") != nil, let minute = number(2), skip(":") != nil,
      let second = number(2)
    else { return nil }
    var time = CivilTime(year: year, month: month, day: day)
    let actual = CivilTime(seconds: time.seconds)
    guard actual.month == month, actual.day == day, hour < 24, minute < 60, second < 60 else { return nil }
    time.hour = hour
    time.minute = minute
    time.second = second
    var fraction = 0.0
    if skip(".") != nil {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      guard (1...15).contains(count), let digits = number(count) else { return nil }
      fraction = Double("\(digits)e-\(count)")!
    }
    var offset = 0
    if skip("Z") == nil {
      guard let sign = skip("+-"), let hours = number(2) else { return nil }
      _ = skip(":")
      guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    return rest.isEmpty ? Double(time.seconds - offset) + fraction : nil
  }
}
