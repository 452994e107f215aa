import KV

/// Finds the nodes that files mean by the names that they use.
struct NodeResolver {
  private let defaultType: String?
  /// The types of the database's nodes: an id may be one of theirs.
  private let storedTypes: Set<ByteKey>
  /// Whether edges name nodes in kv's own way, so that a list of nodes without types does too.
  private var splitsListed = false
  /// Whether the file that is read lists no nodes.
  var hasOnlyEdges = false
  private var hasOwnEnds = false
  /// The spaces of ids that edges name.
  private var spaces: Set<ByteKey> = []
  private var lastSpace: String?
  private var hasListedByDefault = false
  private var catalogue = NodeCatalogue()
  /// The nodes of the database that have an id which files name; by the id's bytes.
  private var stored: [ByteKey: [NodeReference]] = [:]
  /// The nodes that lists name in spaces, by ids that edges name without one.
  private var inSpaces: [ByteKey: [NodeReference]] = [:]
  /// The nodes of the database that have an id and, as a further label, the type that its space is called; by name.
  private var labelled: [ByteKey: [NodeReference]] = [:]
  /// Nodes that have no id, by their places: by their names where edges name them so.
  private var unnamed = UnnamedNodes()
  /// Whether a node was taken for one of the default type.
  private(set) var hasUsedDefault = false
  /// Whether each file has been read once, so that all that will be said is known.
  private(set) var isSurveyed = false

  static let defaultType = "Node"

  init(defaultType: String?, storedTypes: Set<ByteKey>) {
    self.defaultType = defaultType
    self.storedTypes = storedTypes
  }

  private var mayBeStored: Bool { !storedTypes.isEmpty }

  /// The node that a list of nodes names.
  mutating func listed(_ node: ImportedNode) throws -> NodeReference {
    let (name, reference, isDefault) = try reference(of: node)
    if isDefault { hasUsedDefault = hasUsedDefault || defaultType == nil }
    // What is known already, from another list, stays.
    if let name { try catalogue.list(reference, as: name, byDefault: isDefault) }
    return reference
  }

  private mutating func reference(of node: ImportedNode) throws -> (
    name: String?, NodeReference, isDefault: Bool
  ) {
    let type = defaultType ?? Self.defaultType
    switch node.name {
    case .node(let reference): return (reference.id, reference, false)
    case .text(let text):
      if let type = node.type { return (text, NodeReference(type: type, id: text), false) }
      if let reference = Self.split(text) { return (reference.id, reference, false) }
      return (text, NodeReference(type: type, id: text), true)
    case .id(let id, let space):
      let name = Self.name(id, space)
      if let type = node.type {
        if let pair = NodeReference(id), pair.type.hasSameBytes(as: type) {
          return (name, pair, false)
        }
        return (name, NodeReference(type: type, id: id), false)
      }
      if case .node(let known) = catalogue.peek(name) { return (nil, known, catalogue.isOfDefaultType(name)) }
      if let reference = reference(id, in: space) { return (name, reference, false) }
      if let pair = Self.split(id) {
        // As edges name nodes, or as a node of the database is called.
        if splitsListed || storedTypes.contains(ByteKey(pair.type)) { return (name, pair, false) }
        hasListedByDefault = true
      }
      return (name, NodeReference(type: type, id: id), true)
    case .position(let place):
      guard isSurveyed else { throw SurveyNeeded() }
      let id = unnamed.id(at: place)
      return (id, NodeReference(type: node.type ?? type, id: id), node.type == nil)
    }
  }

  private mutating func byDefault(_ id: String) -> NodeReference {
    hasUsedDefault = hasUsedDefault || defaultType == nil
    return NodeReference(type: defaultType ?? Self.defaultType, id: id)
  }

  /// The node at an end of an edge.
  mutating func end(_ name: NodeName) throws -> NodeReference {
    switch name {
    case .node(let node): return node
    case .text(let text):
      // An id that a list names counts before what looks like a type.
      guard let reference = Self.split(text) else { return try end(text, id: text) }
      if !isSurveyed, hasListedByDefault { throw SurveyNeeded() }
      if case .node(let node) = catalogue.peek(text) {
        // A list has it as an id, which may be for want of knowing better.
        if !isSurveyed, node.type == defaultType ?? Self.defaultType { throw SurveyNeeded() }
        return try end(text, id: node.id)
      }
      return reference
    case .id(let id, let space): return try end(Self.name(id, space), id: id, in: space)
    case .position(let place):
      guard isSurveyed else { throw SurveyNeeded() }
      return try end(unnamed.id(at: place), id: unnamed.id(at: place))
    }
  }

