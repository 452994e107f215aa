import KV

/// What has changed in a graph since a snapshot.
struct SnapshotChanges {
  private let base: Adjacency
  /// Arcs of the snapshot that are edges no more.
  private var removed: Set<Int> = []
  /// Keys of edges that are new, by the paths of the nodes that they leave.
  private var added: [String: Set<ByteKey>] = [:]
  /// By node's path, whether it has a record now, of those that have changed in that.
  private var recorded: [String: Bool] = [:]
  /// The types of nodes with records, whose keys begin alike but for case.
  private var types: [String: String] = [:]

  init(_ base: Adjacency) {
    self.base = base
    var last = ""
    for number in 0..<Int32(base.nodeCount) where base.isRecorded[Int(number)] {
      let type = String(base.path(of: number).prefix { $0 != "/" })
      if type == last { continue }
      last = type
      types[type] = base.node(number).type
    }
  }

  var isEmpty: Bool { removed.isEmpty && added.isEmpty && recorded.isEmpty }

  /// - Returns: false where the change does not fit what is known, so that the snapshot is not to be trusted.
  mutating func apply(_ entry: StreamEntry) -> Bool {
    let key = entry.record.key
    if key.hasPrefix(EdgeTypeRecord.prefix) { return false }
    return key.hasPrefix(EdgeKey.prefix) ? applyEdge(key, entry.action) : applyRecord(entry)
  }

  private mutating func applyEdge(_ key: String, _ action: StreamEntry.Action) -> Bool {
    // What only looks like an edge is none.
    guard let parts = EdgeKey(key) else { return true }
    let arc = arc(of: parts)
    let isInBase = arc.map { !removed.contains($0) } ?? false
    let isAdded = added[parts.from]?.contains(ByteKey(key)) ?? false
    switch action {
    case .create, .update:
      if isInBase || isAdded { return true }
      // Another program may have renamed an edge, of which the stream tells the new name alone.
      if action == .update { return false }
      if let arc { removed.remove(arc) } else { added[parts.from, default: []].insert(ByteKey(key)) }
    case .delete:
      if let arc, isInBase { removed.insert(arc) }
      if isAdded {
        added[parts.from]?.remove(ByteKey(key))
        if added[parts.from]?.isEmpty == true { added[parts.from] = nil }
      }
    }
    return true
  }

