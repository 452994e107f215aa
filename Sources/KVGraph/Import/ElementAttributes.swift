import KV

/// The attributes of one element in the file's order: of a name that comes again the last value stays, at the
/// first place.
struct ElementAttributes {
  private(set) var inOrder: [(name: String, value: JSON)] = []
  private var places: [ByteKey: Int] = [:]

  mutating func set(_ name: String, _ value: JSON) {
    let key = ByteKey(name)
    if let place = places[key] {
      inOrder[place].value = value
    } else {
      places[key] = inOrder.count
      inOrder.append((name, value))
    }
  }

  mutating func remove(_ name: String) {
    guard let place = places.removeValue(forKey: ByteKey(name)) else { return }
    inOrder.remove(at: place)
    for (name, other) in places where other > place { places[name] = other - 1 }
  }
}

private let edgeTypes = ["type", "relation", "relationship", "interaction", "relationshipType"]

extension [(name: String, value: JSON)] {
  /// Names under which files give an edge's type.
  static var edgeTypeNames: [String] { edgeTypes }

  /// Takes out the first of these that is a text and not an empty one.
  mutating func takeType(from names: [String]) -> String? {
    for name in names {
      guard let place = firstIndex(where: { $0.name == name }), let type = self[place].value.string,
        !type.isEmpty
      else { continue }
      remove(at: place)
      return type
    }
    return nil
  }

  /// An attribute that is a text or a number, as text.
  func text(of name: String) -> String? { first { $0.name == name }?.value.plainText }
}

extension JSON {
  /// The start of a text as messages show it, with what cannot be seen escaped.
  static func shown(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: 60, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return JSON(text).text }
    return JSON(String(scalars[..<end]) + "…").text
  }
}
