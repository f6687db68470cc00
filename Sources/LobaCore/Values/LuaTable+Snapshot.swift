extension LuaTable {
  /// The entries that a table has had at one moment.
  ///
  /// Numbers lie in plain memory, which takes no time to let go of; what else there is lies beside them.
  @usableFromInline
  final class Snapshot {
    /// A number, or the place of another value.
    @usableFromInline
    struct Part {
      @usableFromInline let kind: SlotKind
      @usableFromInline let bits: UInt64
    }

    /// How many entries there are.
    @usableFromInline private(set) var count = 0
    /// Keys and values in turns.
    @usableFromInline private(set) var parts: UnsafeMutablePointer<Part>
    private var capacity: Int
    /// The values that are no numbers.
    @usableFromInline private(set) var others: [LuaValue] = []

    init(of table: LuaEntries<LuaEntry>) {
      capacity = 2 * Swift.min(Swift.max(table.state.rawLength(of: table.location), 64), LuaRuntime.trustedCount)
      parts = .allocate(capacity: capacity)
      let state = table.state
      state.scan(table.location) { pairs, pairCount in
        self.append(pairs, pairCount, state)
        return true
      }
    }

    deinit { parts.deallocate() }

    private func append(_ pairs: UnsafePointer<Slot>, _ pairCount: Int, _ state: LuaState) {
      if 2 * (count + pairCount) > capacity { grow() }
      let next = parts + 2 * count
      for i in 0..<2 * pairCount {
        let slot = pairs + i
        let kind = slot.pointee.kind
        if kind == .integer || kind == .number {
          (next + i).initialize(to: Part(kind: kind, bits: UInt64(bitPattern: slot.pointee.asInteger)))
        } else {
          (next + i).initialize(to: Part(kind: .other, bits: UInt64(others.count)))
          // Cannot fail: the memory for handles is granted.
          others.append((try? LuaReader(slot: slot, state: state).value()) ?? .nil)
        }
      }
      count += pairCount
    }

    private func grow() {
      let grown = UnsafeMutablePointer<Part>.allocate(capacity: 2 * capacity)
      grown.moveInitialize(from: parts, count: 2 * count)
      parts.deallocate()
      parts = grown
      capacity *= 2
    }

    @inlinable
    func key(_ index: Int) -> LuaValue { part(2 * index) }

    @inlinable
    func value(_ index: Int) -> LuaValue { part(2 * index + 1) }

    @inlinable @inline(__always)
    func part(_ index: Int) -> LuaValue {
      let part = parts[index]
      switch part.kind {
      case .integer: return .integer(Int(Int64(bitPattern: part.bits)))
      case .number: return .number(Double(bitPattern: part.bits))
      default: return others[Int(part.bits)]
      }
    }
  }
}
