/// What a graph needs of a store beyond ``Store``: the keys of edges, for many nodes in one request.
public protocol GraphStore: Store, AttributeIndexing {
  /// The edges that a query asks for. Cost: one request; values are read only where they are asked for.
  /// - Returns: for nodes, node by node in the order given, each node's edges in key order; for all edges, in key order, each of node 0.
  /// - Throws: a usage error where a page is asked of the edges of several nodes.
  func edges(_ query: EdgeQuery) async throws -> EdgeKeyList

  /// How many edges leave or enter nodes, counted up to a limit; `nil` where a request costs more than such a count is worth. Cost: one
  /// request, by the limit and no more.
  func edgeCount(at scope: EdgeQuery.Scope, upTo limit: Int) async throws -> Int?

  /// The next keys of a selection, in key order; each belongs to node 0. Cost: a read of the keys.
  func keys(_ selection: Selection, after: String?, limit: Int) async throws -> EdgeKeyList

  /// The first node, in the order of its text in keys, that an edge enters and that does not stand before `start`; `nil` where there is
  /// none. Cost: one look into an index.
  func firstTarget(from start: String) async throws -> String?

  /// The records but edges, by key and type, whose values may be objects with a member of this name: all that are, and perhaps some more. In
  /// no order that is promised. Cost: a scan of all records but edges, in the database.
  func records(mayHave member: String) async throws -> [(key: String, type: String)]

  /// The types of all records, in no order that is promised. Cost: one look into an index for each.
  func recordTypes() async throws -> [String]

  /// A name that no other database has. It is not copied with what the database holds.
  /// - Parameter creating: whether a database without one is given one, which is a write.
  /// - Returns: `nil` where it has none.
  func databaseID(creating: Bool) async throws -> String?

  /// The last change in the stream: a copy of the graph that is taken while this stays is the graph as it was then.
  /// - Returns: `nil` where others that are stored may still be followed by one with a lower number.
  func graphPosition() async throws -> Int?

  /// Keeps in the database that a copy of its graph has been taken, the last hundred of them, so that the copy can be told from one of another
  /// history: an old backup that was restored does not know it. A write.
  /// - Parameters:
  ///   - copy: what was taken, with its new mark.
  ///   - mark: the mark that the copy had before, which goes.
  func mark(_ copy: GraphCopy, replacing mark: String?) async throws

  /// A mark for a copy of the graph that ends with this change of the stream, for who may not write: that a record was made, with the time.
  /// - Parameter sequence: the number of the change.
  /// - Returns: `nil` for other changes, which may be the same in two histories, and for one that has been forgotten.
  func creation(at sequence: Int) async throws -> String?

  /// What has changed since a copy of the graph was taken, as of one moment. Cost: one request, or two where transactions may end in another
  /// order than that of their changes; no values are read.
  /// - Parameters:
  ///   - copy: of what and when it was taken.
  ///   - limit: how many changes at most; at least 2.
  /// - Returns: `nil` where the copy is of another database or another history of it, or where changes have been forgotten, or others than the
  ///   stream tells may have been made.
  func graphChanges(since copy: GraphCopy, limit: Int) async throws -> GraphChanges?

  /// Whether a-h/kv made the database, which finds edges by index records of its own that every writer has to keep.
  var keepsEdgeIndexRecords: Bool { get async throws }

  /// The keys, in order, that the index of incoming edges lacks, or has while there is no such record. None where the
  /// database itself answers for it. Cost: a read of both.
  /// - Parameter repairing: whether they are put in or taken out.
  func edgeIndexFaults(repairing: Bool) async throws -> [String]
}
