/// How a graph is written to a file; ``Graph/load(_:options:skipped:progress:)`` reads them all.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// `{"nodes":[…],"edges":[…]}`, nodes where a record describes them.
  case json
  /// A node or an edge a line.
  case jsonl
  /// A node or an edge a line: `from_type,from_id,to_type,to_id,edge_type,edge_key,directed,data`.
  case csv
  /// The same between tabs.
  case tsv
  /// NetworkX's.
  case nodeLink = "node-link"
  case cytoscape
  case jgf
  case graphML = "graphml"
  case gexf
  case gml
  case pajek
  case dot
  case mermaid
  case apoc
  /// What neo4j-admin imports: a table of nodes and one of relationships, which is why it has to be a folder.
  case neo4jCSV = "neo4j-csv"
}
