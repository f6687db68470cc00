import ArgumentParser
import CTwin
import Loba

struct Count: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the hottest cases between marks, for a profiler that counts instructions: see Benchmarks/count.sh.",
    discussion: """
      Each line tells a case, an engine, a side, and a number of operations N. In its course `twin_mark` is called \
      three times: after N operations that warm up, after N more, and after 2 N more.
      """)

  @OptionGroup var filter: Filter

  /// What programs do most.
  private static let hottest = [
    "call_lua", "call_host", "table_get", "table_set", "userdata_prop", "userdata_method", "string_in_short",
    "string_in_many", "string_out_short", "coroutine", "iterate_table", "leaf_call", "leaf_struct_prop", "buffer_get",
    "vector",
  ]

  func run() throws {
    for test in try filter.selected(of: Case.all, name: \.name) where Self.hottest.contains(test.name) {
      // A step that makes garbage may have none of a collection in it, or most of one: some have their share.
      let times = max(test.name == "vector" ? 8 : 1, 2000 / test.units)
      for engine in filter.engines {
        let lua = try LuaRuntime(engine: engine)
        let body = try test.prepare(lua)
        try count("Loba") { try body($0) }
        let twin = try Twin(test.name, on: engine)
        try count("C") { twin.run($0) }

        func count(_ side: String, _ run: (Int) throws -> Int64) throws {
          print(test.name, engine.identifier, side, times, separator: "\t")
          for times in [times, times, 2 * times] {
            _ = try run(times)
            twin_mark()
          }
        }
      }
    }
  }
}
