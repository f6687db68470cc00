#if Eval
  internal import Foundation
  internal import LobaCore
  internal import SwiftDiagnostics
  internal import SwiftOperators
  internal import SwiftParser
  internal import SwiftParserDiagnostics
  internal import SwiftSyntax

  /// Turns text into an ``Expression``, with Swift's own parser.
  ///
  /// That parser, and the tree that it makes, are recursive, and the thread that Lua runs on may have little stack left: so
  /// they live on a thread of their own, and what comes back is nested no deeper than `nestingLimit`.
  enum ExpressionParser {
    private static let lengthLimit = 4096
    /// The time that the parser takes for some texts that are no expressions grows by the square of their words.
    private static let wordLimit = 400
    private static let nestingLimit = 64
    /// The longest text in which the parser is asked what is wrong: that takes it time by the cube of the length.
    private static let explainedLength = 160
    /// The parser's own levels, about a dozen for each pair of parentheses.
    private static let parserNestingLimit = 1024
    private static let stackSize = 64 << 20

    static func parse(_ text: String) throws -> Expression {
      guard text.utf8.count <= lengthLimit else {
        throw LuaError(kind: .syntax, message: "the expression is longer than \(lengthLimit) bytes")
      }
      guard nesting(of: text) <= nestingLimit else {  // before the parser, which takes seconds to complain
        throw LuaError(kind: .syntax, message: "the expression is nested more than \(nestingLimit) levels deep")
      }
      guard wordCount(of: text) <= wordLimit else {
        throw LuaError(kind: .syntax, message: "the expression has more than \(wordLimit) words")
      }
      final class Outcome: @unchecked Sendable {  // written before the signal, read after it
        var value: Result<Expression, Problem>?
      }
      let outcome = Outcome()
      let done = DispatchSemaphore(value: 0)
      let thread = Thread {
        outcome.value = Result { () throws(Problem) in try parseHere(text) }
        done.signal()
      }
      thread.stackSize = stackSize
      thread.start()
      done.wait()
      do {
        return try outcome.value!.get()
      } catch {
        throw LuaError(kind: .syntax, message: "\(error.message) (in the Swift expression '\(text.prefix(60))')")
      }
    }

    /// The most brackets that are open at once. A "<" is one as long as what follows could be a type's arguments, up to
    /// something that is in no type: at each of them the parser looks ahead so far.
    private static func nesting(of text: String) -> Int {
      var open = 0
      var angles = 0
      var most = 0
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): open -= 1
        case UInt8(ascii: "<"): angles += 1
        case UInt8(ascii: ">"): angles = max(0, angles - 1)
        case UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "|"),
          UInt8(ascii: "="), UInt8(ascii: "\""):
          angles = 0
        default: break
        }
        most = max(most, open + angles)
      }
      return most
    }

    /// How many names and keywords there may be; words in strings count as well.
    private static func wordCount(of text: String) -> Int {
      var count = 0
      var isInWord = false
      for byte in text.utf8 {
        let isLetter = byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
        if isLetter, !isInWord { count += 1 }
        isInWord = isLetter || (isInWord && byte &- UInt8(ascii: "0") < 10)
      }
      return count
    }

    /// What is wrong with a text that could not be parsed.
    private static func problem(in source: SourceFileSyntax) -> Problem {
      if source.totalLength.utf8Length <= explainedLength {
        let diagnostic = ParseDiagnosticsGenerator.diagnostics(for: source).first
        return Problem(
          message: diagnostic.map { "\($0.message) at character \($0.position.utf8Offset + 1)" } ?? "no expression")
      }
      var place = Syntax(source)
      while let inner = place.children(viewMode: .all).first(where: \.hasError) { place = inner }
      return Problem(message: "something is missing or unexpected at character \(place.position.utf8Offset + 1)")
    }

    private struct Problem: Error {
      let message: String
    }

    private static func parseHere(_ text: String) throws(Problem) -> Expression {
      let source = Array(text.utf8).withUnsafeBufferPointer {
        Parser.parse(source: $0, maximumNestingLevel: parserNestingLimit)
      }
      if source.hasError { throw problem(in: source) }
      guard source.statements.count == 1, case .expr(let expression) = source.statements.first!.item else {
        throw Problem(message: "one expression is expected")
      }
      let folded: ExprSyntax
      do {
        folded = ExprSyntax(try OperatorTable.standardOperators.foldAll(expression))!
      } catch {
        throw Problem(message: (error as? OperatorError)?.message ?? "\(error)")
      }
      return try build(folded, 0)
    }

    private static func build(_ syntax: ExprSyntax, _ level: Int) throws(Problem) -> Expression {
      guard level < nestingLimit else { throw Problem(message: "the expression is nested too deeply") }
      let level = level + 1
      switch syntax.as(ExprSyntaxEnum.self) {
      case .nilLiteralExpr: return .null
      case .booleanLiteralExpr(let literal): return .boolean(literal.literal.tokenKind == .keyword(.true))
      case .integerLiteralExpr(let literal): return .integer(try integer(literal))
      case .floatLiteralExpr(let literal):
        guard let number = literal.representedLiteralValue else { throw Problem(message: "'\(literal)' is no number") }
        return .number(number)
      case .stringLiteralExpr(let literal): return try string(literal, level)
      case .arrayExpr(let array):
        return .array(try each(array.elements) { (e) throws(Problem) in try build(e.expression, level) })
      case .dictionaryExpr(let dictionary):
        guard case .elements(let elements) = dictionary.content else { return .dictionary([]) }
        return .dictionary(
          try each(elements) { (e) throws(Problem) in (try build(e.key, level), try build(e.value, level)) })
      case .tupleExpr(let tuple):
        let elements = try unlabeled(tuple.elements, level)
        return elements.count == 1 ? elements[0] : .tuple(elements)
      case .declReferenceExpr(let reference) where reference.argumentNames == nil: return .name(reference.baseName.text)
      case .memberAccessExpr(let access):
        guard let base = access.base, access.declName.argumentNames == nil else { break }
        return .member(try build(base, level), access.declName.baseName.text)
      case .subscriptCallExpr(let item) where item.trailingClosure == nil && item.arguments.count == 1:
        return .item(try build(item.calledExpression, level), try unlabeled(item.arguments, level)[0])
      case .functionCallExpr(let call) where call.trailingClosure == nil:
        return .call(try build(call.calledExpression, level), try unlabeled(call.arguments, level))
      case .prefixOperatorExpr(let prefix): return try negated(prefix, level)
      case .infixOperatorExpr(let infix):
        guard let symbol = infix.operator.as(BinaryOperatorExprSyntax.self) else { break }
        return .infix(symbol.operator.text, try build(infix.leftOperand, level), try build(infix.rightOperand, level))
      case .ternaryExpr(let ternary):
        return .condition(
          try build(ternary.condition, level), try build(ternary.thenExpression, level),
          try build(ternary.elseExpression, level))
      default: break
      }
      throw Problem(message: "'\(syntax.trimmedDescription.prefix(40))' is not among the expressions that there are")
    }

    private static func negated(_ prefix: PrefixOperatorExprSyntax, _ level: Int) throws(Problem) -> Expression {
      // The smallest integer has no positive counterpart.
      if prefix.operator.text == "-", let literal = prefix.expression.as(IntegerLiteralExprSyntax.self) {
        return .integer(try integer(literal, sign: "-"))
      }
      return .prefix(prefix.operator.text, try build(prefix.expression, level))
    }

    private static func integer(_ literal: IntegerLiteralExprSyntax, sign: String = "") throws(Problem) -> Int {
      let text = literal.literal.text.replacing("_", with: "")
      let radix = ["0x": 16, "0o": 8, "0b": 2][text.prefix(2)] ?? 10
      guard let integer = Int(sign + (radix == 10 ? text[...] : text.dropFirst(2)), radix: radix) else {
        throw Problem(message: "'\(sign)\(literal.literal.text)' does not fit in an Int")
      }
      return integer
    }

    private static func string(_ literal: StringLiteralExprSyntax, _ level: Int) throws(Problem) -> Expression {
      if let text = literal.representedLiteralValue { return .string(text) }
      return .interpolation(
        try each(literal.segments) { (segment) throws(Problem) in
          switch segment {
          case .expressionSegment(let inner):
            return try build(ExprSyntax(TupleExprSyntax(elements: inner.expressions)), level)
          case .stringSegment:
            let alone = literal.with(\.segments, StringLiteralSegmentListSyntax([segment]))
            return .string(alone.representedLiteralValue ?? "")
          }
        })
    }

    private static func unlabeled(_ list: LabeledExprListSyntax, _ level: Int) throws(Problem) -> [Expression] {
      try each(list) { (element) throws(Problem) in
        if let label = element.label {
          throw Problem(message: "there are no argument labels here, such as '\(label.text):'")
        }
        return try build(element.expression, level)
      }
    }

    private static func each<S: Sequence, T>(_ list: S, _ part: (S.Element) throws(Problem) -> T) throws(Problem) -> [T]
    {
      var parts: [T] = []
      for element in list { parts.append(try part(element)) }
      return parts
    }
  }
#endif
