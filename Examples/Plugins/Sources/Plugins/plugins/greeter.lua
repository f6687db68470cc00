-- Answers who greets.
local greetings = {hello = true, ola = true}

on('message', function(message)
  if greetings[message.text:lower()] then reply('Hello, ' .. message.from .. '!') end
end)

on('join', function(message)
  reply('Welcome, ' .. message.from .. '.')
end)
