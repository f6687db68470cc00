-- Asks a Lua what it is. The chunk returns a list of question and answer pairs; a question that this Lua cannot even
-- read is answered with why.

local questions = {
  "_VERSION",
  "jit and jit.version",
  "10 / 2",
  "7 // 2",
  "5 & 6",
  "9007199254740993",
  "math.type and math.type(1)",
  "tostring(-0.0)",
  "('x'):rep(3, '-')",
  "bit and bit.band(5, 6)",
  "type(setfenv)",
  "type(utf8)",
  "yield_in_pcall()",
}

function yield_in_pcall()
  local resumed = coroutine.wrap(function()
    pcall(coroutine.yield, "works")
    return "does not work"
  end)
  return resumed()
end

local load = loadstring or load

local answers = {}
for i, question in ipairs(questions) do
  local chunk = load("return " .. question)
  local answer
  if chunk then
    local ok, value = pcall(chunk)
    answer = tostring(value)
  else
    answer = "(syntax error)"
  end
  answers[i] = { question, answer }
end

-- Something to do, for the clock.
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

local start = os.clock()
local number = fib(32)
answers[#answers + 1] = { "fib(32)", tostring(number) }
answers[#answers + 1] = { "… took", string.format("%.0f ms", (os.clock() - start) * 1000) }

return answers
