-- A fox follows the nearest hare and eats it.
local fox = {eaten = 0}

function fox.update(self, dt)
  local prey = self.world:nearest(self, 'hare')
  if not prey then return end
  local way = prey.x - self.x
  self.x = self.x + math.min(math.abs(way), 40 * dt) * (way < 0 and -1 or 1)
  if math.abs(prey.x - self.x) < 0.5 then
    prey:die()
    fox.eaten = fox.eaten + 1
  end
end

return fox
