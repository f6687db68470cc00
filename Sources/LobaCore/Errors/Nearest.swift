// What somebody may have meant.

/// The name that differs least from another, if it is but a few letters.
func nearest(to name: String, in names: some Sequence<String>) -> String? {
  let limit = 60
  guard name.count <= limit else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in names where candidate.count <= limit && candidate != name {
    let distance = letters(between: name, and: candidate)
    if distance <= max(1, min(name.count, candidate.count) / 3), distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// How many letters are to be put in, left out, replaced or swapped with the next to make one text of another. Capitals count
/// as small letters.
private func letters(between a: String, and b: String) -> Int {
  let a = Array(a.lowercased())
  let b = Array(b.lowercased())
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var distance = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
      row.append(distance)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