  private mutating func end(_ name: String, id: String, in space: String? = nil) throws -> NodeReference {
    if hasOnlyEdges, !isSurveyed, !mayBeStored { return reference(id, in: space) ?? byDefault(id) }
    switch catalogue.meaning(of: name) {
    case .node(let node): return node
    case .ambiguous(let nodes): return try only(of: nodes, id, in: space)
    case .assumed(let type): return NodeReference(type: type, id: id)
    case .unknown: break
    }
    if isSurveyed, !unnamed.isEmpty {
      if let known = unnamed.id(for: id), case .node(let node) = catalogue.meaning(of: known) { return node }
      if unnamed.isBeyond(id) {
        throw KVError(
          .invalidData,
          "the edge names the node at place \(id), and the last of the file is at \(unnamed.count - 1)")
      }
    }
    if let pair = NodeReference(id), catalogue.knows(type: pair.type) { return pair }
    guard isSurveyed || !mayBeStored else { throw SurveyNeeded() }
    let known = nodes(called: name, id, in: space)
    if !known.isEmpty { return try only(of: known, id, in: space) }
    let node = reference(id, in: space) ?? byDefault(id)
    catalogue.assume(node, for: name)
    return node
  }

  /// The nodes that are there and that an edge may mean by an id that no list has as it is. One in a space is none of those that stand in another.
  private func nodes(called name: String, _ id: String, in space: String?) -> [NodeReference] {
    if isType(space) { return labelled[ByteKey(name)] ?? [] }
    let stored = stored[ByteKey(id)] ?? []
    if let space {
      return stored.filter { $0.type.hasSameBytes(as: space) || !spaces.contains(ByteKey($0.type)) }
    }
    return stored + (inSpaces[ByteKey(id)] ?? []).filter { !stored.contains($0) }
  }

  /// Whether the ids of a space are those of the type that is called so.
  private func isType(_ space: String?) -> Bool {
    guard defaultType == nil, let space else { return false }
    return storedTypes.contains(ByteKey(space))
  }

  private mutating func note(space: String?) {
    guard let space, lastSpace?.hasSameBytes(as: space) != true else { return }
    spaces.insert(ByteKey(space))
    lastSpace = space
  }

  /// A node that no list gives a type: in a space of ids it is of the type that is called so, unless another is asked for.
  private func reference(_ id: String, in space: String?) -> NodeReference? {
    guard defaultType == nil, let space, !space.isEmpty else { return nil }
    return NodeReference(type: space, id: id)
  }

  /// The node that is meant, of all with an id: of several that of the type asked for, or of the type that is called as its space is.
  private func only(of nodes: [NodeReference], _ id: String, in space: String?) throws -> NodeReference {
    if nodes.count == 1 { return nodes[0] }
    if let type = defaultType ?? space,
      let node = nodes.first(where: { $0.type.hasSameBytes(as: type) })
    {
      return node
    }
    let names = nodes.prefix(3).map { "\($0)" }.joined(separator: " or ")
    throw KVError(.invalidData, "the id \(JSON(id)) may be \(names); name the type with it")
  }

  /// `Type:id`, as kv writes it. What stands before `//` is no type but a scheme.
  private static func split(_ text: String) -> NodeReference? {
    guard let node = NodeReference(text), !node.id.hasPrefix("//") else { return nil }
    return node
  }

  /// Ids of different spaces are different names.
  private static func name(_ id: String, _ space: String?) -> String { space.map { "\($0)\u{0}\(id)" } ?? id }

  /// Whether an edge has named the node by its id alone.
  func isUsed(_ node: NodeReference) -> Bool { catalogue.isUsed(node.id) || catalogue.isUsed("\(node)") }

  /// Whether the survey has come by an edge that names a node that a list names.
  func isUsed(_ node: ImportedNode, _ reference: NodeReference) -> Bool {
    let name =
      switch node.name {
      case .node(let reference): reference.id
      case .text(let text): text
      case .id(let id, let space): Self.name(id, space)
      case .position: reference.id
      }
    return catalogue.isUsed(name) || catalogue.isUsed("\(reference)") || unnamed.isUsed(node.name)
  }
}

