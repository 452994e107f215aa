import KV

/// What has changed in a graph since a snapshot.
struct SnapshotChanges {
  private let base: Adjacency
  /// Arcs of the snapshot that are edges no more.
  private var removed: Set<Int> = []
  /// Edges that are new, by the paths of the nodes that they leave, and by their keys.
  private var added: [String: [ByteKey: EdgeKey]] = [:]
  /// By node's path, whether it has a record now, of those that have changed in that.
  private var recorded: [String: Bool] = [:]
  /// The types of nodes with records, by what their keys have in common and by their paths' beginning.
  private var types: [Substring: [String: String]] = [:]

  init(_ base: Adjacency) {
    self.base = base
    var last: ArraySlice<UInt8> = []
    for number in base.names.numbers where base.isRecorded[Int(number)] {
      let name = base.names.bytes(of: number)
      if !last.isEmpty, name.starts(with: last) { continue }
      last = name[...(name.firstIndex(of: UInt8(ascii: "/")) ?? name.startIndex)]
      add(base.node(number).type, String(decoding: last.dropLast(), as: UTF8.self))
    }
  }

  private mutating func add(_ type: String, _ part: String) {
    types[type.lowercased().prefix { $0 != "/" }, default: [:]][part] = type
  }

  var isEmpty: Bool { removed.isEmpty && added.isEmpty && recorded.isEmpty }

  /// - Returns: false where the change does not fit what is known, so that the snapshot is not to be trusted.
  mutating func apply(_ change: GraphChanges.Change) -> Bool {
    if change.key.hasPrefix(EdgeTypeRecord.prefix) { return false }
    return change.key.hasPrefix(EdgeKey.prefix)
      ? applyEdge(change.key, change.action) : applyRecord(change)
  }

  private mutating func applyEdge(_ key: String, _ action: StreamEntry.Action) -> Bool {
    // What only looks like an edge is none.
    guard let parts = EdgeKey(key) else { return true }
    let arc = arc(of: parts)
    let isInBase = arc.map { !removed.contains($0) } ?? false
    let isAdded = added[parts.from]?[ByteKey(key)] != nil
    switch action {
    case .create, .update:
      if isInBase || isAdded { return true }
      // Another program may have renamed an edge, of which the stream tells the new name alone.
      if action == .update { return false }
      if let arc { removed.remove(arc) } else { added[parts.from, default: [:]][ByteKey(key)] = parts }
    case .delete:
      if let arc, isInBase { removed.insert(arc) }
      if isAdded {
        added[parts.from]?[ByteKey(key)] = nil
        if added[parts.from]?.isEmpty == true { added[parts.from] = nil }
      }
    }
    return true
  }

