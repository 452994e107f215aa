/// One stored value under its key.
public struct Record: Sendable, Equatable {
  public var key: String
  /// 1 for a new key, one more at each write.
  public var version: Int
  public var value: JSON
  /// `json` for plain values, `Edge` for edges, or whatever the writer named.
  public var type: String
  /// When the key was first written: RFC 3339, UTC.
  public var created: String

  public init(key: String, version: Int, value: JSON, type: String, created: String) {
    self.key = key
    self.version = version
    self.value = value
    self.type = type
    self.created = created
  }
}

/// One change of the store, as the stream keeps it.
public struct StreamEntry: Sendable, Equatable {
  public enum Action: String, Sendable {
    case create, update, delete
  }

  /// Grows with each change; gaps are possible.
  public var sequence: Int
  public var action: Action
  /// As it was after the change; for a deletion, before it.
  public var record: Record

  public init(sequence: Int, action: Action, record: Record) {
    self.sequence = sequence
    self.action = action
    self.record = record
  }
}

extension JSON {
  /// A stream entry as the commands print it: `{"action","record","seq"}`.
  public init(_ entry: StreamEntry) {
    self = JSON(members: [
      ("action", JSON(entry.action.rawValue)), ("record", JSON(entry.record)), ("seq", JSON(entry.sequence)),
    ])
  }

  /// A record as the commands print it: `{"created","key","type","value","version"}`.
  public init(_ record: Record) {
    self = JSON(members: [
      ("created", JSON(record.created)), ("key", JSON(record.key)), ("type", JSON(record.type)),
      ("value", record.value), ("version", JSON(record.version)),
    ])
  }
}
