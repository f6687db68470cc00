public import Foundation

/// Where a runtime finds modules that nobody has given it by name.
///
/// ```swift
/// var configuration = LuaConfiguration.standard
/// configuration.modules = .directory(URL(filePath: "plugins"))
/// ```
public struct LuaModuleLoader: Sendable {
  let find: @Sendable (_ name: String) throws -> LuaModule?
  /// Where it has looked for a module, for the message that there is none.
  let places: @Sendable (_ name: String) -> [String]

  /// Makes a loader of a closure.
  ///
  /// - Parameter find: The module of a name; nil if there is none. `name` is what the script says, `../../etc/passwd` or
  ///   anything else: whoever looks for a file by it must look at it first.
  public init(_ find: @escaping @Sendable (_ name: String) throws -> LuaModule?) {
    self.init(find: find) { _ in [] }
  }

  private init(
    find: @escaping @Sendable (String) throws -> LuaModule?, places: @escaping @Sendable (String) -> [String]
  ) {
    self.find = find
    self.places = places
  }

  /// Modules by name, as Lua source.
  public static func dictionary(_ sources: [String: String]) -> LuaModuleLoader {
    LuaModuleLoader { name in sources[name].map { .source($0) } }
  }

  /// Files of a folder, for example of a bundle's resources: the module `a.b` is `a/b.lua` or `a/b/init.lua` there.
  ///
  /// A script reaches no other file by it: names of modules consist of names of files and folders with points between them,
  /// and a link that leads out of the folder is not followed.
  public static func directory(_ url: URL) -> LuaModuleLoader {
    let folder = ModuleFolder(url)
    return LuaModuleLoader(find: { folder.file(of: $0).map { .file($0) } }, places: folder.places)
  }

  /// The first of several loaders that has a module.
  public static func first(of loaders: LuaModuleLoader...) -> LuaModuleLoader {
    LuaModuleLoader(
      find: { name in
        for loader in loaders { if let module = try loader.find(name) { return module } }
        return nil
      }, places: { name in loaders.flatMap { $0.places(name) } })
  }
}

/// A folder with the files of modules.
private struct ModuleFolder: Sendable {
  let url: URL

  init(_ url: URL) { self.url = url }

  func file(of module: String) -> URL? {
    let root = url.resolvingSymlinksInPath().path(percentEncoded: false)
    let inside = root.hasSuffix("/") ? root : root + "/"
    return candidates(module).first { file in
      let path = file.resolvingSymlinksInPath().path(percentEncoded: false)
      var isFolder: ObjCBool = false
      return path.hasPrefix(inside) && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  func places(_ module: String) -> [String] { candidates(module).map { "no file '\($0.relativePath)'" } }

  /// Where the file of a module can be; nowhere for a name that is none.
  private func candidates(_ module: String) -> [URL] {
    guard module.utf8.count <= 1000 else { return [] }
    let parts = module.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.allSatisfy(Self.isName) else { return [] }
    let path = parts.joined(separator: "/")
    return ["\(path).lua", "\(path)/init.lua"].map { url.appending(path: $0) }
  }

  private static func isName(_ part: Substring) -> Bool {
    !part.isEmpty
      && part.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0"..."9" ~= $0 || "_-".unicodeScalars.contains($0)
      }
  }
}
