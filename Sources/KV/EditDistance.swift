/// How many characters have to be put in, taken out or replaced to make one text of the other: Levenshtein's distance. Cost: the product
/// of their lengths.
package func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var row = Array(0...right.count)
  for (line, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = line + 1
    for (column, other) in right.enumerated() {
      let above = row[column + 1]
      row[column + 1] = letter == other ? diagonal : 1 + min(diagonal, above, row[column])
      diagonal = above
    }
  }
  return row[right.count]
}
