import KV

extension Graph {
  /// The edges for a search.
  func source(_ options: TraversalOptions, weight: EdgeWeight? = nil) async throws -> StoreEdges {
    try weight?.validate()
    return StoreEdges(store, options, try await undirectedTypes, weight: weight)
  }
}

/// The edges of a store, asked for many nodes in one request.
struct StoreEdges: EdgeSource {
  private let store: any GraphStore
  private let options: TraversalOptions
  private let weight: EdgeWeight?
  let undirectedTypes: UndirectedTypes
  private var nodes = TextTable()
  private var labels = LabelTable()
  private(set) var requests = 0
  private(set) var edgesRead = 0

  init(
    _ store: any GraphStore, _ options: TraversalOptions, _ undirectedTypes: UndirectedTypes,
    weight: EdgeWeight? = nil
  ) {
    self.store = store
    self.options = options
    self.undirectedTypes = undirectedTypes
    self.weight = weight
  }

  var nodeCount: Int { nodes.count }

  mutating func number(of node: NodeReference) -> Int32? { nodes.number(of: node.path) }

  func path(of node: Int32) -> String { nodes[node] }
  func labelText(_ label: Int32) -> String { labels[label] }

  mutating func edgeCount(
    from nodes: ArraySlice<Int32>, _ direction: EdgeDirection, upTo limit: Int
  ) async throws -> Int? {
    let paths = nodes.map { self.nodes[$0] }
    var count = 0
    for scope in [EdgeQuery.Scope.leaving(paths), .entering(paths)] {
      if case .leaving = scope { if direction == .in { continue } } else if direction == .out { continue }
      guard count < limit else { break }
      guard let more = try await store.edgeCount(at: scope, upTo: limit - count) else { return nil }
      requests += 1
      count += more
    }
    return count
  }

  mutating func steps(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection) async throws -> [Step] {
    if undirectedTypes.isEmpty, direction != .any {
      return try await steps(from: nodes, isReversed: direction == .in)
    }
    let outgoing = try await steps(from: nodes, isReversed: false, onlyUndirected: direction == .in)
    let incoming = try await steps(from: nodes, isReversed: true, onlyUndirected: direction == .out)
    return Self.merge(outgoing, incoming)
  }

  private mutating func steps(from asked: ArraySlice<Int32>, isReversed: Bool, onlyUndirected: Bool = false)
    async throws -> [Step]
  {
    requests += 1
    let paths = asked.map { nodes[$0] }
    let readsValues = weight != nil || options.looksAtEdges
    let keys = try await store.edges(
      EdgeQuery(isReversed ? .entering(paths) : .leaving(paths), includesValues: readsValues))
    var steps: [Step] = []
    edgesRead += keys.count
    steps.reserveCapacity(keys.count)
    try keys.forEachKey { index, position, key in
      guard let parts = EdgeKeyParts(key) else { return }
      let label = labels.number(of: parts, in: key, options, undirectedTypes)
      guard labels.isAdmitted(label) else { return }
      let isUndirected = labels.isUndirected(label)
      if onlyUndirected, !isUndirected { return }
      let node = asked[asked.startIndex + position]
      let other = nodes.number(of: UnsafeBufferPointer(rebasing: key[isReversed ? parts.from : parts.to]))
      // The index of incoming edges may hold keys that only look like edges of the node.
      if isReversed, !nodes.withBytes(of: node, { $0.elementsEqual(key[parts.to]) }) { return }
      // It leaves the node and enters it, and is one way.
      if isReversed, isUndirected, other == node { return }
      var weight = Weight(1)
      if readsValues {
        guard let admitted = try self.weight(of: key, keys.values[index]) else { return }
        weight = admitted
      }
      steps.append(
        Step(
          position: Int32(position), node: other, label: label, isReversed: isReversed, weight: weight))
    }
    return steps
  }

  /// `nil` for an edge that the options refuse.
  private func weight(of key: UnsafeBufferPointer<UInt8>, _ value: JSON) throws -> Weight? {
    let data = value["data"]
    func edge() -> Edge? {
      var edge = EdgeKey(String(decoding: key, as: UTF8.self)).flatMap { Edge($0) }
      edge?.data = data
      return edge
    }
    if options.looksAtEdges, edge().map({ !options.admits($0) }) ?? true { return nil }
    return try weight.map { try $0(data, of: edge) } ?? Weight(1)
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

/// How an edge is weighed: by a number of at least 0 in its data.
public struct EdgeWeight: Sendable {
  /// The member of the data that holds the weight; dots lead inside, unless a member is called so, a number is a position in an array.
  public var name: String
  /// The weight of an edge whose data holds none or `null`; where this is `nil`, such an edge is an error of invalid data.
  public var defaultWeight: Double?

  /// A weight by the member `name`.
  /// - Parameter name: a dotted path in the edge's data.
  /// - Parameter defaultWeight: finite and at least 0, which is not checked.
  public init(_ name: String, default defaultWeight: Double? = nil) {
    self.name = name
    self.defaultWeight = defaultWeight
  }

  /// Throws a usage error where the name is empty, or the default is no weight: negative, infinite or no number.
  func validate() throws {
    if name.isEmpty { throw KVError(.usage, "the weight names nothing in the edges' data") }
    guard let defaultWeight, !(defaultWeight >= 0 && defaultWeight.isFinite) else { return }
    throw KVError(.usage, "the default weight \(defaultWeight) is no number of at least 0")
  }

  /// Throws invalid data where the weight is missing, no number, negative or too large.
  /// - Parameter edge: for the message.
  func callAsFunction(_ data: JSON?, of edge: () -> Edge?) throws -> Weight {
    let value = data?.member(named: name)
    guard let value, value != .null else {
      if let defaultWeight { return Weight(defaultWeight) }
      let names = (data?.members ?? []).map(\.name).filter { data?.member(named: $0)?.kind == .number }
      let near = namesNear(name, among: names).map { "; did you mean \(JSON($0))?" }.first ?? ""
      var error = refusal(of: edge(), "has no", near)
      error.reason = .missingWeight
      throw error
    }
    guard value.kind == .number else { throw refusal(of: edge(), "has a", " that is no number") }
    guard let weight = Weight(number: value.text) else {
      throw refusal(of: edge(), "has a", " that is \(value.text.hasPrefix("-") ? "negative" : "too large")")
    }
    return weight
  }

  private func refusal(of edge: Edge?, _ has: String, _ what: String) -> KVError {
    KVError(.invalidData, "the edge \(edge.map { "\($0) " } ?? "")\(has) \(JSON(name))\(what)")
  }
}

extension JSON {
  /// What a name leads to, or several with dots between, each inside the one before. A member that is called so, dots and all, comes first.
  package func member(named path: String) -> JSON? {
    if path.contains("."), kind == .object, let own = self[path] { return own }
    return member(at: path.split(separator: ".")[...])
  }

  /// What a path of member names and array positions leads to.
  func member(at path: ArraySlice<Substring>) -> JSON? {
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
