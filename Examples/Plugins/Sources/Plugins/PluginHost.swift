import Foundation
import Loba

/// What happens, for plugins.
struct Event {
  let name: String
  let from: String
  let text: String
}

/// A plugin: its globals, and what it wants to be told of.
final class Plugin {
  let name: String
  fileprivate let environment: LuaTable
  fileprivate var handlers: [String: [LuaFunction]] = [:]
  fileprivate(set) var failures = 0

  fileprivate init(_ name: String, _ environment: LuaTable) {
    self.name = name
    self.environment = environment
  }
}

/// Plugins in one sandbox, each with globals of its own. One that fails three times is unloaded; none holds up the others for
/// longer than the limit.
final class PluginHost {
  private let lua: LuaRuntime
  private(set) var plugins: [Plugin] = []
  private var replies: [String] = []
  private let limits = LuaLimits(deadline: .milliseconds(100))

  init(engine: any LuaEngine) throws {
    lua = try LuaRuntime(engine: engine, configuration: .sandbox)
  }

  deinit { lua.close() }

  func load(_ file: URL) throws {
    let environment = try lua.environment(inheriting: lua.globals)
    let plugin = Plugin(file.deletingPathExtension().lastPathComponent, environment)
    try environment.set("on") { [unowned plugin] (event: String, handler: LuaFunction) in
      plugin.handlers[event, default: []].append(handler)
    }
    try environment.set("reply") { [unowned self, unowned plugin] (text: String) in
      replies.append("\(plugin.name): \(text)")
    }
    let source = try String(contentsOf: file, encoding: .utf8)
    try lua.withLimits(limits) {
      try lua.execute(source, name: "@\(file.lastPathComponent)", environment: environment)
    }
    plugins.append(plugin)
  }

  /// Tells all plugins of an event.
  ///
  /// - Returns: What they say.
  func tell(_ event: Event) throws -> [String] {
    replies = []
    let table = try lua.table(fields: ["from": event.from, "text": event.text])
    for plugin in plugins {
      for handler in plugin.handlers[event.name] ?? [] {
        do {
          try lua.withLimits(limits) { try handler(table) as Void }
        } catch let error as LuaError {
          plugin.failures += 1
          replies.append("\(plugin.name) has failed: \(error.message)")
        }
      }
    }
    for plugin in plugins where plugin.failures >= 3 { plugin.handlers = [:] }  // which may hold each other
    plugins.removeAll { $0.failures >= 3 }
    return replies
  }
}
