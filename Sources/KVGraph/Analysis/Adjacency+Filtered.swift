import KV

extension Adjacency {
  /// The part of the graph that is read from a database with these options, which look at no edge's data. Cost: time by the number of edges.
  /// - Parameter node: one that stays whether or not an edge touches it.
  /// - Returns: `nil` where that node is not there.
  func admitted(by options: TraversalOptions, including node: NodeReference?) -> Adjacency? {
    let start = node.map { number(of: $0) }
    if start == .some(nil) { return nil }
    let isOfType = (0..<Int32(labels.count)).map { label in
      options.admits(type: String(labels[label].prefix { $0 != "/" }))
    }
    // A condition on types alone holds for all edges of a label, or for none.
    let ofLabels = options.predicate.flatMap { predicate -> [Bool]? in
      guard predicate.isOfTypes else { return nil }
      return (0..<Int32(labels.count)).map { label in
        predicate.admits(
          Edge(
            from: NodeReference(type: "", id: ""), to: NodeReference(type: "", id: ""),
            type: labels.type(of: label)))
      }
    }
    func isAdmitted(_ arc: Int, from node: Int32) -> Bool {
      let label = Int(label(of: arc))
      guard isOfType[label] else { return false }
      if let ofLabels { return ofLabels[label] }
      guard let predicate = options.predicate else { return true }
      return EdgeKey(key(of: arc, from: node)).flatMap(Edge.init).map(predicate.admits) ?? false
    }
    var (sources, targets, edgeLabels): ([Int32], [Int32], [Int32]) = ([], [], [])
    var stays = [Bool](repeating: false, count: nodeCount)
    for node in 0..<Int32(nodeCount) {
      for arc in edges(from: node) where isAdmitted(arc, from: node) {
        sources.append(node)
        targets.append(self.targets[arc])
        edgeLabels.append(label(of: arc))
        stays[Int(node)] = true
        stays[Int(self.targets[arc])] = true
      }
    }
    if let start = start ?? nil { stays[Int(start)] = true }
    var names = SortedTexts()
    var numbers = [Int32](repeating: -1, count: nodeCount)
    var isRecorded: [Bool] = []
    for node in 0..<Int32(nodeCount) where stays[Int(node)] {
      numbers[Int(node)] = Int32(isRecorded.count)
      names.append(self.names.bytes(of: node))
      isRecorded.append(node == start)
    }
    return Adjacency(
      names: names, isRecorded: isRecorded, labels: labels, sources: sources.map { numbers[Int($0)] },
      targets: targets.map { numbers[Int($0)] }, edgeLabels: edgeLabels)
  }
}
