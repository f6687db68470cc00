/// What makes a sandbox of the globals of a fresh runtime, before any other script runs: it takes away what is not on its
/// lists, so that what a library has in some release is not there unless somebody has thought of it.
///
/// It is told whether the host takes warnings. Scripts see none of its own variables: there is no `debug` library.
let sandboxScript = """
  local warns = ...
  local next, error = next, error
  local collectgarbage, getmetatable, string, table, math, os = collectgarbage, getmetatable, string, table, math, os
  local warn = warn
  local globals = _G

  local function keep(library, names)
    if not library then return end
    local kept = {}
    for i = 1, #names do kept[names[i]] = true end
    local name = next(library)
    while name ~= nil do
      local following = next(library, name)
      if not kept[name] then library[name] = nil end
      name = following
    end
  end

  keep(os, {'clock', 'date', 'difftime', 'time'})
  keep(string, {'byte', 'char', 'find', 'format', 'gfind', 'gmatch', 'gsub', 'len', 'lower', 'match', 'pack', 'packsize',
    'rep', 'reverse', 'sub', 'unpack', 'upper'})
  keep(table, {'concat', 'foreach', 'foreachi', 'getn', 'insert', 'maxn', 'move', 'pack', 'remove', 'setn', 'sort',
    'unpack'})
  keep(coroutine, {'close', 'create', 'isyieldable', 'resume', 'running', 'status', 'wrap', 'yield'})
  keep(utf8, {'char', 'charpattern', 'codepoint', 'codes', 'len', 'offset'})
  keep(math, {'abs', 'acos', 'asin', 'atan', 'atan2', 'ceil', 'cos', 'cosh', 'deg', 'exp', 'floor', 'fmod', 'frexp',
    'huge', 'ldexp', 'log', 'log10', 'max', 'maxinteger', 'min', 'mininteger', 'mod', 'modf', 'pi', 'pow', 'rad', 'sin',
    'sinh', 'sqrt', 'tan', 'tanh', 'tointeger', 'type', 'ult'})
  keep(globals, {'_G', '_VERSION', 'assert', 'bit', 'bit32', 'collectgarbage', 'coroutine', 'error', 'getmetatable',
    'ipairs', 'load', 'loadstring', 'math', 'next', 'os', 'pairs', 'pcall', 'print', 'rawequal', 'rawget', 'rawlen',
    'rawset', 'select', 'setmetatable', 'string', 'swift', 'table', 'tonumber', 'tostring', 'type', 'unpack', 'utf8',
    'xpcall'})

  if warns then globals.warn = warn end

  -- The methods of strings are those of the host's code as well.
  local strings = getmetatable and getmetatable('')
  if strings and string then
    local methods = {}
    for name, method in next, string do methods[name] = method end
    strings.__index, strings.__metatable = methods, false
  end

  if collectgarbage then
    function globals.collectgarbage(option)
      if option ~= 'count' then error("a sandbox only has collectgarbage('count')", 2) end
      return collectgarbage('count')
    end
  end
  """
