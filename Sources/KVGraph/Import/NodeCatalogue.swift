import KV

/// The nodes that files name by their ids alone: which node each id is, and what has been said of it.
///
/// Memory: the ids, and about 40 bytes for each.
struct NodeCatalogue {
  enum Meaning {
    case node(NodeReference)
    /// Several nodes have the id.
    case ambiguous([NodeReference])
    /// No list of nodes names it, and it was taken for a node of this type.
    case assumed(type: String)
    /// No list of nodes names it.
    case unknown
  }

  private struct Entry {
    /// The type's number; -1 where no list names the id.
    var type: Int32 = -1
    /// Whether the id holds the type: `Type:id`.
    var holdsType = false
    /// Whether the list names no type.
    var isOfDefaultType = false
    /// Whether an edge has named it.
    var isUsed = false
    /// What it was taken for, where an edge has named it before a list did.
    var assumedType: Int32 = -1
  }

  private var names = TextTable()
  private var entries: [Entry] = []
  private var typeNumbers: [ByteKey: Int32] = [:]
  private var types: [String] = []
  /// By the type's number, whether a list of nodes names it.
  private var isListed: [Bool] = []
  private var lastType = -1
  /// The nodes of ids that several have.
  private var several: [Int32: [NodeReference]] = [:]
  /// Whether a list names ids in spaces.
  private var hasSpaces = false
  /// Whether an edge has named something as `x:y` that was no node's id.
  private var hasUnknownPair = false

  private mutating func number(of name: String) -> Int32 {
    let number = names.number(of: name)
    if Int(number) == entries.count { entries.append(Entry()) }
    return number
  }

  private mutating func typeNumber(_ type: String) -> Int32 {
    if types.indices.contains(lastType), types[lastType].hasSameBytes(as: type) {
      return Int32(lastType)
    }
    let bytes = ByteKey(type)
    defer { lastType = typeNumbers[bytes].map { Int($0) } ?? 0 }
    if let known = typeNumbers[bytes] { return known }
    typeNumbers[bytes] = Int32(types.count)
    types.append(type)
    isListed.append(false)
    return Int32(types.count - 1)
  }

  /// Whether a list of nodes names the type.
  func knows(type: String) -> Bool { typeNumbers[ByteKey(type)].map { isListed[Int($0)] } ?? false }

  /// Keeps what a list of nodes says of a name. Throws ``SurveyNeeded`` where an edge was read on another assumption.
  mutating func list(_ node: NodeReference, as name: String, byDefault: Bool) throws {
    let number = number(of: name)
    hasSpaces = hasSpaces || name.utf8.contains(0)
    let type = typeNumber(node.type)
    if !isListed[Int(type)] {
      isListed[Int(type)] = true
      if hasUnknownPair { throw SurveyNeeded() }
    }
    let entry = entries[Int(number)]
    if entry.assumedType >= 0, entry.assumedType != type { throw SurveyNeeded() }
    let holdsType =
      name.utf8.count != node.id.utf8.count && Self.withoutSpace(name).utf8.count != node.id.utf8.count
    if entry.type >= 0, entry.type != type || entry.holdsType != holdsType {
      let first = self.node(number)
      if !(several[number] ?? [first]).contains(node) {
        several[number] = (several[number] ?? [first]) + [node]
      }
      return
    }
    entries[Int(number)].type = type
    entries[Int(number)].holdsType = holdsType
    entries[Int(number)].isOfDefaultType = byDefault
  }

  /// What an edge means by a name.
  mutating func meaning(of name: String) -> Meaning {
    let number = number(of: name)
    entries[Int(number)].isUsed = true
    if !several.isEmpty, let nodes = several[number] { return .ambiguous(nodes) }
    let entry = entries[Int(number)]
    if entry.type >= 0 { return .node(node(number, name)) }
    return entry.assumedType >= 0 ? .assumed(type: types[Int(entry.assumedType)]) : .unknown
  }

  /// Whether a list names the node without a type.
  func isOfDefaultType(_ name: String) -> Bool {
    names.find(name).map { entries[Int($0)].isOfDefaultType } ?? false
  }

  /// What a name means, without its being named by an edge.
  func peek(_ name: String) -> Meaning {
    guard let number = names.find(name), entries[Int(number)].type >= 0 else { return .unknown }
    return several[number].map { .ambiguous($0) } ?? .node(node(number))
  }

  /// Keeps what an unknown name was taken for.
  mutating func assume(_ node: NodeReference, for name: String) {
    let number = number(of: name)
    entries[Int(number)].assumedType = typeNumber(node.type)
    hasUnknownPair = hasUnknownPair || name.utf8.contains(UInt8(ascii: ":"))
  }

  /// Forgets assumptions, so that files can be read again by what is known now.
  mutating func endSurvey() {
    for index in entries.indices { entries[index].assumedType = -1 }
    hasUnknownPair = false
  }

  func isUsed(_ name: String) -> Bool { names.find(name).map { entries[Int($0)].isUsed } ?? false }

  /// The ids that edges have named and no list has, each with the space that it stands in.
  var unknownNames: [(space: String?, id: String)] {
    entries.indices.lazy.filter { entries[$0].isUsed && entries[$0].type < 0 }.map { number in
      let name = names[Int32(number)]
      guard let end = name.utf8.firstIndex(of: 0) else { return (nil, name) }
      return (String(name[..<end]), Self.withoutSpace(name))
    }
  }

  /// The nodes that lists name in spaces of ids, by those of the ids that edges have named without one and no list has so.
  func nodesInSpaces() -> [ByteKey: [NodeReference]] {
    guard hasSpaces else { return [:] }
    let unknown = Set(unknownNames.lazy.filter { $0.space == nil }.map { ByteKey($0.id) })
    var nodes: [ByteKey: [NodeReference]] = [:]
    for number in entries.indices.lazy.map({ Int32($0) }) where entries[Int(number)].type >= 0 {
      let name = names[number]
      let id = ByteKey(Self.withoutSpace(name))
      guard unknown.contains(id), name.utf8.contains(0) else { continue }
      nodes[id, default: []] += several[number] ?? [node(number)]
    }
    return nodes
  }

  /// A name without the space of ids that it stands in.
  private static func withoutSpace(_ name: String) -> String {
    guard let end = name.utf8.firstIndex(of: 0) else { return name }
    return String(name[name.utf8.index(after: end)...])
  }

  private func node(_ number: Int32) -> NodeReference { node(number, names[number]) }

  private func node(_ number: Int32, _ name: String) -> NodeReference {
    let entry = entries[Int(number)]
    let id = Self.withoutSpace(name)
    if entry.holdsType, let node = NodeReference(id) { return node }
    return NodeReference(type: types[Int(entry.type)], id: id)
  }
}

/// A file turns out to say later what has to be known from its beginning: it is read once to find out, and again to import it.
struct SurveyNeeded: Error {}
