import KV

/// The edges of a store, asked for many nodes in one request.
struct StoreEdges: EdgeSource {
  private let store: any GraphStore
  private let options: TraversalOptions
  private let weight: EdgeWeight?
  private var nodes = TextTable()
  private var types = TextTable()
  /// By the type's number, whether the options let it through.
  private var isAdmitted: [Bool] = []
  private(set) var requests = 0
  private(set) var edgesRead = 0

  init(_ store: any GraphStore, _ options: TraversalOptions, weight: EdgeWeight? = nil) {
    self.store = store
    self.options = options
    self.weight = weight
  }

  var nodeCount: Int { nodes.count }

  mutating func number(of node: NodeReference) -> Int32? { nodes.number(of: node.path) }

  func path(of node: Int32) -> String { nodes[node] }
  func typeText(_ type: Int32) -> String { types[type] }

  mutating func steps(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection) async throws -> [Step] {
    let paths = nodes.map { self.nodes[$0] }
    let numbers = Array(nodes)
    switch direction {
    case .out:
      requests += 1
      return try await steps(of: numbers, store.outgoingEdgeKeys(of: paths), isReversed: false)
    case .in:
      requests += 1
      return try await steps(of: numbers, store.incomingEdgeKeys(of: paths), isReversed: true)
    case .any:
      requests += 2
      let outgoing = try await steps(of: numbers, store.outgoingEdgeKeys(of: paths), isReversed: false)
      let incoming = try await steps(of: numbers, store.incomingEdgeKeys(of: paths), isReversed: true)
      return Self.merge(outgoing, incoming)
    }
  }

  private mutating func steps(
    of asked: [Int32], _ keys: EdgeKeyList, isReversed: Bool
  ) async throws -> [Step] {
    edgesRead += keys.count
    var steps: [Step] = []
    steps.reserveCapacity(keys.count)
    keys.forEachKey { position, key in
      guard let parts = EdgeKeyParts(key) else { return }
      let type = types.number(of: UnsafeBufferPointer(rebasing: key[parts.type]))
      if type == isAdmitted.count { isAdmitted.append(options.admits(type: types[type])) }
      guard isAdmitted[Int(type)] else { return }
      let other = nodes.number(of: UnsafeBufferPointer(rebasing: key[isReversed ? parts.from : parts.to]))
      // The index of incoming edges may hold keys that only look like edges of the node.
      if isReversed, !nodes.withBytes(of: asked[position], { $0.elementsEqual(key[parts.to]) }) { return }
      steps.append(
        Step(position: Int32(position), node: other, type: type, isReversed: isReversed, weight: 1))
    }
    guard weight != nil || options.looksAtEdges else { return steps }
    return try await weighing(steps, of: asked)
  }

  /// Reads the edges themselves, drops those that the options refuse, and weighs the others.
  private mutating func weighing(_ steps: [Step], of asked: [Int32]) async throws -> [Step] {
    let keys = steps.map { step in
      key(from: asked[Int(step.position)], to: step.node, type: step.type, isReversed: step.isReversed)
    }
    var weighed: [Step] = []
    weighed.reserveCapacity(steps.count)
    for start in stride(from: 0, to: steps.count, by: 10_000) {
      let range = start..<min(start + 10_000, steps.count)
      requests += 1
      // The records come by key, each once; an edge may have been asked for from both its ends.
      let records = Dictionary(try await store.get(Array(Set(keys[range]))).map { ($0.key, $0) }) {
        first, _ in first
      }
      for index in range {
        // One that is gone was removed in the meantime.
        guard let edge = try records[keys[index]].map(Edge.init), options.admits(edge) else { continue }
        var step = steps[index]
        if let weight { step.weight = try weight(edge) }
        weighed.append(step)
      }
    }
    return weighed
  }

  /// Node by node, the first list's steps before the second's.
  private static func merge(_ first: [Step], _ second: [Step]) -> [Step] {
    var merged: [Step] = []
    merged.reserveCapacity(first.count + second.count)
    var rest = second[...]
    for step in first {
      while let other = rest.first, other.position < step.position {
        merged.append(other)
        rest.removeFirst()
      }
      merged.append(step)
    }
    return merged + rest
  }
}

/// How an edge is weighed: by a number in its data.
public struct EdgeWeight: Sendable {
  /// A dotted path in the data.
  public var name: String
  /// Of an edge that has none; `nil` where that is an error.
  public var defaultWeight: Double?

  public init(_ name: String, default defaultWeight: Double? = nil) {
    self.name = name
    self.defaultWeight = defaultWeight
  }

  /// Throws invalid data where the weight is missing, no number, negative or too large.
  func callAsFunction(_ edge: Edge) throws -> Double {
    let value = edge.data?.member(at: name.split(separator: ".")[...])
    guard let value, value != .null else {
      if let defaultWeight { return defaultWeight }
      throw KVError(.invalidData, "the edge \(edge) has no \(quoted(name)); see --default-weight")
    }
    guard value.kind == .number, let weight = Double(value.text) else {
      throw KVError(.invalidData, "the edge \(edge) has a \(quoted(name)) that is no number")
    }
    guard weight >= 0, weight.isFinite else {
      throw KVError(
        .invalidData,
        "the edge \(edge) has a \(quoted(name)) that is \(weight < 0 ? "negative" : "too large")")
    }
    return weight
  }

  private func quoted(_ text: String) -> String { JSON(text).text }
}

extension JSON {
  /// What a path of member names and array positions leads to.
  package func member(at path: ArraySlice<Substring>) -> JSON? {
    guard let name = path.first else { return self }
    switch kind {
    case .object: return self[String(name)]?.member(at: path.dropFirst())
    case .array:
      guard let index = Int(name), let elements, elements.indices.contains(index) else { return nil }
      return elements[index].member(at: path.dropFirst())
    default: return nil
    }
  }
}
