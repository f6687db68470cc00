/// The generator behind `math.random` in a sandbox, or where the host has given a seed: xoshiro256** by David Blackman and Sebastiano Vigna, seeded by
/// SplitMix64. C's own, which Lua up to 5.3 uses, belongs to the whole process.
final class ScriptRandom {
  private var a: UInt64 = 0, b: UInt64 = 0, c: UInt64 = 0, d: UInt64 = 0

  init(seed: UInt64?) {
    self.seed(seed ?? .random(in: .min ... .max))
  }

  func seed(_ seed: UInt64) {
    var seed = seed
    func next() -> UInt64 {
      seed &+= 0x9E37_79B9_7F4A_7C15
      var z = seed
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    (a, b, c, d) = (next(), next(), next(), next())
  }

  private func rotate(_ value: UInt64, by count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

  func next() -> UInt64 {
    let result = rotate(b &* 5, by: 7) &* 9
    let t = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, by: 45)
    return result
  }

  /// From 0 up to but not including 1.
  func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Any of the range, all with the same chance.
  func next(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(bitPattern: Int64(range.upperBound)) &- UInt64(bitPattern: Int64(range.lowerBound))
    guard width != .max else { return Int(bitPattern: UInt(next())) }
    let count = width + 1
    // What is left over by the division would make some numbers likelier than others.
    let limit = UInt64.max - (UInt64.max % count + 1) % count
    var value = next()
    while value > limit { value = next() }
    return Int(truncatingIfNeeded: UInt64(bitPattern: Int64(range.lowerBound)) &+ value % count)
  }
}
