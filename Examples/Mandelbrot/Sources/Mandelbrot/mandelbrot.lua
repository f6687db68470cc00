-- The Mandelbrot set, row by row. The chunk returns a function that paints rows as a string of bytes: three a pixel.

local char, concat, floor, log = string.char, table.concat, math.floor, math.log

-- ---------------------------------------------------------------- colours

-- The colours of a cycle: where in it, and red, green, blue.
local stops = {
  { 0.00, 0, 7, 100 },
  { 0.16, 32, 107, 203 },
  { 0.42, 237, 255, 255 },
  { 0.64, 255, 170, 0 },
  { 0.86, 50, 8, 12 },
  { 1.00, 0, 7, 100 },
}

local shades = 2048
local reds, greens, blues = {}, {}, {}

local stop = 1
for i = 0, shades - 1 do
  local place = i / shades
  while place >= stops[stop + 1][1] do stop = stop + 1 end
  local from, to = stops[stop], stops[stop + 1]
  local share = (place - from[1]) / (to[1] - from[1])
  share = share * share * (3 - 2 * share)
  reds[i] = from[2] + (to[2] - from[2]) * share
  greens[i] = from[3] + (to[3] - from[3]) * share
  blues[i] = from[4] + (to[4] - from[4]) * share
end

local bytes = {}
for i = 0, 255 do bytes[i] = char(i) end

-- ---------------------------------------------------------------- the set

local limit = 400

-- The shade of a point, or nil if it is in the set.
local function shade(cr, ci)
  -- The two largest parts of the set need no search.
  local q = (cr - 0.25) * (cr - 0.25) + ci * ci
  if q * (q + cr - 0.25) < 0.25 * ci * ci or (cr + 1) * (cr + 1) + ci * ci < 0.0625 then return nil end
  local zr, zi, zr2, zi2 = 0.0, 0.0, 0.0, 0.0
  for n = 1, limit do
    zi = 2 * zr * zi + ci
    zr = zr2 - zi2 + cr
    zr2, zi2 = zr * zr, zi * zi
    if zr2 + zi2 > 1024 then
      -- How far between two numbers of steps the point leaves, so that the colours flow.
      local steps = n + 1 - log(log(zr2 + zi2) / 2) / log(2)
      return floor(((log(steps + 1) * 0.36 + 0.47) % 1) * shades)
    end
  end
  return nil
end

-- Rows first to last (from 0) of a square picture, each pixel the mean of samples x samples points.
return function(size, first, last, samples)
  local rows = {}
  local step = 2.6 / size
  for y = first, last do
    local row = {}
    for x = 0, size - 1 do
      local red, green, blue = 0, 0, 0
      for sy = 0, samples - 1 do
        for sx = 0, samples - 1 do
          local found = shade(-2.0 + (x + (sx + 0.5) / samples) * step, -1.3 + (y + (sy + 0.5) / samples) * step)
          if found then
            red = red + reds[found]
            green = green + greens[found]
            blue = blue + blues[found]
          end
        end
      end
      local count = samples * samples
      row[3 * x + 1] = bytes[floor(red / count)]
      row[3 * x + 2] = bytes[floor(green / count)]
      row[3 * x + 3] = bytes[floor(blue / count)]
    end
    rows[#rows + 1] = concat(row)
  end
  return concat(rows)
end
