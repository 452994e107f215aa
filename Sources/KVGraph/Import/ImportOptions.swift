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

/// How edges are written in a file.
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
  /// With a header: of edges or of nodes.
  case csv
  case graphML = "graphml"
  /// The JSON Lines of Neo4j's APOC.
  case apoc
}

public struct ImportOptions: Sendable {
  public var format: ImportFormat
  public var onConflict: ConflictPolicy
  /// The type of nodes for which the file names none.
  public var nodeType: String?
  public var edgeType: String?
  /// Where everything is read and checked, and counted against what is stored, but nothing is written. The same one for
  /// several files finds what they name twice.
  public var rehearsal: RehearsedLoad?

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
  /// Entities made of node attributes.
  public var entities = BulkCounts()
  /// Elements left out because they are not valid.
  public var invalid = 0

  public init() {}

  static func += (sum: inout ImportSummary, more: ImportSummary) {
    sum.edges += more.edges
    sum.entities += more.entities
    sum.invalid += more.invalid
  }
}
