-- The pages of the server: each a function of the request, by the first part of its path.
local pages = {}

function pages.hello(request)
  return '<h1>Hello, ' .. (request.rest ~= '' and request.rest or 'moon') .. '!</h1>'
end

-- The counter is the host's, and all runtimes share it: the script waits for it, and holds no thread meanwhile.
function pages.visit()
  local count = add('visits', 1)
  sleep(20)
  return '<p>You are visitor ' .. count .. '.</p>'
end

function pages.sum(request)
  local sum = 0
  for number in request.rest:gmatch('%-?%d+') do sum = sum + math.tointeger(number) end
  return tostring(sum)
end

-- What never ends is ended by the limits.
function pages.loop()
  while true do pcall(pages.hello) end
end

function pages.broken(request)
  return request.missing.field
end

return pages
