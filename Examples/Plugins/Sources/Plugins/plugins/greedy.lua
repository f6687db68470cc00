-- Never comes to an end.
on('message', function()
  while true do pcall(string.rep, 'x', 1000) end
end)
