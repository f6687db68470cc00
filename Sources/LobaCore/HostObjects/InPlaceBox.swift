/// A value that is a userdata, where a box is wanted: for what is not done often, and works with any host object.
///
/// It keeps the userdata, and has nothing of its own but a copy, for when the runtime is closed and the userdata gone.
final class InPlaceBox<T>: AnyHostBox {
  private let userdata: KeptReference
  private let place: InPlace
  private var copy: T

  init(_ place: InPlace, _ userdata: KeptReference) {
    self.userdata = userdata
    self.place = place
    copy = place[as: T.self]
  }

  private var value: T {
    if userdata.isPresent { copy = place[as: T.self] }
    return copy
  }

  override var anyValue: Any { value }
  override var valueType: Any.Type { T.self }
  override var identity: UnsafeRawPointer { UnsafeRawPointer(place.header) }

  override var changer: Unmanaged<MemberName>? {
    get { userdata.isPresent ? place.changer : nil }
    set { if userdata.isPresent { place.changer = newValue } }
  }

  override var hasItems: Bool { T.self is any RandomAccessCollection.Type }
  override var itemCount: Int { get throws { try HostBox(value).itemCount } }

  override func writeItem(_ key: LuaReader, to writer: inout LuaWriter) throws {
    try HostBox(value).writeItem(key, to: &writer)
  }

  override func setItem(_ key: LuaReader, to item: LuaReader) throws { try HostBox(value).setItem(key, to: item) }

  override func replace(with value: Any) throws -> Any {
    guard let value = value as? T else { throw wrongReplacement(value) }
    let old = self.value
    copy = value
    if userdata.isPresent { place[as: T.self] = value }
    return old
  }

  override func reference(in runtime: LuaRuntime) throws -> Reference? {
    try runtime.state.copy(of: userdata.reference)
  }
}