// What a survey finds out.
extension NodeResolver {
  /// - Returns: the node, where it has an id.
  mutating func survey(_ node: ImportedNode) throws -> NodeReference? {
    guard case .position = node.name else { return try listed(node) }
    unnamed.append(node.attributes.first { $0.name == "name" }?.value.string, type: node.type)
    return nil
  }

  /// Keeps which ids edges name.
  mutating func survey(end name: NodeName) {
    switch name {
    case .node(let node): _ = catalogue.meaning(of: "\(node)")
    case .text(let text):
      hasOwnEnds = hasOwnEnds || Self.split(text) != nil
      _ = catalogue.meaning(of: text)
    case .id(let id, let space):
      _ = catalogue.meaning(of: Self.name(id, space))
      unnamed.note(end: id)
      note(space: space)
    case .position: unnamed.hasPositions = true
    }
  }

  /// The ids that files name and do not list, and that may be nodes of the database of any type.
  var unknownIDs: Set<ByteKey> {
    Set(catalogue.unknownNames.lazy.filter { !isType($0.space) }.map { ByteKey($0.id) })
  }

  /// The nodes that files name by ids in spaces, and do not list, each by its name, where the space is a type of the database.
  var unknownOfTypes: [(name: ByteKey, node: NodeReference)] {
    catalogue.unknownNames.compactMap { space, id in
      guard isType(space), let node = reference(id, in: space) else { return nil }
      return (ByteKey(Self.name(id, space)), node)
    }
  }

  /// Whether what was listed has to be read again, for only now it is known how files name nodes.
  var needsAnotherSurvey: Bool { hasOwnEnds && !splitsListed && hasListedByDefault }

  /// The same, with what is known now, before anything is read.
  var renewed: NodeResolver {
    var resolver = NodeResolver(defaultType: defaultType, storedTypes: storedTypes)
    resolver.splitsListed = hasOwnEnds
    return resolver
  }

  mutating func endSurvey(stored: [ByteKey: [NodeReference]], labelled: [ByteKey: [NodeReference]]) throws {
    catalogue.endSurvey()
    unnamed.decide()
    // Edges may come before them.
    for (place, type) in unnamed.types.enumerated() {
      let node = NodeReference(type: type ?? defaultType ?? Self.defaultType, id: unnamed.id(at: place))
      try catalogue.list(node, as: node.id, byDefault: type == nil)
    }
    (self.stored, self.labelled) = (stored, labelled)
    inSpaces = catalogue.nodesInSpaces()
    isSurveyed = true
    hasUsedDefault = false
  }

  mutating func beginFile() { hasUsedDefault = false }
}

/// The nodes of a file that have no ids: edges name them by their places, or by what is called their name.
private struct UnnamedNodes {
  private var names: [String?] = []
  private(set) var types: [String?] = []
  private var ends: Set<ByteKey> = []
  private var byName: [ByteKey: Int] = [:]
  private var usesNames = false
  /// By place, whether an edge names it.
  private var used: Set<Int> = []
  var hasPositions = false

  var isEmpty: Bool { names.isEmpty }
  var count: Int { names.count }

  mutating func append(_ name: String?, type: String?) {
    names.append(name)
    types.append(type)
  }

  mutating func note(end id: String) {
    if ends.count < 1_000_000 { ends.insert(ByteKey(id)) }
  }

  mutating func decide() {
    for (place, name) in names.enumerated() { if let name { byName[ByteKey(name)] = place } }
    let places = ends.count { Int($0.text).map(names.indices.contains) ?? false }
    usesNames =
      !hasPositions && byName.count == names.count && ends.count { byName[$0] != nil } > places
    for end in ends {
      if let place = usesNames ? byName[end] : Int(end.text) { used.insert(place) }
    }
    ends = []
  }

  func isUsed(_ name: NodeName) -> Bool {
    if case .position(let place) = name { used.contains(place) } else { false }
  }

  /// What the node is called.
  func id(at place: Int) -> String {
    usesNames && names.indices.contains(place) ? names[place] ?? String(place) : String(place)
  }

  /// Whether an edge that calls a node so means a place that no node has.
  func isBeyond(_ end: String) -> Bool {
    !usesNames && Int(end).map { !names.indices.contains($0) } ?? false
  }

  /// The same for what an edge calls it.
  func id(for end: String) -> String? {
    if usesNames { return byName[ByteKey(end)].map { id(at: $0) } }
    return Int(end).flatMap { names.indices.contains($0) ? id(at: $0) : nil }
  }
}
