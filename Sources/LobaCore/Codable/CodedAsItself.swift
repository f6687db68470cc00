internal import Foundation

/// What is coded as it is converted elsewhere, whatever `encode(to:)` makes of it. (Dates are, too, if the options say so.)
protocol CodedAsItself: LuaConvertible {}

extension Bool: CodedAsItself {}
extension String: CodedAsItself {}
extension Double: CodedAsItself {}
extension Float: CodedAsItself {}
extension CGFloat: CodedAsItself {}
extension Decimal: CodedAsItself {}
extension Int: CodedAsItself {}
extension Int8: CodedAsItself {}
extension Int16: CodedAsItself {}
extension Int32: CodedAsItself {}
extension Int64: CodedAsItself {}
extension UInt: CodedAsItself {}
extension UInt8: CodedAsItself {}
extension UInt16: CodedAsItself {}
extension UInt32: CodedAsItself {}
extension UInt64: CodedAsItself {}
extension Data: CodedAsItself {}
extension URL: CodedAsItself {}
extension UUID: CodedAsItself {}
