import KV

/// The SQL in which databases differ.
public struct SQLDialect: Sendable {
  /// A table expression with one column `value`, a row for each element of a JSON array of strings bound as the first
  /// parameter, and with the element's position as `position`.
  public var stringList: String
  /// A column's text, to be compared byte by byte.
  public var byteOrdered: @Sendable (_ column: String) -> String
  /// The queries of a graph's edges.
  public var edges: Edges
  /// The tables of attribute indexes.
  public var attributes: SQLAttributeTables
  /// A query of one row and one column: the sequence number up to which every change can be read.
  public var latestSequence: String
  /// A query of one row and one column called `sequence`: the number of the latest change, as the database keeps it.
  public var storedSequence: String
  /// Statements after which changes are numbered from the one that follows.
  public var setSequence: @Sendable (_ sequence: Int) -> [SQLStatement]
  /// Whether changes may become visible in another order than that of their numbers, so that a reader has to stop at
  /// ``latestSequence``.
  public var commitsOutOfOrder: Bool
  /// A condition: whether the triggers are there without which the stream does not tell each change.
  public var tellsAllChanges: String
  /// Deletes the records whose keys a query gives, in its order, and counts each as a change or returns a row for it.
  public var deleteInOrder: @Sendable (_ keys: String) -> String
  /// The column of `locks` that says when a lease runs out.
  public var leaseExpiry: String
  /// What ends a query whose rows must stay as they are until the transaction ends.
  public var lockingRows: String
  /// The same, leaving out rows that somebody else has locked.
  public var skippingLockedRows: String
  /// How time is read, written and compared.
  public var clock: Clock
  /// A column of `tasks` that orders those of the same time: as they came where the database numbers its rows, in an arbitrary
  /// but fixed order in PostgreSQL.
  public var taskArrival: String
  /// The tasks, to be read in due order.
  public var dueTasks = "tasks"
  /// A condition on the column `value`, with its parameters from the first on: whether it may be an object with a member of a name.
  public var mayHaveMember: @Sendable (_ name: String) -> (condition: String, parameters: [SQLValue])
  /// A column that holds a JSON value, as ``SQLRow/json(_:)`` reads it.
  public var storedValue: @Sendable (_ column: String) -> String = { $0 }
  /// Several columns as one: a JSON array, as text.
  public var jsonArray: @Sendable (_ columns: String) -> String
  /// How a task's payload is kept as text, and read from it.
  public var payload = Payload(encode: { $0 }, decode: { $0 })
  /// How a JSON value is bound.
  public var bind: @Sendable (JSON) -> SQLValue

  /// The queries of a graph's edges. A node is a text, as in `GraphStore`.
  public struct Edges: Sendable {
    /// A query of the position in the list and the key of each edge that leaves a node of ``stringList``, in that order; and
    /// of an expression over the edge's record, called kv, where one is given.
    public var outgoingKeys: @Sendable (_ value: String?) -> String
    /// The same for the edges that enter the nodes.
    public var incomingKeys: @Sendable (_ value: String?) -> String
    /// A table expression with `target` (a node) and `key`, a row for each edge.
    public var byTarget: String
    /// A condition on the column `key`: whether it is an edge's.
    public var isEdge: String
    /// `nil` where there is no table of incoming edges to check: the database has an index of its own, or a file that may not be
    /// written is read without one.
    public var indexCheck: IndexCheck?

    /// Queries of these parts, without an index to check.
    public init(
      outgoingKeys: @escaping @Sendable (_ value: String?) -> String,
      incomingKeys: @escaping @Sendable (_ value: String?) -> String, byTarget: String, isEdge: String
    ) {
      self.outgoingKeys = outgoingKeys
      self.incomingKeys = incomingKeys
      self.byTarget = byTarget
      self.isEdge = isEdge
    }
  }

  /// A query of the keys that the index of incoming edges lacks or should not have, and statements that mend it.
  public struct IndexCheck: Sendable {
    /// A query of one column: the keys of the edges that the index lacks or has wrongly, in key order.
    public var faults: String
    /// Statements without parameters, to be run in this order in one transaction.
    public var repairs: [String]
  }

  /// How a task's payload is kept in a column of text.
  public struct Payload: Sendable {
    /// The column's text for a payload.
    public var encode: @Sendable (String) -> String
    /// The payload for a column's text, which another program may have written.
    public var decode: @Sendable (String) -> String

    /// A form of these parts.
    public init(
      encode: @escaping @Sendable (String) -> String, decode: @escaping @Sendable (String) -> String
    ) {
      self.encode = encode
      self.decode = decode
    }
  }

  /// SQL expressions of time. The clock is the database's.
  public struct Clock: Sendable {
    /// Now, as a column holds it.
    public var now: String
    /// Now plus a number of seconds, which is bound as text, as a column holds it.
    public var later: @Sendable (_ seconds: String) -> String
    /// A column's time as a value that compares as times do, whatever form it was written in.
    public var instant: @Sendable (_ column: String) -> String
    /// Now, as a value to compare with that of ``instant``.
    public var currentInstant: String
    /// A column's time as text that `Timestamp` reads.
    public var text: @Sendable (_ column: String) -> String
    /// A time that `Timestamp` reads, as a column can hold it.
    public var stored: @Sendable (_ time: String) -> String

    /// A clock of these parts.
    public init(
      now: String, later: @escaping @Sendable (String) -> String,
      instant: @escaping @Sendable (String) -> String, currentInstant: String,
      text: @escaping @Sendable (String) -> String, stored: @escaping @Sendable (String) -> String
    ) {
      self.now = now
      self.later = later
      self.instant = instant
      self.currentInstant = currentInstant
      self.text = text
      self.stored = stored
    }
  }

  /// A dialect of these parts. ``dueTasks``, ``storedValue`` and ``payload`` have defaults, and are set afterwards.
  public init(
    stringList: String, byteOrdered: @escaping @Sendable (String) -> String, edges: Edges,
    attributes: SQLAttributeTables, latestSequence: String, storedSequence: String,
    setSequence: @escaping @Sendable (Int) -> [SQLStatement], commitsOutOfOrder: Bool,
    tellsAllChanges: String,
    deleteInOrder: @escaping @Sendable (String) -> String, leaseExpiry: String, lockingRows: String,
    skippingLockedRows: String, clock: Clock, taskArrival: String,
    mayHaveMember: @escaping @Sendable (String) -> (condition: String, parameters: [SQLValue]),
    jsonArray: @escaping @Sendable (String) -> String, bind: @escaping @Sendable (JSON) -> SQLValue
  ) {
    self.stringList = stringList
    self.byteOrdered = byteOrdered
    self.edges = edges
    self.attributes = attributes
    self.latestSequence = latestSequence
    self.storedSequence = storedSequence
    self.setSequence = setSequence
    self.commitsOutOfOrder = commitsOutOfOrder
    self.tellsAllChanges = tellsAllChanges
    self.deleteInOrder = deleteInOrder
    self.leaseExpiry = leaseExpiry
    self.lockingRows = lockingRows
    self.skippingLockedRows = skippingLockedRows
    self.clock = clock
    self.taskArrival = taskArrival
    self.mayHaveMember = mayHaveMember
    self.jsonArray = jsonArray
    self.bind = bind
  }
}

extension SQLDialect {
  /// The columns of a record, as ``SQLStore`` reads them, of kv or of the stream.
  func record(of table: String) -> String {
    "\(table).key, \(table).version, \(storedValue("\(table).value")), \(table).type, \(clock.text("\(table).created"))"
  }
}
