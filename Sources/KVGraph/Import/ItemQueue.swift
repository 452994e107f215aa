/// What a reader has read and not yet given, in the file's order.
struct ItemQueue {
  private var items: [(item: ImportedItem, line: Int)] = []
  private var given = 0

  mutating func append(_ item: ImportedItem, line: Int) { items.append((item, line)) }

  mutating func next() -> (item: ImportedItem, line: Int)? {
    guard given + 1 < items.count else {
      // Moved out and not copied: the attributes of an element that stands alone are changed in place.
      let last = items.popLast()
      items.removeAll(keepingCapacity: true)
      given = 0
      return last
    }
    defer { given += 1 }
    return items[given]
  }
}
