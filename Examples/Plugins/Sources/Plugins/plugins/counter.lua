-- Counts words. A global of a plugin is the plugin's own.
count = 0

on('message', function(message)
  for _ in message.text:gmatch('%a+') do count = count + 1 end
  if count > 5 then reply(count .. ' words already') end
end)
