-- A hare runs about, and eats grass.
local hare = {}

function hare.update(self, dt)
  local x = self.x + self.speed * dt
  if x < 0 or x > self.world.width then
    self.speed = -self.speed
  else
    self.x = x
  end
  self.energy = math.min(self.energy + dt, 100)
end

return hare
