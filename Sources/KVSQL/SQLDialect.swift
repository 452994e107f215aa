import KV

/// Where databases differ, as data.
public struct SQLDialect: Sendable {
  /// A table expression with one column `value`, a row for each element of a JSON array of strings bound as the first
  /// parameter, and with the element's position as `position`.
  public var stringList: String
  /// A table expression with `target` (a node as in ``GraphStore``) and `key`, a row for each edge.
  public var incomingEdges: String
  /// The latest number given to a change, in a query of one row and column.
  public var latestSequence: String
  /// The column of `locks` that says when a lease runs out.
  public var lockExpiry: String
  /// After a query whose rows must stay as they are until the transaction ends.
  public var lockingRows: String
  /// The same, leaving out rows that somebody else has locked.
  public var skippingLockedRows: String
  public var clock: Clock
  /// How a JSON value is bound.
  public var bind: @Sendable (JSON) -> SQLValue

  /// How time is asked for, written and compared. It is the database's.
  public struct Clock: Sendable {
    /// Now, as a column holds it.
    public var now: String
    /// Now plus a number of seconds, which is bound as text, as a column holds it.
    public var later: @Sendable (_ seconds: String) -> String
    /// A column's time, and now, as values that compare as times do, whatever form they were written in.
    public var instant: @Sendable (_ column: String) -> String
    public var currentInstant: String
    /// A column's time as text that ``Timestamp`` reads.
    public var text: @Sendable (_ column: String) -> String

    public init(
      now: String, later: @escaping @Sendable (String) -> String,
      instant: @escaping @Sendable (String) -> String, currentInstant: String,
      text: @escaping @Sendable (String) -> String
    ) {
      self.now = now
      self.later = later
      self.instant = instant
      self.currentInstant = currentInstant
      self.text = text
    }
  }

  public init(
    stringList: String, incomingEdges: String, latestSequence: String, lockExpiry: String,
    lockingRows: String, skippingLockedRows: String, clock: Clock,
    bind: @escaping @Sendable (JSON) -> SQLValue
  ) {
    self.stringList = stringList
    self.incomingEdges = incomingEdges
    self.latestSequence = latestSequence
    self.lockExpiry = lockExpiry
    self.lockingRows = lockingRows
    self.skippingLockedRows = skippingLockedRows
    self.clock = clock
    self.bind = bind
  }
}
