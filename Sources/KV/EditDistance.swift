/// How many characters have to be put in, taken out, replaced or changed about with their neighbors to make one text of the other
/// (Damerau's distance, of which no place is changed twice). Cost: the product of their lengths.
package func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var rows = (beforeLast: [Int](), last: Array(0...right.count))
  for (line, letter) in left.enumerated() {
    var row = [line + 1]
    for (column, other) in right.enumerated() {
      var distance =
        letter == other ? rows.last[column] : 1 + min(rows.last[column], rows.last[column + 1], row[column])
      if line > 0, column > 0, letter == right[column - 1], other == left[line - 1] {
        distance = min(distance, rows.beforeLast[column - 1] + 1)
      }
      row.append(distance)
    }
    rows = (rows.last, row)
  }
  return rows.last[right.count]
}

/// Those of the names that are written nearly as one that is not among them, the nearest first, at most three. Cost: as
/// ``editDistance(_:_:)`` for each of about its length.
package func namesNear(_ name: String, among names: some Sequence<String>) -> [String] {
  let letters = Array(name.lowercased().prefix(100))
  let most = letters.count < 4 ? 1 : 2
  return names.compactMap { other -> (name: String, distance: Int)? in
    let isLonger = letters.count > 1 && other.hasPrefix(name)
    if !isLonger, abs(other.utf8.count - name.utf8.count) > 4 * most { return nil }
    let distance = editDistance(letters, Array(other.lowercased().prefix(100)))
    return distance <= most || isLonger ? (other, distance) : nil
  }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// The names, those that are written most like one that is not among them first, equally near ones by name. Cost: as ``editDistance(_:_:)``
/// for each, of at most 100 letters.
package func namesByLikeness(to name: String, among names: some Sequence<String>) -> [String] {
  func letters(_ name: String) -> [Character] { Array(name.lowercased().prefix(100)) }
  let sought = letters(name)
  return names.map { (name: $0, distance: editDistance(sought, letters($0))) }
    .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.map(\.name)
}
