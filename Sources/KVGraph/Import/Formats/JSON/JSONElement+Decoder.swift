import KV

extension JSONElement {
  /// Makes items of the elements of one document.
  struct Decoder {
    let options: ImportOptions
    /// How many nodes there were before.
    private(set) var nodeCount = 0
    private(set) var isMultigraph = false
    /// Whether a node has come as APOC writes it, of which one without labels and properties shows nothing else.
    var isAPOC = false
    private var adjacency = NetworkXAdjacency()
    /// Whether numbers that JSON has not were made text.
    private var hasForeignNumbers = false

    static let type = ["type"]
    static let label = ["label"]

    init(_ options: ImportOptions) { self.options = options }

    /// JSON, and the `NaN` and `Infinity` that Python writes, which become text.
    mutating func parse(_ bytes: [UInt8]) throws -> JSON {
      try bytes.withUnsafeBufferPointer { try parse($0) }
    }

    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> JSON {
      do {
        // Python's programs write `\u00e9` for é.
        return try JSON(parsing: bytes).withPlainTexts
      } catch {
        guard let quoted = PythonNumbers.quoted(bytes) else { throw error }
        let value = try JSON(parsing: quoted).withPlainTexts
        hasForeignNumbers = true
        return value
      }
    }

    mutating func beginGraph() { nodeCount = 0 }

    mutating func begin(_ section: JSONReader.Section) {
      if section == .adjacency { adjacency.begin() }
    }

    mutating func end(_ emit: (ImportedItem) -> Void) {
      adjacency.end { emit(.edge($0)) }
      if hasForeignNumbers { emit(.note("NaN and Infinity, which are no numbers in JSON, are kept as text")) }
    }

    mutating func decode(_ element: JSONElement, _ emit: (ImportedItem) -> Void) {
      do {
        guard let members = element.members else {
          return try decode(element.value ?? .null, in: element.section, element.form, emit)
        }
        switch element.section {
        case .nodes: emit(.node(try node(members, element.form)))
        case .edges, .elements: emit(try edgeOrNode(members, element.form, in: element.section))
        case .hyperedges: for edge in try hyperedge(members) { emit(.edge(edge)) }
        case .adjacency: throw KVError(.invalidData, "expected an array of neighbors")
        }
      } catch let error as KVError {
        emit(.invalid(error.message, error.reason))
      } catch {
        emit(.invalid("\(error)"))
      }
    }

    /// An element that is no object.
    private mutating func decode(
      _ value: JSON, in section: JSONReader.Section, _ form: JSONForm?, _ emit: (ImportedItem) -> Void
    ) throws {
      switch section {
      case .nodes:
        guard let id = value.idText else {
          throw KVError(.invalidData, "expected a node, not \(value.shown)")
        }
        emit(.node(ImportedNode(name: form == .own ? .text(id) : .id(id))))
        noteNode(id)
      case .adjacency:
        guard let neighbors = value.elements else {
          throw KVError(.invalidData, "expected an array of neighbors, not \(value.shown)")
        }
        try adjacency.add(neighbors) { emit(.edge($0)) }
      case .edges, .elements:
        let parts = value.elements ?? []
        guard 2...3 ~= parts.count, let from = parts[0].idText, let to = parts[1].idText else {
          throw KVError(.invalidData, "expected an edge, an object, not \(value.shown)")
        }
        var edge = ImportedEdge(from: .id(from), to: .id(to))
        if parts.count == 3 {
          if let members = parts[2].members {
            edge.attributes = members
          } else if let type = parts[2].string, !type.isEmpty {
            edge.type = type
          } else {
            edge.attributes = [("weight", parts[2])]
          }
        }
        emit(.edge(edge))
      case .hyperedges: throw KVError(.invalidData, "expected a hyperedge, an object, not \(value.shown)")
      }
    }

    mutating func noteNode(_ id: String?) {
      nodeCount += 1
      if isMultigraph, let id { adjacency.addNode(id) }
    }

    /// What a document says of itself in a member that holds no elements.
    mutating func decode(member name: String, _ value: JSON, _ emit: (ImportedItem) -> Void) {
      switch (name, value.kind) {
      case ("directed", .boolean):
        adjacency.isDirected = value == JSON(true)
        emit(.directed(value == JSON(true)))
      case ("multigraph", .boolean): isMultigraph = true
      case ("edgeTypes", .object):
        for (type, says) in value.members ?? [] {
          emit(.edgeType(type, isDirected: says["directed"] != JSON(false)))
        }
      case ("options", .object):
        if let type = value["type"]?.string, type != "mixed" { emit(.directed(type != "undirected")) }
      case ("graph", .object), ("attributes", .object):
        for (name, _) in value.members ?? [] { emit(.ignored("attribute \(JSON(name)) of the graph")) }
      case ("version", _), ("schemaVersion", _), ("format_version", _), ("generated_by", _): return
      case (_, .null): return
      case (_, .array) where value.elements?.isEmpty == true: return
      case (_, .object) where value.members?.isEmpty == true: return
      default: emit(.ignored("member \(JSON(name))"))
      }
    }
  }
}
