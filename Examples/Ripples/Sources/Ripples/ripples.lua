-- Waves on a square of water, in buffers of the host's: heights now, heights a step before, and pixels.

local floor, max, min = math.floor, math.max, math.min

local water = {}

-- Lets some steps pass. Each cell follows its neighbours; the edges reflect.
function water.flow(now, before, size, steps)
  for _ = 1, steps do
    for y = 2, size - 1 do
      local row = (y - 1) * size
      for i = row + 2, row + size - 1 do
        local around = now[i - 1] + now[i + 1] + now[i - size] + now[i + size]
        before[i] = (around * 0.5 - before[i]) * 0.994
      end
    end
    now, before = before, now
  end
  return now, before
end

-- The water as seen from above, lit from one side, above a floor of tiles that it bends.
function water.paint(pixels, now, size)
  for y = 1, size do
    for x = 1, size do
      local i = (y - 1) * size + x
      local dx = (now[i + 1] or 0) - (now[i - 1] or 0)
      local dy = (now[i + size] or 0) - (now[i - size] or 0)
      local bent = floor((x + dx * 30) / 20) + floor((y + dy * 30) / 20)
      local tile = bent % 2 == 0 and 0.62 or 0.74
      local light = max(0, min(1, tile + (dx + dy) * 1.2))
      local glint = max(0, min(1, (dx + dy) * 3 - 0.5))
      local pixel = 3 * i
      pixels[pixel - 2] = floor(255 * min(1, light * 0.35 + glint))
      pixels[pixel - 1] = floor(255 * min(1, light * 0.85 + glint))
      pixels[pixel] = floor(255 * min(1, light * 1.05 + glint))
    end
  end
end

return water
