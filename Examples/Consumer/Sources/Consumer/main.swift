// Reads a configuration that is a Lua program, and calls the functions in it.
import Loba

struct Item {
  let name: String
  let price: Double
  let count: Int
}

/// The shop's rules, as the configuration has them.
struct Shop {
  let currency: String
  let freeShippingFrom: Double
  private let lua: LuaRuntime
  private let discount: LuaFunction
  private let shipping: LuaFunction

  init(configuration: [UInt8], weekday: @escaping () -> String) throws {
    lua = try LuaRuntime(engine: .luaJIT, configuration: LuaConfiguration(libraries: .safe))
    try lua.globals.set("weekday", to: lua.function { () -> String in weekday() })
    let settings: LuaTable = try lua.compile(bytes: configuration, name: "@shop.lua")()
    currency = try settings.currency
    freeShippingFrom = try settings.free_shipping_from
    discount = try settings.discount
    shipping = try settings.shipping
  }

  var engine: String { lua.release }

  func total(of basket: [Item], to country: String) throws -> (amount: Double, reason: String) {
    let items = try lua.table(
      from: basket.map { ["name": LuaValue.string(LuaString($0.name)), "count": .integer($0.count)] })
    let (percent, reason): (Double, String) = try discount(items)
    let goods = basket.reduce(0) { $0 + $1.price * Double($1.count) } * (1 - percent / 100)
    let delivery: Double = goods >= freeShippingFrom ? 0 : try shipping(country)
    return (goods + delivery, reason)
  }
}

func expect(_ condition: Bool, _ message: String) throws {
  if !condition { throw LuaError(message: message) }
}

let shop = try Shop(configuration: PackageResources.shop_lua) { "Monday" }
print("Configured by \(shop.engine). Prices in \(shop.currency), no shipping from \(shop.freeShippingFrom) on.")

let few = try shop.total(of: [Item(name: "moon", price: 10, count: 2)], to: "PT")
print("Two pieces to Portugal: \(few.amount) (discount: \(few.reason))")
try expect(few == (23.5, "Monday"), "20 less 5 % and 4.5 for shipping are 23.5")

let many = try shop.total(of: [Item(name: "star", price: 8, count: 12)], to: "PT")
print("Twelve pieces: \(many.amount) (discount: \(many.reason))")
try expect(abs(many.amount - 81.6) < 1e-9, "96 less 15 % are 81.6")

do {
  _ = try shop.total(of: [Item(name: "moon", price: 10, count: 1)], to: "AQ")
  try expect(false, "an error in the configuration must be thrown")
} catch let error as LuaError where error.message == "no delivery to AQ" {
  print("To Antarctica: \(error.message)")
}
