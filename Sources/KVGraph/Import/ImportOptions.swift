import KV

/// Where an import reads from.
public struct ImportSource: Sendable {
  /// As messages show it.
  public var name: String
  /// Gives a function that reads the next chunk, empty at the end.
  public var open: @Sendable () throws -> () throws -> [UInt8]

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

/// How a graph is written in a file.
public enum ImportFormat: String, Sendable, CaseIterable {
  /// Told from the content.
  case auto
  /// Our own: an array of edges, or `{"nodes":[…],"edges":[…]}`, nodes named by `from` and `to`.
  case json
  /// Our own, one edge after another.
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
  case graphML = "graphml"
  case gexf
  case gml
  case pajek
  case dot
  case mermaid
}

public struct ImportOptions: Sendable {
  public var format: ImportFormat
  public var onConflict: ConflictPolicy
  /// The type of nodes for which the file names none.
  public var nodeType: String?
  public var edgeType: String?
  /// What is done with parallel edges of a file.
  public var parallel = ParallelPolicy.keep
  /// The columns, or members, that name the ends of edges and the ids of nodes, where they are called otherwise than usual.
  public var columns = Columns()
  /// The attributes that name the types of edges and of nodes.
  public var edgeTypeFrom: String?
  public var nodeTypeFrom: String?
  /// Whether text stays text where it looks like a number or a boolean.
  public var keepsText = false
  /// Whether a hyperedge becomes an edge for each pair of a source and a target.
  public var pairsHyperedges = false
  /// Where everything is read and checked, and counted against what is stored, but nothing is written. The same one for
  /// several files finds what they name twice.
  public var dryRun: DryRun?
  /// Whether what is not valid is left out.
  var skipsInvalid = false

  public struct Columns: Sendable, Equatable {
    public var from: String?
    public var to: String?
    public var id: String?

    public init(from: String? = nil, to: String? = nil, id: String? = nil) {
      (self.from, self.to, self.id) = (from, to, id)
    }
  }

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

public struct ImportSummary: Sendable, Equatable {
  public var edges = BulkCounts()
  /// Records of nodes.
  public var nodes = BulkCounts()
  /// Elements left out because they are not valid.
  public var invalid = 0
  /// What was taken otherwise than it stands there, and what was not taken in, once each.
  public var notes: [ImportNote] = []

  public init() {}

  static func += (sum: inout ImportSummary, more: ImportSummary) {
    sum.edges += more.edges
    sum.nodes += more.nodes
    sum.invalid += more.invalid
    sum.notes += more.notes
  }
}
