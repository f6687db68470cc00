import ArgumentParser

@main
struct LobaBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loba-bench",
    abstract:
      "Measures Loba beside plain C and other bindings, how its cost grows, and how many instructions it takes.",
    subcommands: [Compare.self, Growth.self, Count.self, Serve.self],
    defaultSubcommand: Compare.self)
}
