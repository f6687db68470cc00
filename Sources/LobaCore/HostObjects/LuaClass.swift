/// What scripts may do with the objects of a Swift type: its members by name.
///
/// ```swift
/// try lua.register(LuaClass<Account>("Account") {
///   $0.initializer { (start: Int) in Account(start) }
///   $0.property("balance", get: { $0.balance }, set: { $0.balance = $1 })
///   $0.method("deposit") { (account, amount: Int) in try account.deposit(amount) }
/// })
/// ```
///
/// Scripts then write `local a = Account(10)`, `a.balance`, `a:deposit(5)`. Only declared members can be reached; any other
/// name is an error.
public struct LuaClass<T> {
  /// The name of the class: of the global that makes objects, and in messages.
  public let name: String
  @usableFromInline var description: ClassDescription

  /// Describes a class.
  public init(_ name: String, _ build: (inout LuaClass<T>) -> Void = { _ in }) {
    self.name = name
    description = ClassDescription(name: name, type: T.self)
    build(&self)
  }

  /// Describes a class that has all members of a registered superclass, and more.
  ///
  /// - Parameter superclass: A type that is registered before this one.
  public init<Super>(_ name: String, inheriting superclass: Super.Type, _ build: (inout LuaClass<T>) -> Void = { _ in })
  {
    self.init(name, build)
    description.superclass = superclass
  }
}

/// What runs when a member is called or accessed: a closure in a structure, since one that a dictionary holds as it is
/// would be called through a thunk.
@usableFromInline
struct MemberBody {
  @usableFromInline let run: HostFunction.Body
  /// The type of the closure that it was declared by, of which type stubs are written.
  @usableFromInline let type: Any.Type
  /// The names of its parameters, if they have some.
  @usableFromInline let names: [String]

  @inlinable
  init(_ type: Any.Type, names: [String] = [], _ run: @escaping HostFunction.Body) {
    self.run = run
    self.type = type
    self.names = names
  }
}

/// What writes a constant.
struct ConstantMember {
  let type: Any.Type
  let write: (inout LuaWriter) throws -> Void

  init(_ type: Any.Type, _ write: @escaping (inout LuaWriter) throws -> Void) {
    self.type = type
    self.write = write
  }
}

/// The members of a class that are leaves. They are not inherited: objects of a subclass take the ordinary way.
@usableFromInline
struct ClassLeaves {
  @usableFromInline var methods: [String: LeafBody] = [:]
  @usableFromInline var getters: [String: LeafBody] = [:]
  @usableFromInline var setters: [String: LeafBody] = [:]

  var isEmpty: Bool { methods.isEmpty && getters.isEmpty && setters.isEmpty }

  mutating func forget(_ name: String) {
    methods[name] = nil
    getters[name] = nil
    setters[name] = nil
  }
}

/// A class in terms that need no generics: what is registered.
@usableFromInline
struct ClassDescription {
  let name: String
  let type: Any.Type
  let matches: (Any) -> Bool
  /// Whether values of the type are userdata themselves.
  let isInPlace: Bool
  var superclass: Any.Type?
  @usableFromInline var methods: [String: MemberBody] = [:]
  /// Methods that look at argument packs themselves.
  var packMethods: Set<String> = []
  /// Methods that give a pending call.
  var asyncMethods: Set<String> = []
  var constants: [String: ConstantMember] = [:]
  @usableFromInline var getters: [String: MemberBody] = [:]
  @usableFromInline var setters: [String: MemberBody] = [:]
  @usableFromInline var statics: [String: MemberBody] = [:]
  @usableFromInline var metamethods: [String: MemberBody] = [:]
  /// Those of the superclass's that the class does not have itself.
  var inheritedMetamethods: Set<String> = []
  @usableFromInline var initializer: MemberBody?
  /// Whether scripts may add members to the class. So they may to all that inherit from it.
  var isExtensible = false
  /// Of those members that compiled code can call directly.
  @usableFromInline var leaves = ClassLeaves()
  /// What type stubs say of members, by name; of the class itself, by nil.
  var documentation: [String?: MemberDocumentation] = [:]

  init<T>(name: String, type: T.Type) {
    self.name = name
    self.type = type
    matches = { $0 is T }
    isInPlace = InPlace.isPossible(type) && !(type is any HostItems.Type)
  }

  /// A name is declared anew: the last declaration holds.
  @usableFromInline
  mutating func forget(_ name: String) {
    methods[name] = nil
    packMethods.remove(name)
    asyncMethods.remove(name)
    constants[name] = nil
    getters[name] = nil
    setters[name] = nil
    leaves.forget(name)
  }

  /// The metamethods, but for those that are asked about members: declared ones come before them.
  var operators: [String: MemberBody] {
    metamethods.filter { $0.key != LuaMetamethod.index.field && $0.key != LuaMetamethod.newIndex.field }
  }

  /// Whether objects have a member of this name, whatever it is.
  func declares(_ name: String) -> Bool {
    methods[name] != nil || constants[name] != nil || getters[name] != nil || setters[name] != nil
  }

  /// What is asked about members that are not declared.
  func fallback(_ metamethod: LuaMetamethod) -> MemberBody? { metamethods[metamethod.field] }

  /// What messages call a member.
  func fullName(of member: String) -> String { "\(name).\(member)" }

  /// A member as a function of Lua's.
  func hostFunction(_ body: @escaping HostFunction.Body, _ member: String) -> HostFunction {
    HostFunction(body, name: fullName(of: member), spreadsPacks: !packMethods.contains(member))
  }

  /// With what is inherited added.
  func inheriting(_ other: ClassDescription) -> ClassDescription {
    var result = self
    var other = other
    for name in [String](methods.keys) + constants.keys + getters.keys { other.forget(name) }
    result.packMethods.formUnion(other.packMethods)
    result.asyncMethods.formUnion(other.asyncMethods)
    result.methods.merge(other.methods) { own, _ in own }
    result.constants.merge(other.constants) { own, _ in own }
    result.getters.merge(other.getters) { own, _ in own }
    result.setters.merge(other.setters) { own, _ in own }
    result.inheritedMetamethods = Set(other.metamethods.keys).subtracting(metamethods.keys)
    result.metamethods.merge(other.metamethods) { own, _ in own }
    result.isExtensible = isExtensible || other.isExtensible
    return result
  }
}
