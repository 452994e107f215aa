import KV

/// Writes a network of Pajek (http://mrvar.fdv.uni-lj.si/pajek/): nodes with labels `Type:id` and their
/// numbers `x` and `y`, edges with their number `weight` and their type, `1 2 0.5 type "likes"`. The format
/// has a place for nothing else. Its own word for types, `*Arcs :2 "likes"`, neither igraph nor NetworkX reads.
struct PajekWriter: GraphWriter {
  /// The first line of kv's own files.
  static let mark = "% kv"
  /// The type of edges that stand without one.
  static let plainType = "edge"

  let reservedNames: (node: Set<String>, edge: Set<String>) = ([], [])
  private let nodeCount: Int
  private var numbers: [NodeReference: Int] = [:]
  private var section: String?
  private var lostNodeAttributes = false
  private var lostEdgeData = false
  private var lostKeys = false

  /// - Parameter nodeCount: how many nodes will be written, which stands in the first line.
  init(nodeCount: Int) { self.nodeCount = nodeCount }

  var start: [String] { [Self.mark, "*Vertices \(nodeCount)"] }

  var losses: [String] {
    (lostNodeAttributes ? ["attributes of nodes"] : [])
      + (lostEdgeData ? ["data of edges other than weight"] : [])
      + (lostKeys ? ["keys of parallel edges"] : [])
  }

  mutating func line(for node: ExportedNode) throws -> String? {
    guard numbers.count < nodeCount else { throw Self.change }
    numbers[node.reference] = numbers.count + 1
    var line = "\(numbers.count) \(Self.quoted("\(node.reference)"))"
    let numbers = ["x", "y"].compactMap { name in
      node.attributes.first { $0.name == name && $0.value.kind == .number }?.value.text
    }
    let places = numbers.count == 2 ? numbers : []
    for place in places { line += " " + place }
    if node.attributes.count > places.count { lostNodeAttributes = true }
    return line
  }

  mutating func line(for edge: ExportedEdge) throws -> String? {
    guard numbers.count == nodeCount, let from = numbers[edge.edge.from], let to = numbers[edge.edge.to]
    else {
      throw Self.change
    }
    var line = ""
    let section = edge.edge.isDirected ? "*Arcs" : "*Edges"
    if section != self.section { line = section + "\n" }
    self.section = section
    line += "\(from) \(to)"
    for (name, value) in edge.attributes {
      switch name {
      case "weight" where value.kind == .number: line += " \(value.text)"
      case "@key": lostKeys = true
      case "@undirected": break
      default: lostEdgeData = true
      }
    }
    if edge.edge.parallelKey != nil { lostKeys = true }
    if edge.edge.type != Self.plainType {
      line += " type \(Self.quoted(edge.edge.type))"
    }
    return line
  }

  private static var change: KVError {
    KVError(.failed, "the graph was changed while it was being exported; try again")
  }

  private static func quoted(_ text: String) -> String {
    "\""
      + CharacterReferences.encoded(text) {
        $0.value >= 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "&" && $0 != "\\"
      } + "\""
  }
}
