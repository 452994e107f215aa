import KV

/// Where an import reads from.
public struct ImportSource: Sendable {
  /// The name of the file, as messages show it.
  public var name: String
  /// Opens the file at its beginning, and gives a function that reads the next chunk of bytes, empty at the end. Called again each time
  /// that the import reads the file.
  public var open: @Sendable () throws -> () throws -> [UInt8]

  /// A source with this name that `open` reads.
  public init(name: String, open: @escaping @Sendable () throws -> () throws -> [UInt8]) {
    self.name = name
    self.open = open
  }

  /// A text that is in memory.
  public init(name: String, text: String) {
    self.init(name: name) {
      var rest = Array(text.utf8)
      return {
        defer { rest = [] }
        return rest
      }
    }
  }
}

/// The formats that an import reads.
public enum ImportFormat: String, Sendable, CaseIterable {
  /// The format that the content shows.
  case auto
  /// kv's own JSON: an array of edges, or `{"nodes":[…],"edges":[…]}`, with edges whose ends are `from` and `to`.
  case json
  /// kv's own JSON Lines: an edge or a node a line.
  case jsonl
  /// NetworkX's and D3's: `source` and `target`, the other attributes as data; `links` or `edges`.
  case nodeLink = "node-link"
  /// Cytoscape.js's `elements`.
  case cytoscape
  /// JSON Graph Format, versions 1 and 2.
  case jgf
  /// The JSON of Neo4j's APOC.
  case apoc
  /// With a header, of edges or of nodes, between commas, semicolons or tabs.
  case csv
  /// Two or three fields a line, without a header.
  case list
  /// GraphML, as NetworkX, igraph, yEd, Neo4j and TinkerPop write it.
  case graphML = "graphml"
  /// GEXF 1.0 to 1.3, as Gephi and NetworkX write it.
  case gexf
  /// GML, as NetworkX and igraph write it.
  case gml
  /// A network of Pajek, as Pajek, NetworkX and igraph write it.
  case pajek
  /// The language of Graphviz. The file is read as a whole, into memory.
  case dot
  /// A flowchart of Mermaid; other diagrams are refused.
  case mermaid
}

/// How an import reads files, and what it does with what they hold.
public struct ImportOptions: Sendable {
  /// The format of the files; by default the one that the content of each shows.
  public var format: ImportFormat
  /// What is done with an edge or a node's record that is stored already; by default the import throws a conflict.
  public var onConflict: ConflictPolicy
  /// The type of nodes for which neither the file nor the database names one, and the one that is meant of several with an id; `nil` for `Node`.
  public var nodeType: String?
  /// The type of edges for which the file names none; `nil` for `edge`.
  public var edgeType: String?
  /// What is done with parallel edges of a file.
  public var parallel = ParallelPolicy.keep
  /// The names of the columns of CSV, or members of JSON, that hold the ends of edges and the ids of nodes, where they are unusual.
  public var columns = Columns()
  /// The attribute of edges that names their type, and is taken out of their data; `nil` for none. An edge without it has the type
  /// that it would have otherwise.
  public var edgeTypeFrom: String?
  /// The attribute of nodes that names their type, and is taken out of their records; `nil` for none. A node without it has the type
  /// that it would have otherwise.
  public var nodeTypeFrom: String?
  /// Whether text stays text where it looks like a number or a boolean.
  public var keepsText = false
  /// Whether a hyperedge of JSON becomes several edges: one for each pair of a source and a target, or an undirected one for each pair
  /// of its nodes. Otherwise it is invalid data.
  public var pairsHyperedges = false
  /// Where set, everything is read, checked and counted against what is stored, and nothing is written. `nil` to write.
  public var dryRun: DryRun?
  /// Whether what is not valid is left out.
  var skipsInvalid = false
  /// Whether nothing else is imported with the file.
  var isOneFile = true

  /// Names of columns or members; `nil` for the usual names of the format. A name that the header of a CSV file lacks is a usage error.
  public struct Columns: Sendable, Equatable {
    /// What holds the node that an edge leaves. Counts only together with ``to``.
    public var from: String?
    /// What holds the node that an edge enters. Counts only together with ``from``.
    public var to: String?
    /// What holds the id of a node.
    public var id: String?

    /// These names; by default the usual ones.
    public init(from: String? = nil, to: String? = nil, id: String? = nil) {
      (self.from, self.to, self.id) = (from, to, id)
    }
  }

  /// Options of these parts; the others have their defaults.
  public init(
    format: ImportFormat = .auto, onConflict: ConflictPolicy = .error, nodeType: String? = nil,
    edgeType: String? = nil
  ) {
    self.format = format
    self.onConflict = onConflict
    self.nodeType = nodeType
    self.edgeType = edgeType
  }
}

/// What the import of one file did.
public struct ImportSummary: Sendable, Equatable {
  /// How many edges were added, replaced and skipped.
  public var edges = BulkCounts()
  /// How many records of nodes were added, replaced and skipped.
  public var nodes = BulkCounts()
  /// How many elements were left out because they are not valid.
  public var invalid = 0
  /// What was changed or not taken in, each once.
  public var notes: [ImportNote] = []

  /// A summary of nothing.
  public init() {}

  static func += (sum: inout ImportSummary, more: ImportSummary) {
    sum.edges += more.edges
    sum.nodes += more.nodes
    sum.invalid += more.invalid
    sum.notes += more.notes
  }
}