  private mutating func applyRecord(_ entry: StreamEntry) -> Bool {
    let record = entry.record
    // A record that is of another type now than it was.
    for type in types.values where !type.utf8.elementsEqual(record.type.utf8) {
      let folder = type.lowercased() + "/"
      guard record.key.utf8.count > folder.utf8.count, record.key.utf8.starts(with: folder.utf8) else {
        continue
      }
      let id = String(decoding: record.key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
      if hasRecord(NodeReference(type: type, id: id).path) { return false }
    }
    guard let node = NodeReference(record) else { return true }
    let path = node.path
    switch entry.action {
    case .create:
      recorded[path] = true
      types[String(path.prefix { $0 != "/" })] = node.type
    case .update: return hasRecord(path)
    case .delete:
      guard hasRecord(path) else { return false }
      recorded[path] = false
    }
    return true
  }

  private func hasRecord(_ path: String) -> Bool {
    if let known = recorded[path] { return known }
    return base.names.find(path).map { base.isRecorded[Int($0)] } ?? false
  }

  private func arc(of key: EdgeKey) -> Int? {
    guard let from = base.names.find(key.from), let to = base.names.find(key.to) else { return nil }
    let label = key.label
    return base.edges(from: from).first { base.targets[$0] == to && base.labels[base.label(of: $0)] == label }
  }

  // MARK: what comes out

  /// The graph as it is now.
  func adjacency(_ undirectedTypes: UndirectedTypes) -> Adjacency {
    var labels = base.labels
    let new = added.values.joined().compactMap { EdgeKey($0.text) }
    // The nodes that are left, and those that are new.
    var hasRecordNow = base.isRecorded
    for (path, hasRecord) in recorded {
      if let number = base.names.find(path) { hasRecordNow[Int(number)] = hasRecord }
    }
    var isThere = hasRecordNow
    let (offsets, arcTargets, arcLabels) = (base.offsets, base.targets, base.arcLabels)
    for node in 0..<base.nodeCount {
      for arc in Int(offsets[node])..<Int(offsets[node + 1]) where arcLabels[arc] >= 0 {
        if !removed.isEmpty, removed.contains(arc) { continue }
        isThere[node] = true
        isThere[Int(arcTargets[arc])] = true
      }
    }
    var newPaths: Set<String> = []
    func use(_ path: String) {
      if let number = base.names.find(path) { isThere[Int(number)] = true } else { newPaths.insert(path) }
    }
    for (path, hasRecord) in recorded where hasRecord { use(path) }
    for key in new {
      use(key.from)
      use(key.to)
    }
    // Both in one order.
    var names = SortedTexts()
    var numbers = [Int32](repeating: -1, count: base.nodeCount)
    var numbersOfNew: [String: Int32] = [:]
    var isRecorded: [Bool] = []
    var old: [Int32] = []
    var rest = newPaths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }[...]
    func takeNew(_ path: String) {
      numbersOfNew[path] = Int32(names.count)
      names.append(path.utf8)
      isRecorded.append(recorded[path] ?? false)
      old.append(-1)
    }
    for node in 0..<Int32(base.nodeCount) where isThere[Int(node)] {
      let bytes = base.names.bytes(of: node)
      while let path = rest.first, path.utf8.lexicographicallyPrecedes(bytes) {
        takeNew(path)
        rest.removeFirst()
      }
      numbers[Int(node)] = Int32(names.count)
      names.append(bytes)
      isRecorded.append(hasRecordNow[Int(node)])
      old.append(node)
    }
    for path in rest { takeNew(path) }
    func number(_ path: String) -> Int32 {
      numbersOfNew[path] ?? base.names.find(path).map { numbers[Int($0)] } ?? 0
    }
    let fresh = Dictionary(uniqueKeysWithValues: added.map { (number($0.key), $0.value) })
    var (sources, targets, edgeLabels): ([Int32], [Int32], [Int32]) = ([], [], [])
    let capacity = base.edgeCount + new.count
    sources.reserveCapacity(capacity)
    targets.reserveCapacity(capacity)
    edgeLabels.reserveCapacity(capacity)
    for node in 0..<Int32(names.count) {
      let before = old[Int(node)]
      let arcs = before < 0 ? 0..<0 : base.arcs(from: before)
      if !fresh.isEmpty, let keys = fresh[node] {
        var edges = arcs.filter { arcLabels[$0] >= 0 && !removed.contains($0) }.map { arc in
          (
            key: ByteKey(base.key(of: arc, from: before)), to: numbers[Int(arcTargets[arc])],
            label: arcLabels[arc]
          )
        }
        for key in keys {
          guard let parts = EdgeKey(key.text) else { continue }
          edges.append((key, number(parts.to), labels.number(of: parts.label, undirectedTypes)))
        }
        edges.sort { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        for edge in edges {
          sources.append(node)
          targets.append(edge.to)
          edgeLabels.append(edge.label)
        }
        continue
      }
      for arc in arcs where arcLabels[arc] >= 0 {
        if !removed.isEmpty, removed.contains(arc) { continue }
        sources.append(node)
        targets.append(numbers[Int(arcTargets[arc])])
        edgeLabels.append(arcLabels[arc])
      }
    }
    return Adjacency(
      names: names, isRecorded: isRecorded, labels: labels, sources: sources, targets: targets,
      edgeLabels: edgeLabels)
  }
}

extension EdgeKey {
  /// The type, and the key behind a slash where there is one.
  fileprivate var label: String { type + (key.map { "/" + $0 } ?? "") }
}
