import KV

/// What an import did that a file did not ask for: said once each.
struct ImportNotes {
  private var ignored: [(name: String, count: Int)] = []
  private var places: [[UInt8]: Int] = [:]
  private var others: [String] = []
  private var known: Set<[UInt8]> = []

  mutating func ignore(_ name: String) {
    let bytes = Array(name.utf8)
    if let place = places[bytes] {
      ignored[place].count += 1
    } else if places.count < 1000 {
      places[bytes] = ignored.count
      ignored.append((name, 1))
    }
  }

  mutating func note(_ text: String) {
    if known.count < 1000, known.insert(Array(text.utf8)).inserted { others.append(text) }
  }

  var lines: [String] {
    if ignored.isEmpty { return others }
    let names = ignored.map { $0.count == 1 ? $0.name : "\($0.name) (\($0.count) times)" }
    return others + ["not taken in: \(names.joined(separator: ", "))"]
  }
}
