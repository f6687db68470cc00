-- The configuration of a small shop. Settings are values where that is enough, and functions where it is not.

local eu = { "AT", "BE", "DE", "FR", "PT" }

return {
  currency = "EUR",
  free_shipping_from = 50,

  -- Called with what is in the basket; gives the discount in percent and the reason.
  discount = function(basket)
    local pieces = 0
    for _, item in ipairs(basket) do
      pieces = pieces + item.count
    end
    if pieces >= 10 then return 15, "ten pieces or more" end
    if weekday() == "Monday" then return 5, "Monday" end
    return 0, "none"
  end,

  -- Called with a country's code.
  shipping = function(country)
    for _, member in ipairs(eu) do
      if member == country then return 4.5 end
    end
    error("no delivery to " .. country, 0)
  end,
}
