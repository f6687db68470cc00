import ArgumentParser
import Loba

@main
struct LobaTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loba",
    abstract: "Runs Lua programs. The engines of this build: \(EngineName.list).",
    usage: """
      loba [run] [OPTIONS] [-e CODE] [FILE [ARGS…]]
      loba repl [OPTIONS]
      loba engines
      """,
    discussion: """
      EXAMPLES:
        loba run hello.lua                     run a program
        loba run --engine luajit game.lua 1 2  … on LuaJIT, with arguments
        loba -e 'print(_VERSION)'              run a line of Lua
        echo 'print(...)' | loba run - a b     run what comes from standard input
        loba run --memory-limit 64M job.lua    let Lua use at most 64 MiB
        loba run --time-limit 2 job.lua        end it after 2 seconds, with status 124
        loba run --sandbox found.lua           run what nobody has read: no files, no processes
        loba repl --engine lua51               try out expressions and statements
        loba engines                           what this build can run on

      Everything after FILE belongs to the program. Programs find what `lua` gives them: the table `arg`, LUA_INIT, \
      LUA_PATH and LUA_CPATH, C modules, the exit status of os.exit. An error ends them with status 1, --time-limit with 124, \
      --memory-limit with 125.

      ENVIRONMENT:
        LOBA_LUA54_LIBRARY and so on           the path of an engine's shared library
        NO_COLOR                               no colours, even on a terminal
      """,
    subcommands: [RunCommand.self, ReplCommand.self, EnginesCommand.self],
    defaultSubcommand: RunCommand.self)
}
