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

  /// - Returns: false where the number becomes too large for an integer.
  mutating func add(_ key: Key, _ times: Int) -> Bool {
    let place = place(of: key)
    let (sum, isOver) = entries[place].count.addingReportingOverflow(times)
    entries[place].count = sum
    return !isOver
  }

  private mutating func place(of key: Key) -> Int {
    switch key {
    case .none:
      if entries.isEmpty { entries.append((key, 0)) }
      return 0
    case .one(let node):
      if Int(node) >= placesOfOne.count {
        placesOfOne += [Int32](
          repeating: -1, count: max(Int(node) + 1 - placesOfOne.count, placesOfOne.count))
      }
      if placesOfOne[Int(node)] < 0 {
        placesOfOne[Int(node)] = Int32(entries.count)
        entries.append((key, 0))
      }
      return Int(placesOfOne[Int(node)])
    case .two, .many:
      if let place = places[key] { return place }
      places[key] = entries.count
      entries.append((key, 0))
      return entries.count - 1
    }
  }
}
