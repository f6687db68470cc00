#if Eval
  internal import LobaCore

  /// Computes what an ``Expression`` is worth, in Lua's values by Swift's rules.
  struct Evaluation {
    let names: [String: any Sendable]
    let runtime: LuaRuntime

    func value(of expression: Expression) throws -> LuaValue {
      switch expression {
      case .null: return .nil
      case .boolean(let value): return .boolean(value)
      case .integer(let value): return try runtime.value(value)  // which not every engine can hold
      case .number(let value): return .number(value)
      case .string(let text): return try runtime.value(text)
      case .interpolation(let parts): return try runtime.value(parts.map { try text(of: value(of: $0)) }.joined())
      case .array(let elements): return .table(try runtime.table(from: elements.map(value)))
      case .dictionary(let entries):
        let table = try runtime.table()
        for entry in entries { try table.rawSet(value(of: entry.key), to: value(of: entry.value)) }
        return .table(table)
      case .tuple: throw LuaError(message: "a tuple can only be the whole expression")
      case .name(let name): return try named(name)
      case .member(let base, let name): return try member(name, of: value(of: base))
      case .item(let base, let key): return try item(value(of: key), of: value(of: base))
      case .call(let callee, let arguments): return try call(callee, arguments)
      case .prefix(let symbol, let operand): return try Operators.prefix(symbol, value(of: operand))
      case .condition(let condition, let yes, let no):
        return try value(of: Operators.boolean(value(of: condition)) ? yes : no)
      case .infix("&&", let a, let b):
        return .boolean(try Operators.boolean(value(of: a)) && Operators.boolean(value(of: b)))
      case .infix("||", let a, let b):
        return .boolean(try Operators.boolean(value(of: a)) || Operators.boolean(value(of: b)))
      case .infix("??", let a, let b):
        let value = try value(of: a)
        return value.isNil ? try self.value(of: b) : value
      case .infix(let symbol, let a, let b):
        return try Operators.infix(symbol, value(of: a), value(of: b), runtime)
      }
    }

    private func text(of value: LuaValue) throws -> String {
      if let handle = value.handle { return try handle.tostring() }
      return value.description
    }

    private func named(_ name: String) throws -> LuaValue {
      switch names[name] {
      case let function as LuaHostFunction: return .function(try function.make(runtime))
      case let value?: return try runtime.value(value)
      case nil:
        let known = names.isEmpty ? "none" : names.keys.sorted().joined(separator: ", ")
        throw LuaError(message: "cannot find '\(name)' in scope (there are: \(known))")
      }
    }

    private func member(_ name: String, of base: LuaValue) throws -> LuaValue {
      switch base {
      case .table, .userdata: return try base[name]
      default: throw LuaError(message: "a \(base.type) value has no member '\(name)'")
      }
    }

    private func item(_ key: LuaValue, of base: LuaValue) throws -> LuaValue {
      switch base {
      case .table, .userdata: return try base[key]
      default: throw LuaError(message: "a \(base.type) value has no items")
      }
    }

    /// Methods of objects get the object; members of tables are functions as they are.
    private func call(_ callee: Expression, _ arguments: [Expression]) throws -> LuaValue {
      if case .member(let base, let name) = callee {
        let base = try value(of: base)
        let function = try member(name, of: base)
        var values = try arguments.map(value)
        if case .userdata = base { values.insert(base, at: 0) }
        return try function(LuaValues(values))
      }
      let function = try value(of: callee)
      return try function(LuaValues(arguments.map(value)))
    }
  }
#endif
