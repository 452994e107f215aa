import KV

/// What a file says, one thing after another, before it is known which nodes of the graph are meant.
enum ImportedItem {
  case node(ImportedNode)
  case edge(ImportedEdge)
  /// A graph begins; whether its edges are directed where neither it nor they say so.
  case graph(isDirected: Bool)
  /// Whether the edges that follow are directed, unless one says so itself.
  case directed(Bool)
  /// Whether the edges of a type are directed, wherever they stand.
  case edgeType(String, isDirected: Bool)
  /// Something that has no place in a graph: said once, by this name, with how often it stood there.
  case ignored(String)
  /// Something that was taken otherwise than it stands there: said once.
  case note(String)
  /// What is wrong with an element after which the file can be read on.
  case invalid(String, KVError.Reason? = nil)
}

/// How a file names a node.
enum NodeName {
  /// With its type.
  case node(NodeReference)
  /// In kv's own way: `Type:id`, or an id alone.
  case text(String)
  /// By its id alone, of whatever type the node is; in Neo4j's CSV inside a space of ids.
  case id(String, space: String? = nil)
  /// By its place among the nodes of the file, from 0.
  case position(Int)
}

extension NodeName {
  /// Whether it is an id and no more.
  var isBare: Bool { if case .id = self { true } else { false } }
}

struct ImportedNode {
  var name: NodeName
  /// The node's type, where the file names one.
  var type: String?
  /// What the node's record is to hold, in the file's order, no name twice.
  var attributes: [(name: String, value: JSON)] = []
}

struct ImportedEdge {
  var from: NodeName
  var to: NodeName
  /// `nil` where the file names none.
  var type: String?
  /// `nil` where what the file says of all its edges counts.
  var isDirected: Bool?
  /// The edge's key, where the file says that it has one.
  var key: String?
  /// What tells the edge from a parallel one that came before.
  var id: String?
  /// What the edge's data is to hold, in the file's order, no name twice.
  var attributes: [(name: String, value: JSON)] = []
}

/// Reads what a file says, one thing after another.
protocol GraphReader {
  /// Whether it may give nodes.
  var mayListNodes: Bool { get }

  /// The next thing, with the line that it begins on, from 1; `nil` at the end of the file.
  ///
  /// Throws ``JSONError`` (a reason, a line and a column) where nothing after it can be read.
  mutating func next() throws -> (item: ImportedItem, line: Int)?
}

extension GraphReader {
  var mayListNodes: Bool { true }
}
