/// The formats of ``Graph/export(as:options:escapingFormulas:isolation:writeLine:)``. ``Graph/load(_:options:skipped:progress:)`` reads
/// them all. A format writes all nodes, their attributes and the data of edges unless its comment says otherwise.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// kv's own JSON: `{"nodes":[…],"edges":[…]}`, preceded by `edgeTypes` where types are undirected.
  case json
  /// kv's own JSON Lines: an undirected type, a node or an edge a line. Only nodes with a record are written.
  case jsonl
  /// A table with a header, a node or an edge a line: `from_type,from_id,to_type,to_id,edge_type,edge_key,directed,data`. Only nodes
  /// with a record are written.
  case csv
  /// The same table, with tabs between cells.
  case tsv
  /// NetworkX's node-link JSON: `nodes` with `id`, `edges` with `source` and `target`.
  case nodeLink = "node-link"
  /// The JSON of Cytoscape.js: `elements` with `nodes` and `edges`.
  case cytoscape
  /// JSON Graph Format, version 2.
  case jgf
  /// GraphML. The graph is read twice.
  case graphML = "graphml"
  /// GEXF 1.3, the format of Gephi. The graph is read twice.
  case gexf
  /// GML as NetworkX and igraph read it, ASCII only.
  case gml
  /// A Pajek network. Of the attributes it has only the numbers `x` and `y` of nodes and `weight` of edges, and no keys of parallel edges.
  case pajek
  /// The language of Graphviz.
  case dot
  /// A flowchart of Mermaid, without attributes of nodes, data of edges and keys of parallel edges.
  case mermaid
  /// The JSON Lines of Neo4j's `apoc.export.json`.
  case apoc
  /// The two tables that neo4j-admin imports, nodes and relationships. Only
  /// ``Graph/exportForNeo4j(options:isolation:writeNode:writeRelationship:)`` writes them.
  case neo4jCSV = "neo4j-csv"
}
