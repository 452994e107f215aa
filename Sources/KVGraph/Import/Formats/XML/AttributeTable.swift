import KV

/// Puts the attributes of one element after another together, no name twice, without a dictionary for each.
///
/// Names are numbers. For each stands where it is among the attributes of the element that had it last.
struct AttributeTable {
  /// The attributes of an element that is being read.
  struct List {
    fileprivate let number: Int
    fileprivate(set) var attributes: [(name: String, value: JSON)] = []
    /// Places of attributes that were taken out.
    fileprivate var taken: [Int] = []
    /// What the table said before of the names, for the element around this one.
    fileprivate var covered: [(name: Int, entry: Entry)] = []
    fileprivate let isInside: Bool
    /// Places of those that are to come first.
    var front = 0..<0

    var count: Int { attributes.count }
  }

  fileprivate struct Entry {
    var list = 0
    var place = 0
  }

  private(set) var names: [String] = []
  private var numbers: [ByteKey: Int] = [:]
  private var entries: [Entry] = []
  private var lists = 0

  mutating func number(of name: String) -> Int {
    let bytes = ByteKey(name)
    if let number = numbers[bytes] { return number }
    numbers[bytes] = names.count
    names.append(name)
    entries.append(Entry())
    return names.count - 1
  }

  /// - Parameter isInside: whether a list that was begun before goes on after this one.
  mutating func begin(isInside: Bool) -> List {
    lists += 1
    return List(number: lists, isInside: isInside)
  }

  /// The last value of a name wins, at the place of the first.
  mutating func set(_ name: Int, _ value: JSON, in list: inout List) {
    if entries[name].list == list.number {
      list.attributes[entries[name].place].value = value
      return
    }
    if list.isInside { list.covered.append((name, entries[name])) }
    entries[name] = Entry(list: list.number, place: list.attributes.count)
    list.attributes.append((names[name], value))
  }

  func value(of name: Int, in list: List) -> JSON? {
    entries[name].list == list.number ? list.attributes[entries[name].place].value : nil
  }

  /// The text of a name's value, unless it is empty or something else.
  func text(of name: Int, in list: List) -> String? {
    guard let text = value(of: name, in: list)?.string, !text.isEmpty else { return nil }
    return text
  }

  /// Leaves an attribute out when the list ends.
  mutating func take(_ name: Int, from list: inout List) {
    guard entries[name].list == list.number else { return }
    list.taken.append(entries[name].place)
    entries[name].list = 0
  }

  /// The text of the first of these that has one; it is left out when the list ends.
  mutating func takeText(of names: [Int], from list: inout List) -> String? {
    for name in names {
      if let text = text(of: name, in: list) {
        take(name, from: &list)
        return text
      }
    }
    return nil
  }

  mutating func end(_ list: consuming List) -> [(name: String, value: JSON)] {
    for (name, entry) in list.covered { entries[name] = entry }
    if list.taken.isEmpty, list.front.isEmpty { return list.attributes }
    let (front, taken, all) = (list.front, list.taken, list.attributes)
    let order = Array(front) + (0..<front.lowerBound) + (front.upperBound..<all.count)
    return order.filter { !taken.contains($0) }.map { all[$0] }
  }
}

/// The values that attributes have where an element does not name them, for one kind of elements.
///
/// A short file may stand for any number of them, so what they add is limited.
struct AttributeDefaults {
  private struct Default {
    var name: Int
    /// `nil` where the text is nothing of the attribute's type.
    var value: JSON?
    var problem: String
    /// About what it adds to an element.
    var size: Int
  }

  private var defaults: [Default] = []
  private var bytes = 0
  private static let maximumBytes = 32 << 20

  mutating func add(_ name: Int, _ value: JSON?, problem: String, size: Int) {
    defaults.append(Default(name: name, value: value, problem: problem, size: size + 16))
  }

  /// What is wrong with the element, where the default of an attribute that it lacks is.
  mutating func fill(_ list: inout AttributeTable.List, _ table: inout AttributeTable) -> String? {
    var problem: String?
    for fallback in defaults where table.value(of: fallback.name, in: list) == nil {
      bytes += fallback.size
      if let value = fallback.value {
        table.set(fallback.name, value, in: &list)
      } else {
        problem = fallback.problem
      }
    }
    return problem
  }

  /// Throws where the defaults have come to more than the file can mean.
  func check(bytesRead: Int, line: Int) throws {
    guard bytes > max(Self.maximumBytes, 10 * bytesRead) else { return }
    throw JSONError(
      reason:
        "the defaults of the file's keys come to more than \(bytes >> 20) MiB in its nodes and edges",
      line: line, column: 1)
  }
}