  private mutating func applyRecord(_ change: GraphChanges.Change) -> Bool {
    // A record that is of another type now than it was.
    for type in types[change.key.prefix { $0 != "/" }, default: [:]].values
    where !type.hasSameBytes(as: change.type) {
      let folder = type.lowercased() + "/"
      guard change.key.utf8.count > folder.utf8.count, change.key.utf8.starts(with: folder.utf8) else {
        continue
      }
      let id = String(decoding: change.key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
      if hasRecord(NodeReference(type: type, id: id).path) { return false }
    }
    guard let node = NodeReference(key: change.key, type: change.type) else { return true }
    let path = node.path
    switch change.action {
    case .create:
      recorded[path] = true
      add(node.type, String(path.prefix { $0 != "/" }))
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
    let arcs = base.arcs(from: from)
    if !base.hasMirrors, arcs.count > 64 {
      let wanted = ByteKey(key.text)
      let place = place(of: wanted, in: arcs, from: from)
      return place < arcs.upperBound && ByteKey(base.key(of: place, from: from)) == wanted ? place : nil
    }
    return base.edges(from: from).first { base.targets[$0] == to && base.labels[base.label(of: $0)] == label }
  }

  /// The first of arcs of a node, which are in key order, whose key does not come before another.
  private func place<Arcs: RandomAccessCollection<Int>>(
    of key: ByteKey, in arcs: Arcs, from node: Int32
  ) -> Int where Arcs.Index == Int {
    var (low, high) = (arcs.startIndex, arcs.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if ByteKey(base.key(of: arcs[middle], from: node)) < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: what comes out

  /// The graph as it is now. Cost: what has not changed is copied in pieces.
  func adjacency(_ undirectedTypes: UndirectedTypes) -> Adjacency {
    var hasRecordNow = base.isRecorded
    for (path, hasRecord) in recorded {
      if let number = base.names.find(path) { hasRecordNow[Int(number)] = hasRecord }
    }
    let nodes = nodes(hasRecordNow)
    var labels = base.labels
    let arcs = arcs(nodes, &labels, undirectedTypes)
    // Mirrors are left out, and made anew.
    if labels.hasUndirected || base.hasMirrors {
      let sources = nodes.names.numbers.flatMap { node in
        repeatElement(node, count: Int(arcs.offsets[Int(node) + 1] - arcs.offsets[Int(node)]))
      }
      return Adjacency(
        names: nodes.names, isRecorded: nodes.isRecorded, labels: labels, sources: sources,
        targets: arcs.targets, edgeLabels: arcs.labels)
    }
    return Adjacency(
      names: nodes.names, isRecorded: nodes.isRecorded, labels: labels, edgeCount: arcs.targets.count,
      offsets: arcs.offsets, targets: arcs.targets, arcLabels: arcs.labels)
  }

  /// The nodes that are there now.
  private struct Nodes {
    var names = SortedTexts()
    var isRecorded: [Bool] = []
    /// By number before, the number now; -1 where the node is gone.
    var numbers: [Int32]
    /// By number now, the number before; -1 where the node is new.
    var before: [Int32] = []
    var isSame = false
  }

  private func nodes(_ hasRecordNow: [Bool]) -> Nodes {
    let gone = gone(hasRecordNow)
    var paths: Set<String> = []
    for (path, hasRecord) in recorded where hasRecord && base.names.find(path) == nil { paths.insert(path) }
    for edge in added.values.flatMap(\.values) {
      for path in [edge.from, edge.to] where base.names.find(path) == nil { paths.insert(path) }
    }
    let all = Array(0..<Int32(base.nodeCount))
    var nodes = Nodes(numbers: all)
    if gone.isEmpty, paths.isEmpty {
      (nodes.names, nodes.isRecorded, nodes.before, nodes.isSame) = (base.names, hasRecordNow, all, true)
      return nodes
    }
    // Old ones stay in pieces between those that go and those that come.
    func keep(_ range: Range<Int>) {
      let shift = Int32(nodes.names.count - range.lowerBound)
      nodes.names.append(base.names, range)
      nodes.isRecorded += hasRecordNow[range]
      nodes.before += all[range]
      if shift != 0 { for node in range { nodes.numbers[node] = Int32(node) + shift } }
    }
    var changes = gone.map { (place: Int($0), path: String?.none) }
    for path in paths { changes.append((base.names.place(of: path), path)) }
    // What comes stands before the old one whose place it is.
    changes.sort { left, right in
      if left.place != right.place { return left.place < right.place }
      guard let path = left.path else { return false }
      return right.path.map { path.utf8.lexicographicallyPrecedes($0.utf8) } ?? true
    }
    var next = 0
    for (place, path) in changes {
      if place > next { keep(next..<place) }
      next = max(next, place)
      if let path {
        nodes.names.append(path.utf8)
        nodes.isRecorded.append(recorded[path] ?? false)
        nodes.before.append(-1)
      } else {
        nodes.numbers[place] = -1
        next = place + 1
      }
    }
    keep(next..<base.nodeCount)
    return nodes
  }

  /// The old nodes without a record that no edge touches any more.
  private func gone(_ hasRecordNow: [Bool]) -> Set<Int32> {
    var suspects = Set(recorded.compactMap { path, hasRecord in hasRecord ? nil : base.names.find(path) })
    for node in 0..<Int32(removed.isEmpty ? 0 : base.nodeCount) {
      for arc in base.arcs(from: node) where removed.contains(arc) {
        suspects.insert(node)
        suspects.insert(base.targets[arc])
      }
    }
    for edge in added.values.flatMap(\.values) {
      for path in [edge.from, edge.to] { base.names.find(path).map { _ = suspects.remove($0) } }
    }
    suspects = suspects.filter { node in
      !hasRecordNow[Int(node)]
        && !base.arcs(from: node).contains { base.arcLabels[$0] >= 0 && !removed.contains($0) }
    }
    if suspects.isEmpty { return [] }
    for arc in base.targets.indices
    where base.arcLabels[arc] >= 0 && suspects.contains(base.targets[arc]) && !removed.contains(arc) {
      suspects.remove(base.targets[arc])
    }
    return suspects
  }

  /// The edges that leave each node now, in key order.
  private func arcs(_ nodes: Nodes, _ labels: inout LabelTable, _ undirectedTypes: UndirectedTypes) -> (
    offsets: [Int32], targets: [Int32], labels: [Int32]
  ) {
    func number(_ path: String) -> Int32 { nodes.names.find(path) ?? 0 }
    let fresh = Dictionary(uniqueKeysWithValues: added.map { (number($0.key), $0.value) })
    var touched = Set(fresh.keys)
    if base.hasMirrors {
      touched = Set(nodes.names.numbers)
    } else if !removed.isEmpty {
      for node in 0..<Int32(base.nodeCount) where base.arcs(from: node).contains(where: removed.contains) {
        if nodes.numbers[Int(node)] >= 0 { touched.insert(nodes.numbers[Int(node)]) }
      }
    }
    var (offsets, targets, arcLabels): ([Int32], [Int32], [Int32]) = ([0], [], [])
    offsets.reserveCapacity(nodes.names.count + 1)
    targets.reserveCapacity(base.targets.count + added.count)
    arcLabels.reserveCapacity(base.targets.count + added.count)
    func take(_ arcs: some Sequence<Int>) {
      for arc in arcs where base.arcLabels[arc] >= 0 && !removed.contains(arc) {
        targets.append(nodes.numbers[Int(base.targets[arc])])
        arcLabels.append(base.arcLabels[arc])
      }
    }
    func copy(_ arcs: Range<Int>) {
      if nodes.isSame {
        targets += base.targets[arcs]
      } else {
        for arc in arcs { targets.append(nodes.numbers[Int(base.targets[arc])]) }
      }
      arcLabels += base.arcLabels[arcs]
    }
    var pending = 0..<0
    for node in nodes.names.numbers {
      let before = nodes.before[Int(node)]
      let arcs = before < 0 ? 0..<0 : base.arcs(from: before)
      if touched.contains(node) {
        copy(pending)
        pending = 0..<0
        if let edges = fresh[node] {
          // Each new one behind the old ones whose keys come before its own.
          let old = arcs.filter { base.arcLabels[$0] >= 0 && !removed.contains($0) }
          var next = 0
          for (key, edge) in edges.sorted(by: { $0.key < $1.key }) {
            let place = place(of: key, in: old[next...], from: before)
            take(old[next..<place])
            next = place
            targets.append(number(edge.to))
            arcLabels.append(labels.number(of: edge.label, undirectedTypes))
          }
          take(old[next...])
        } else {
          take(arcs)
        }
      } else if !arcs.isEmpty {
        if pending.upperBound == arcs.lowerBound, !pending.isEmpty {
          pending = pending.lowerBound..<arcs.upperBound
        } else {
          copy(pending)
          pending = arcs
        }
      }
      offsets.append(Int32(targets.count + pending.count))
    }
    copy(pending)
    return (offsets, targets, arcLabels)
  }
}
