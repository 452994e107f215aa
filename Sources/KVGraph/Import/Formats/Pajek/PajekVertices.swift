import KV

/// The vertices of a Pajek network. They are kept, for whether their labels can name them is known at the end
/// of their list.
struct PajekVertices {
  private struct Vertex {
    var label: PajekLine.Field?
    var attributes: [(name: String, value: JSON)]
    var line: Int
  }

  let count: Int
  private let line: Int
  private let isText: Bool
  private var listed: [Int: Vertex] = [:]
  private var isNamedByLabel = false
  private var given = 0

  init(count: Int, line: Int, isText: Bool) { (self.count, self.line, self.isText) = (count, line, isText) }

  /// - Returns: what is wrong with the line.
  mutating func add(_ vertexLine: PajekLine, line: Int) -> String? {
    guard let first = vertexLine.fields.first, let number = first.number,
      (1...max(count, 1)).contains(number),
      number <= count
    else {
      return
        "the vertex is \(JSON.shown(vertexLine.fields.first?.text ?? "")), not a number from 1 to \(count)"
    }
    guard listed[number] == nil else { return "the vertex \(number) is listed twice" }
    var rest = vertexLine.fields.dropFirst()
    var vertex = Vertex(label: rest.popFirst(), attributes: [], line: line)
    var attributes = ElementAttributes()
    for name in ["x", "y", "z"] {
      guard let field = rest.first, field.isNumber else { break }
      attributes.set(name, field.value(isText: isText))
      rest.removeFirst()
    }
    let pairs = rest.filter { !$0.isInterval }
    if let shape = rest.first, !shape.isInterval,
      pairs.count % 2 == 1 || Self.shapes.contains(shape.text.lowercased())
    {
      attributes.set("shape", JSON(shape.text))
      rest.removeFirst()
    }
    let problem = Array(rest).addPairs(to: &attributes, isText: isText)
    vertex.attributes = attributes.inOrder
    listed[number] = vertex
    return problem.map { "\($0) at vertex \(number)" }
  }

  private static let shapes: Set = [
    "box", "circle", "cross", "diamond", "ellipse", "empty", "house", "man", "triangle", "woman",
  ]

  mutating func end() {
    var labels: Set<ByteKey> = []
    isNamedByLabel =
      listed.count == count
      && listed.values.allSatisfy { vertex in
        guard let label = vertex.label?.text, !label.isEmpty else { return false }
        return labels.insert(ByteKey(label)).inserted
      }
    if isNamedByLabel { return }
    for (number, vertex) in listed {
      guard let label = vertex.label else { continue }
      var attributes = ElementAttributes()
      attributes.set("label", label.value(isText: isText))
      for (name, value) in vertex.attributes { attributes.set(name, value) }
      listed[number]?.attributes = attributes.inOrder
    }
  }

  /// The next node, after ``end()``.
  /// - Parameter isOwn: whether labels are `Type:id`.
  mutating func next(isOwn: Bool) -> (node: ImportedNode, line: Int)? {
    guard given < count else { return nil }
    given += 1
    var node = ImportedNode(name: .id(name(of: given)))
    node.attributes = listed[given]?.attributes ?? []
    node.type = isOwn && isNamedByLabel ? NodeReference(name(of: given))?.type : nil
    if node.type == nil { node.type = node.attributes.takeType(from: ["type"]) }
    let line = listed[given]?.line ?? line
    // Only its name is asked for from now on.
    listed[given]?.attributes = []
    return (node, line)
  }

  func name(_ field: PajekLine.Field) -> NodeName? {
    guard let number = field.number, number > 0, number <= count else { return nil }
    return .id(name(of: number))
  }

  private func name(of number: Int) -> String {
    isNamedByLabel ? listed[number]?.label?.text ?? String(number) : String(number)
  }
}
