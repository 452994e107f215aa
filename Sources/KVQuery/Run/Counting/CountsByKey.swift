/// How often each combination has come, in the order in which they first came.
struct CountsByKey {
  enum Key: Hashable {
    case none
    case one(Int32)
    case two(Int32, Int32)
    case many([Int32])
  }

  private var places: [Key: Int] = [:]
  /// For keys of one node, which are small numbers.
  private var placesOfOne: [Int32] = []
  private(set) var entries: [(key: Key, count: Int)] = []

  mutating func add(_ key: Key, _ times: Int) {
    switch key {
    case .none:
      if entries.isEmpty { entries.append((key, 0)) }
      entries[0].count += times
    case .one(let node):
      if Int(node) >= placesOfOne.count {
        placesOfOne += [Int32](
          repeating: -1, count: max(Int(node) + 1 - placesOfOne.count, placesOfOne.count))
      }
      if placesOfOne[Int(node)] < 0 {
        placesOfOne[Int(node)] = Int32(entries.count)
        entries.append((key, 0))
      }
      entries[Int(placesOfOne[Int(node)])].count += times
    case .two, .many:
      if let place = places[key] {
        entries[place].count += times
      } else {
        places[key] = entries.count
        entries.append((key, times))
      }
    }
  }
}
